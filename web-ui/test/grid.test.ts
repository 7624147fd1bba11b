import { describe, expect, it } from "vitest";
import { cardsFromSeries } from "../src/cards";
import { csvLabel, findingOf, footOf, tableHint } from "../src/finding";
import type { Frame } from "../src/frame";
import {
  csvRows,
  drawnColumn,
  type Grid,
  gridFromFrame,
  lastColumn,
  nonfinite,
  pointsDrawn,
} from "../src/grid";
import { readoutOf } from "../src/readout";
import { csvText, fileName } from "../src/save";
import { smooth } from "../src/smooth";

const NAN = Number.NaN;

/** As the visor finds them: the first of equals; here a column's value is logged at its last step. */
function extremesOf(values: (number | undefined)[], stride: number) {
  const finite = values.flatMap((v, i) =>
    v !== undefined && Number.isFinite(v) ? [{ step: (i + 1) * stride, value: v }] : [],
  );
  const pick = (sign: number) =>
    finite.reduce<(typeof finite)[0] | null>(
      (found, one) => (found === null || sign * one.value > sign * found.value ? one : found),
      null,
    );
  return { lowest: pick(-1), highest: pick(1) };
}

/** A chart frame with stride 1 whose series hold these values; `undefined` is no point. */
function chartFrame(series: Record<string, (number | undefined)[]>, stride = 1): Frame {
  const names = Object.keys(series);
  const n = series[names[0]!]!.length;
  const columns = new Map<string, Float64Array | Uint32Array>([
    ["x", Float64Array.from({ length: n }, (_, i) => 1 + i * stride)],
  ]);
  names.forEach((name, i) => {
    const finite = series[name]!.map((v) => (v !== undefined && Number.isFinite(v) ? v : NAN));
    columns.set(
      `last_step.${i}`,
      Float64Array.from(finite, (v, at) => (Number.isNaN(v) ? NAN : at * stride + stride)),
    );
    for (const figure of ["first", "min", "max", "last"])
      columns.set(`${figure}.${i}`, Float64Array.from(finite));
    columns.set(
      `count.${i}`,
      Uint32Array.from(series[name]!, (v) => (v === undefined ? 0 : stride)),
    );
    columns.set(
      `nonfinite.${i}`,
      Uint32Array.from(series[name]!, (v) => (v === undefined || Number.isFinite(v) ? 0 : 1)),
    );
  });
  const info = names.map((name, i) => ({
    run: "r",
    name,
    points: series[name]!.filter((v) => v !== undefined).length,
    points_in_range: series[name]!.filter((v) => v !== undefined).length,
    ...extremesOf(series[name]!, stride),
    nonfinite_in_range: Array.from(columns.get(`nonfinite.${i}`)!).reduce((a, b) => a + b, 0),
  }));
  return {
    kind: 64,
    run: "",
    seq: 0,
    rank: 0,
    columns,
    body: { chart: 1, stride, first: 1, last: n * stride, series: info },
  };
}

const grid = (series: Record<string, (number | undefined)[]>, stride = 1): Grid =>
  gridFromFrame(chartFrame(series, stride));
const finding = (series: Record<string, (number | undefined)[]>, stride = 1): string => {
  const [card] = cardsFromSeries(Object.keys(series).map((name) => ({ name, index: "epoch" as const })));
  return findingOf(card!, grid(series, stride));
};

describe("gridFromFrame", () => {
  it("refuses a missing column", () => {
    const frame = chartFrame({ a: [1] });
    frame.columns.delete("max.0");
    expect(() => gridFromFrame(frame)).toThrow(/no f64 column "max.0"/);
  });
  it("refuses columns of unequal length", () => {
    const frame = chartFrame({ a: [1, 2] });
    frame.columns.set("last.0", new Float64Array(1));
    expect(() => gridFromFrame(frame)).toThrow(/"last.0" has 1 numbers, x has 2/);
  });
  it("begins at the first point, not at the edge of its column", () => {
    const frame = chartFrame({ a: [1, 2] }, 4);
    (frame.columns.get("x") as Float64Array)[0] = 0;
    expect(Array.from(gridFromFrame(frame).x)).toEqual([1, 5]);
  });
  it("counts NaN and what is drawn", () => {
    const one = grid({ a: [1, NAN, undefined, Number.POSITIVE_INFINITY] });
    expect([nonfinite(one), pointsDrawn(one, false), lastColumn(one)]).toEqual([2, 1, 3]);
  });
  it("draws at most three points of a column, and on a log axis only positive ones", () => {
    const one = grid({ a: [1, -1] }, 8);
    expect([pointsDrawn(one, false), pointsDrawn(one, true)]).toEqual([3 + 3, 3]);
  });
});

describe("drawnColumn", () => {
  it("breaks the line at NaN and spans what was never recorded", () => {
    expect(drawnColumn([1, NAN, NAN, 2], Uint32Array.of(1, 1, 0, 1), false)).toEqual([1, null, undefined, 2]);
  });
  it("leaves out what a log axis cannot hold", () => {
    expect(drawnColumn([0, -1, 2], Uint32Array.of(1, 1, 1), true)).toEqual([null, null, 2]);
  });
});

describe("smooth", () => {
  it("starts at the first value, not at 0", () =>
    expect(smooth([5, 5, 5], 0.9)).toEqual([5, 5, 5].map((v) => expect.closeTo(v, 12))));
  it("is the raw curve at weight 0", () => expect(smooth([1, 2, null], 0)).toEqual([1, 2, null]));
  it("averages with the debiased weights", () => expect(smooth([1, 3], 0.5)[1]).toBeCloseTo(7 / 3, 12));
  it("keeps gaps", () => expect(smooth([1, null, undefined, 1], 0.5)).toEqual([1, null, undefined, 1]));
});

