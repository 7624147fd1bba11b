import { afterEach, describe, expect, it, vi } from "vitest";
import { Cache, evaluationOf } from "../src/bulk";

afterEach(() => vi.unstubAllGlobals());

describe("Cache", () => {
  it("forgets what was looked at longest ago", async () => {
    const asked: string[] = [];
    const cache = new Cache(async (key) => asked.push(key), 2);
    for (const key of ["a", "b", "a", "c", "a", "b"]) await cache.get(key);
    expect(asked).toEqual(["a", "b", "c", "b"]);
  });
  it("asks again after a failure", async () => {
    let failures = 1;
    const cache = new Cache(async () => {
      if (failures-- > 0) throw new Error("away");
      return 1;
    });
    await expect(cache.get("a")).rejects.toThrow("away");
    expect(await cache.get("a")).toBe(1);
  });
});

describe("evaluationOf", () => {
  it("is fetched again once it has grown, and only then", async () => {
    const paths: string[] = [];
    vi.stubGlobal("fetch", async (path: string) => {
      paths.push(path);
      return Response.json({ n: paths.length });
    });
    const parts = [await evaluationOf("r/1", "e", 8), await evaluationOf("r/1", "e", 8)];
    const whole = await evaluationOf("r/1", "e", 16);
    expect([...parts, whole].map((one) => one.n)).toEqual([1, 1, 2]);
    expect(paths).toEqual(["/api/runs/r%2F1/evaluations/e?n=8", "/api/runs/r%2F1/evaluations/e?n=16"]);
  });
});
