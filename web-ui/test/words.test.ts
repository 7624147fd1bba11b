import { describe, expect, it } from "vitest";
import { pauseMs } from "../src/connection";
import { distinctEpochs, movedEpoch, shownEpoch } from "../src/epochs";
import { count, duration, metricValue, percent, plural, score, setting, value } from "../src/format";
import { lossesOf } from "../src/losses";
import { numberFromNum } from "../src/num";
import { indexRange, linearRange, logRange, logTicks, tickText, tickTexts } from "../src/ticks";
import { secondsLeft, shareDone } from "../src/time-left";
import { DEFAULT_VIEW, hashFromView, type View, viewFromHash } from "../src/view";

describe("format", () => {
  it("groups thousands", () =>
    expect([count(950), count(48210), count(-1e6)]).toEqual(["950", "48\u2009210", "−1\u2009000\u2009000"]));
  it("shows what is absent as absent, never as 0", () =>
    expect([value(null), percent(undefined)]).toEqual(["–", "–"]));
  it("names what is not finite", () =>
    expect([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map((v) => value(v))).toEqual([
      "NaN",
      "+Inf",
      "−Inf",
    ]));
  it("keeps the width of numbers", () =>
    expect([0.08123, 2.40912, 131.94, 0.000012, -0.5, 12345678.9].map((v) => value(v))).toEqual([
      "0.0812",
      "2.409",
      "131.9",
      "1.20e-5",
      "−0.5000",
      "1.23e7",
    ]));
  it("writes shares in per cent", () => expect(metricValue(0.98234, true)).toBe("98.2\u2009%"));
  it("writes scores with three decimals, whole ones too", () =>
    expect([0.98412, 1, -0.1, null, Number.NaN].map(score)).toEqual([
      "0.984",
      "1.000",
      "−0.100",
      "–",
      "NaN",
    ]));
  it("counts nouns", () =>
    expect([plural(1, "point"), plural(2, "stretch", "stretches")]).toEqual(["1 point", "2 stretches"]));
  it("writes settings as they were given", () =>
    expect([0.001, "adam", { a: 1 }, null].map(setting)).toEqual(["0.001", "adam", '{"a":1}', "–"]));
  it("writes time spans", () =>
    expect([3.21, 61, 3720, 2e5, Number.NaN].map(duration)).toEqual([
      "3.2 s",
      "1 min 1 s",
      "1 h 2 min",
      "2 d 7 h",
      "–",
    ]));
});

describe("lossesOf", () => {
  const said = (scalars_lost: number, records_lost: number, damaged_stretches = 0, more = {}) =>
    lossesOf({
      health: { scalars_lost, records_lost },
      damaged_stretches,
      damaged_bytes: 2048,
      missing_frames: 0,
      unreadable_points: 0,
      ...more,
    } as never);
  it("counts frames that are missing and points that cannot be read", () =>
    expect([said(0, 0, 0, { missing_frames: 3 }), said(0, 0, 0, { unreadable_points: 1 })]).toEqual([
      ["3 frames are missing from the log."],
      ["1 point of the log cannot be read: of which series is lost."],
    ]));
  it("is silent when nothing is lost", () => expect(said(0, 0)).toEqual([]));
  it("counts points and records, and names no cause", () =>
    expect([said(12, 1), said(0, 2), said(1, 0)]).toEqual([
      ["12 points and 1 record could not be recorded."],
      ["2 records could not be recorded."],
      ["1 point could not be recorded."],
    ]));
  it("tells damage of the log from it", () =>
    expect(said(1, 0, 2)).toEqual([
      "1 point could not be recorded.",
      "2 damaged stretches of the log skipped (2.0 kB).",
    ]));
});

describe("numberFromNum", () => {
  it("reads words", () =>
    expect((["NaN", "Infinity", "-Infinity", 2] as const).map(numberFromNum)).toEqual([
      NaN,
      Infinity,
      -Infinity,
      2,
    ]));
});

describe("time left", () => {
  const progress = { epoch: 3, epochs: 10, step: 100, steps: 400 };
  it("goes on at the pace so far", () => expect(secondsLeft(progress, 30)).toBe(90));
  it("knows nothing without a plan", () =>
    expect(secondsLeft({ ...progress, steps: 0, epochs: 0 }, 30)).toBeNull());
  it("counts finished epochs when steps are unknown", () =>
    expect(shareDone({ ...progress, steps: 0 })).toBeCloseTo(0.2));
  it("never says more than all", () => expect(shareDone({ ...progress, step: 500 })).toBe(1));
});

describe("ticks", () => {
  it("puts 1, 2, 5 on a short log axis", () =>
    expect(logTicks(0.04, 3, 8)).toEqual([0.05, 0.1, 0.2, 0.5, 1, 2]));
  it("puts decades on a long one", () =>
    expect(logTicks(1e-4, 1e2, 8)).toEqual([1e-4, 1e-3, 1e-2, 0.1, 1, 10, 100]));
  it("thins them when room is short", () => expect(logTicks(1e-8, 1, 4)).toEqual([1e-8, 1e-5, 1e-2]));
  it("has none where nothing is positive", () => expect(logTicks(0, 0, 5)).toEqual([]));
  it("gives one point room", () =>
    expect([indexRange(3, 3), linearRange(2, 2, false)]).toEqual([
      [2.5, 3.5],
      [1.8, 2.2],
    ]));
  it("does not go below 0 or above 100 %", () => expect(linearRange(0, 1, true)).toEqual([0, 1.004]));
  it("holds axes of nothing", () =>
    expect([linearRange(null, null, false), logRange(null, null)]).toEqual([
      [0, 1],
      [0.1, 1],
    ]));
  it("ticks of large, close numbers are told apart", () => {
    expect(tickTexts([1795000000, 1795000010])).toEqual(["1.795e9", "1.79500001e9"]);
    expect(tickTexts([0, 0.5, 1])).toEqual(["0", "0.5", "1"]);
  });

  it("writes short numbers", () =>
    expect([0, 400, 20000, 1.5e6, 0.05, 1e-5, -3].map((v) => tickText(v))).toEqual([
      "0",
      "400",
      "20k",
      "1.5M",
      "0.05",
      "1e-5",
      "−3",
    ]));
});

describe("view", () => {
  it("is empty by default", () => expect(hashFromView(DEFAULT_VIEW)).toBe(""));
  it("comes back from the address as it was", () => {
    const view: View = {
      run: "a&b",
      tab: "layers",
      epoch: 7,
      layer: "conv/1 <b>",
      split: "test",
      isLog: true,
      smoothing: 0.9,
      isPerMap: true,
      cells: "row",
    };
    expect(viewFromHash(hashFromView(view))).toEqual(view);
  });
  it("keeps that the curves are not smoothed", () => {
    const raw = { ...DEFAULT_VIEW, smoothing: 0 };
    expect(viewFromHash(hashFromView(raw))).toEqual(raw);
  });
  it("keeps defaults for nonsense", () =>
    expect(viewFromHash("#tab=nope&epoch=-3&smooth=7&cells=x&y=%")).toEqual(DEFAULT_VIEW));
});

describe("epochs", () => {
  const epochs = distinctEpochs([{ epoch: 3 }, { epoch: 1 }, { epoch: 3 }, { epoch: 6 }]);
  it("are distinct and ascending", () => expect(epochs).toEqual([1, 3, 6]));
  it("follow the newest unless one is chosen", () =>
    expect([null, 3, 5, 0].map((wanted) => shownEpoch(epochs, wanted))).toEqual([6, 3, 3, 1]));
  it("move by one and attach at the end", () =>
    expect([movedEpoch(epochs, null, -1), movedEpoch(epochs, 3, 1), movedEpoch(epochs, 1, -1)]).toEqual([
      3,
      null,
      1,
    ]));
  it("have nothing to show without any", () =>
    expect([shownEpoch([], 3), movedEpoch([], null, 1)]).toEqual([null, null]));
});

describe("pauseMs", () => {
  it("grows up to five seconds", () =>
    expect([0, 1, 2, 10, 1000].map(pauseMs)).toEqual([250, 500, 1000, 5000, 5000]));
});