describe("findingOf", () => {
  it("says where validation was best", () =>
    expect(finding({ "train/epoch_loss": [3, 2, 1], "validation/epoch_loss": [3, 1.5, 1.52] })).toBe(
      "validation lowest 1.500 at epoch 2",
    ));
  it("says when it got worse", () =>
    expect(finding({ "train/epoch_loss": [1, 1, 1, 1], "validation/epoch_loss": [1, 1.2, 1.3, 1.4] })).toBe(
      "validation lowest 1 at epoch 1, worse since",
    ));
  it("counts NaN first", () =>
    expect(finding({ loss: [1, NAN, 0.5] })).toBe("1 NaN/Inf · lowest 0.5000 at epoch 3"));
  it("speaks of shares in per cent", () =>
    expect(finding({ accuracy: [0.5, 0.75] })).toBe("highest 75.0\u2009% at epoch 2"));
  it("names the exact step where columns hold many points", () =>
    expect(finding({ loss: [2, 1.6e-5] }, 8)).toBe("lowest 1.60e-5 at epoch 16"));
  it("keeps the best of the whole series when another range is shown", () => {
    const [card] = cardsFromSeries([{ name: "loss", index: "step" }]);
    const shown = grid({ loss: [2, 1] });
    shown.series[0]!.lowest = { step: 3784, value: 0.25 };
    expect(findingOf(card!, shown)).toBe("lowest 0.2500 at step 3\u2009784");
  });
  it("only reads the last value where better is unknown", () =>
    expect(finding({ lr: [0.5, 0.25] })).toBe("last 0.2500"));
  it("has only NaN to tell", () => expect(finding({ loss: [NAN] })).toBe("1 NaN/Inf"));
  it("waits for points", () => expect(finding({ loss: [undefined] })).toBe("no points yet"));
});

describe("readoutOf", () => {
  const card = { index: "step" as const, isShare: false };
  it("names the step of the value, not the start of its column", () => {
    expect(readoutOf(grid({ a: [3, 1.5] }, 4), card, null)).toEqual({ where: "step 8", values: ["1.500"] });
    expect(readoutOf(grid({ a: [3.5, 1] }, 4), card, 0)).toEqual({ where: "step 4", values: ["3.500"] });
  });
  it("names the largest step, and the others where they differ", () => {
    const one = grid({ a: [1.5, 2.5], b: [0.5, undefined] });
    expect(readoutOf(one, card, null)).toEqual({ where: "step 2", values: ["2.500", "0.5000 at 1"] });
    expect(readoutOf(one, card, 1)).toEqual({ where: "step 2", values: ["2.500", "–"] });
  });
  it("gives the steps of a wide column that holds only NaN", () =>
    expect(readoutOf(grid({ a: [NAN, 1] }, 4), card, 0)).toEqual({
      where: "step 1 – 4",
      values: ["NaN/Inf"],
    }));
  it("knows the step of a NaN that stands alone", () =>
    expect(readoutOf(grid({ a: [1, NAN] }), card, null)).toEqual({ where: "step 2", values: ["NaN/Inf"] }));
  it("has nothing to say without points", () =>
    expect(readoutOf(grid({ a: [undefined] }), card, null)).toEqual({ where: "", values: ["–"] }));
});

describe("footOf", () => {
  it("counts what is drawn of what is there", () =>
    expect(footOf(grid({ a: [1, 2] }), false, false)).toBe("2 of 2 points"));
  it("counts NaN, and calls no extreme kept where nothing was thinned", () =>
    expect(footOf(grid({ a: [1, NAN] }), false, true)).toBe(
      "1 of 2 points · ▾ 1 NaN/Inf · zoomed, Z resets",
    ));
  it("says what a log axis leaves out", () => {
    expect(footOf(grid({ a: [0, -1, 2] }), true, false)).toBe(
      "1 of 3 points · 2 values ≤ 0, not on a log axis",
    );
    expect(footOf(grid({ a: [0, 2] }, 8), true, false)).toContain(
      "1 column with values ≤ 0, not on a log axis",
    );
  });
  it("says nothing of it on a linear axis", () =>
    expect(footOf(grid({ a: [0, -1, 2] }), false, false)).toBe("3 of 3 points"));
});

describe("csv", () => {
  it("writes one row per series and column, NaN by name", () => {
    expect(csvText(csvRows(grid({ 'a,"b"': [1, NAN, undefined] }), "step"))).toBe(
      "series,step_from,count,nonfinite,first,min,max,last,step_of_last\r\n" +
        '"a,""b""",1,1,0,1,1,1,1,1\r\n"a,""b""",2,1,1,NaN,NaN,NaN,NaN,\r\n',
    );
  });
  it("names the step of the last value of a wide column", () =>
    expect(csvRows(grid({ a: [1] }, 4), "step")[1]).toEqual(["a", 1, 4, 0, 1, 1, 1, 1, 4]));
  it("says that it holds what is drawn, not every point", () => {
    const wide = grid({ a: [1, 2] }, 8);
    wide.series[0]!.pointsInRange = 16;
    expect(csvLabel(wide)).toBe("CSV of what is drawn (6 of 16 points)");
    expect(tableHint(wide, 1, 2)).toBe(
      "The newest 1 of 2 rows. A row holds the last value of each of its series. " +
        "Download: CSV of what is drawn (6 of 16 points).",
    );
  });
  it("has nothing to add to a table of every point", () =>
    expect(tableHint(grid({ a: [1, 2] }), 2, 2)).toBe(""));
  it("makes safe file names", () => expect(fileName(["../<run>", "loss"], "csv")).toBe("run-loss.csv"));
});
