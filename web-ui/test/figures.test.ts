import { describe, expect, it } from "vitest";
import { figuresOf, quantityOf } from "../src/figures";

const titles = (...names: string[]) =>
  figuresOf(
    names.map((name) => ({ name, index: "step" as const })),
    9,
  ).map((one) => one.title);

describe("quantityOf", () => {
  it("names the split", () =>
    expect(
      ["validation/epoch_accuracy", "val/loss", "train/loss", "grad_norm", "a/b/f1"].map(quantityOf),
    ).toEqual(["validation accuracy", "validation loss", "train loss", "grad norm", "a/b f1"]));
});

describe("figuresOf", () => {
  it("leaves out a prefix that says nothing", () =>
    expect(titles("optim/grad_norm")).toEqual(["Gradient norm"]));
  it("keeps it where two would be called the same", () =>
    expect(titles("a/grad_norm", "b/grad_norm")).toEqual(["Gradient norm", "b gradient norm"]));
  it("takes at most as many as fit", () =>
    expect(
      figuresOf(
        [
          { name: "a", index: "step" },
          { name: "b", index: "step" },
        ],
        1,
      ),
    ).toHaveLength(1));
});
