// The decoder against the frames that Rust wrote.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type Column, decodeFrame, decodeFrames, type Frame } from "../src/frame";

const golden = new URL("../../crates/trainscope-schema/golden/", import.meta.url);
const expected = JSON.parse(readFileSync(new URL("frames.json", golden), "utf8"));

function goldenBytes(): ArrayBuffer {
  const file = readFileSync(new URL("frames.tsf", golden));
  return file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength) as ArrayBuffer;
}

function asJson(frame: Frame) {
  const columns = [...frame.columns].map(([name, values]) => ({ name, values: Array.from(values, word) }));
  return { body: frame.body, columns, kind: frame.kind, rank: frame.rank, run: frame.run, seq: frame.seq };
}

const word = (v: number) => (Number.isFinite(v) ? v : String(v));

describe("decodeFrames", () => {
  it("reads every golden frame as it was written, NaN and ±Inf included", () => {
    const wanted = expected.frames.map((frame: { columns: { name: string; values: unknown[] }[] }) => ({
      ...frame,
      columns: frame.columns.map(({ name, values }) => ({ name, values })),
    }));
    expect(decodeFrames(goldenBytes()).map(asJson)).toEqual(wanted);
  });

  it("gives columns their types, without a copy", () => {
    const bytes = goldenBytes();
    const scalars = decodeFrames(bytes)[2]!;
    const dtype = (column: Column | undefined) => column?.constructor.name;
    expect(dtype(scalars.columns.get("series"))).toBe("Uint32Array");
    expect(dtype(scalars.columns.get("value"))).toBe("Float64Array");
    expect(scalars.columns.get("value")?.buffer).toBe(bytes);
  });
});

describe("decodeFrame", () => {
  const first = () => {
    const bytes = goldenBytes();
    return bytes.slice(0, new DataView(bytes).getUint32(4, true));
  };
  const changed = (change: (view: DataView) => void) => {
    const bytes = first();
    change(new DataView(bytes));
    return bytes;
  };

  it("reads one frame", () => expect(decodeFrame(first()).kind).toBe(1));
  it("refuses a cut frame", () =>
    expect(() => decodeFrame(first().slice(0, 48))).toThrow(/needs \d+ bytes, 48/));
  it("refuses nothing at all", () => expect(() => decodeFrame(new ArrayBuffer(0))).toThrow(/at least 40/));
  it("refuses another magic", () =>
    expect(() => decodeFrame(changed((v) => v.setUint8(0, 88)))).toThrow(/TSF1/));
  it("refuses a newer layout", () =>
    expect(() => decodeFrame(changed((v) => v.setUint16(12, 9, true)))).toThrow(
      /version 1, the frame has 9/,
    ));
  it("refuses an odd length", () =>
    expect(() => decodeFrame(changed((v) => v.setUint32(4, 47, true)))).toThrow(/multiple of 8/));
  it("refuses a header longer than the frame", () =>
    expect(() => decodeFrame(changed((v) => v.setUint32(36, 1 << 20, true)))).toThrow(/header would end/));
  it("refuses more than one frame", () =>
    expect(() => decodeFrame(goldenBytes())).toThrow(/expected one frame/));

  it("refuses columns beyond the end", () => {
    const header = '{"columns":[{"name":"x","dtype":"f64","len":9}],"body":null}'.padEnd(64);
    const bytes = new ArrayBuffer(40 + 64 + 8);
    const view = new DataView(bytes);
    new Uint8Array(bytes).set(new TextEncoder().encode("TSF1"));
    new Uint8Array(bytes).set(new TextEncoder().encode(header), 40);
    view.setUint32(4, bytes.byteLength, true);
    view.setUint16(12, 1, true);
    view.setUint32(36, 60, true);
    expect(() => decodeFrame(bytes)).toThrow(/column "x" needs 72 bytes, 8 are left/);
  });
});
