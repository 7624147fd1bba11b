import { describe, expect, it } from "vitest";
import { rateAxisLow, ratePlace, ratioPlace, ratioReach } from "../src/axis-scale";
import {
  cssVariables,
  divergingTable,
  inkOn,
  luminance,
  type Rgb,
  rampColour,
  tokensOf,
  viridisTable,
} from "../src/colours";
import { cellColour, cellText, confusionView, movedCell } from "../src/confusion";
import { tableIndex } from "../src/panels/raster";
import { cellAt, channelFacts, layoutTiles, reachOf, scaleOf, silenceOf, tileCorner } from "../src/tiles";
import { sparkPaths } from "../src/ui/sparkline";

const contrast = (a: Rgb, b: Rgb) => {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
};

describe("colours", () => {
  it("write digits at 4.5 : 1 or better on every cell of both themes", () => {
    for (const theme of ["light", "dark"] as const) {
      const { hitRamp, missRamp } = tokensOf(theme);
      for (const ramp of [hitRamp, missRamp]) {
        for (let i = 0; i < 256; i++) {
          const colour = rampColour(ramp, i / 255);
          const ink: Rgb = inkOn(colour) === "#000" ? [0, 0, 0] : [255, 255, 255];
          expect(contrast(colour, ink)).toBeGreaterThanOrEqual(4.5);
        }
      }
    }
  });
  it("hold viridis end to end", () =>
    expect([viridisTable()[0], viridisTable()[255]]).toEqual([0xff540144, 0xff25e7fd]));
  it("put the surface at zero of the signed scale", () =>
    expect(divergingTable("light")[128]! >>> 24).toBe(255));
  it("become CSS variables", () => {
    const names = cssVariables("dark").map(([name]) => name);
    expect(names).toEqual(
      expect.arrayContaining(["--bg", "--line-2", "--accent-bg", "--c0", "--c7", "--rest"]),
    );
    expect(names).not.toContain("--hit-ramp");
  });
});

describe("confusion", () => {
  const counts = [8, 2, 0, 0, 0, 0, 1, 0, 9]; // class 1 is absent
  it("shares rows, and knows that 0 / 0 is not 0", () => {
    const view = confusionView(counts, 3, "row");
    expect(Array.from(view.values)).toEqual([0.8, 0.2, 0, NaN, NaN, NaN, 0.1, 0, 0.9]);
    expect([view.maxHit, view.maxMiss]).toEqual([0.9, 0.2]);
  });
  it("shares columns", () => expect(confusionView(counts, 3, "column").values[1]).toBe(1));
  it("writes no zero", () => {
    const view = confusionView(counts, 3, "row");
    expect([cellText(view, 0, 0), cellText(view, 0, 2), cellText(view, 1, 1)]).toEqual(["80", "", ""]);
  });
  it("shows shares too small to round", () =>
    expect(cellText(confusionView([999, 1, 0, 1], 2, "row"), 0, 1)).toBe("<1"));
  it("has the surface colour at zero and where nothing is", () => {
    const tokens = tokensOf("light");
    const view = confusionView(counts, 3, "row");
    expect(cellColour(view, tokens, 1, 1)).toEqual(rampColour(tokens.hitRamp, 0));
    expect(cellColour(view, tokens, 2, 2)).toEqual(rampColour(tokens.hitRamp, 1));
  });
  it("moves within the matrix", () => {
    expect(movedCell({ t: 0, p: 2 }, "ArrowRight", 3)).toEqual({ t: 0, p: 2 });
    expect(movedCell({ t: 0, p: 2 }, "ArrowDown", 3)).toEqual({ t: 1, p: 2 });
    expect(movedCell({ t: 0, p: 2 }, "x", 3)).toBeNull();
  });
});

describe("tiles", () => {
  const room = { width: 800, gap: 8, label: 16, wanted: 84 };
  it("are whole pixels, in rows of equal length, within the room", () => {
    for (const [n, w] of [
      [8, 8],
      [16, 6],
      [32, 28],
      [3, 14],
      [7, 5],
      [256, 56],
      [1, 300],
    ] as const) {
      const layout = layoutTiles(n, w, w, room);
      expect(Number.isInteger(layout.cell) && layout.cell >= 1).toBe(true);
      expect(layout.columns * layout.rows).toBeGreaterThanOrEqual(n);
      expect(layout.width).toBeLessThanOrEqual(room.width);
    }
    expect(layoutTiles(16, 6, 6, room).columns).toBe(8);
  });
  it("shrink to one pixel per cell rather than vanish", () =>
    expect(layoutTiles(1, 2000, 10, room).cell).toBe(1));
  it("find the cell under the pointer, and nothing between tiles", () => {
    const layout = layoutTiles(16, 6, 6, room);
    const corner = tileCorner(layout, 9);
    expect(cellAt(layout, 16, corner.left + layout.cell * 2, corner.top + layout.cell)).toEqual({
      channel: 9,
      x: 2,
      y: 1,
    });
    expect(cellAt(layout, 16, layout.tileWidth + 2, 3)).toBeNull();
  });
  it("count silent channels, and NaN is not silence", () => {
    const facts = channelFacts([0, 1e-6, 0, 0.5, NaN, 0], 3);
    expect(facts.map((one) => one.isSilent)).toEqual([true, false, false]);
    expect(silenceOf(facts, false)).toBe("1 NaN/Inf · 1 of 3 channels silent on this image");
  });
  it("scale from 0, or symmetric about it", () => {
    expect(scaleOf(channelFacts([0, 2], 1))).toEqual({ low: 0, high: 2, isSigned: false });
    expect(scaleOf(channelFacts([-3, 2], 1))).toEqual({ low: -3, high: 3, isSigned: true });
  });
  it("hold more features than a call takes arguments", () => {
    const values = new Float32Array(300_000);
    values[299_999] = -2;
    const facts = channelFacts(values, values.length);
    expect([scaleOf(facts), reachOf(facts)]).toEqual([
      { low: -2, high: 2, isSigned: true },
      { min: -2, max: 0 },
    ]);
  });
  it("hold nothing at all", () =>
    expect([channelFacts([], 0), channelFacts([], 1)[0]?.isSilent]).toEqual([[], true]));
  it("map values to the table, flat ones to zero", () => {
    const flat = { low: 0, high: 0, isSigned: false };
    expect([
      tableIndex(1, { low: 0, high: 2, isSigned: false }),
      tableIndex(9, { low: 0, high: 2, isSigned: false }),
      tableIndex(0, flat),
    ]).toEqual([128, 255, 0]);
  });
});

describe("axes of rates and ratios", () => {
  it("start at a round rate that holds every interval", () =>
    expect([rateAxisLow([0.63, null]), rateAxisLow([]), rateAxisLow([0.01])]).toEqual([0.6, 0.9, 0]));
  it("centre ratios on 1, equally far both ways", () => {
    expect([ratioPlace(1, 4), ratioPlace(2, 4) + ratioPlace(0.5, 4), ratioPlace(0, 4)]).toEqual([0.5, 1, 0]);
    expect(ratioReach([0.25, null, 2])).toBe(4);
  });
  it("place rates", () => expect(ratePlace(0.75, 0.5)).toBe(0.5));
});

describe("sparkPaths", () => {
  it("breaks at NaN", () => expect(sparkPaths([1, NaN, 2]).line.match(/M/g)).toHaveLength(2));
  it("draws one value as a dot", () => expect(sparkPaths([3]).line).toBe("M50.0 12.0h.01"));
  it("draws nothing of nothing", () => expect(sparkPaths([NaN]).line).toBe(""));
});
