// How uPlot draws a metric's curves: scales, axes, bands, markers.
import type uPlot from "uplot";
import type { Card } from "../cards";
import { type Theme, type Tokens, tokensOf, withAlpha } from "../colours";
import type { Grid } from "../grid";
import { INDEX_INCREMENTS, linearRange, logRange, logTicks, tickTexts } from "../ticks";

/** What the options need to know. */
export interface ChartSetup {
  width: number;
  height: number;
  card: Card;
  isLog: boolean;
  theme: Theme;
  xRange(): [number, number];
  grid(): Grid | null;
  zoom(from: number, to: number): void;
  reset(): void;
  moved(): void;
}

/** Dash patterns by palette place: colour is never alone. Training is solid. */
export const DASHES: readonly (readonly number[])[] = [[], [6, 3], [2, 3], [10, 3]];

/** Curves with at most this many points show each of them. */
const MOST_DOTS = 40;
const FONT = '11px "Inter", system-ui, sans-serif';

/** The options. Each curve takes four series of uPlot: band ends, raw, smoothed. */
export function chartOptions(setup: ChartSetup): uPlot.Options {
  const tokens = tokensOf(setup.theme);
  return {
    width: setup.width,
    height: setup.height,
    padding: [10, 14, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      drag: { x: true, y: false, setScale: false, dist: 6 },
      // One cursor for all curves over the same index; a drag stays with its own curve.
      sync: {
        key: setup.card.index,
        filters: { pub: (type) => type === "mousemove" || type === "mouseleave", sub: () => true },
      },
      points: { size: 7, fill: tokens.surface, width: 2 },
      bind: {
        dblclick: () => () => {
          setup.reset();
          return null;
        },
      },
    },
    scales: {
      x: { time: false, range: () => setup.xRange() },
      y: setup.isLog
        ? { distr: 3, range: (_, min, max) => logRange(min, max) }
        : { range: (_, min, max) => linearRange(min, max, setup.card.isShare) },
    },
    axes: axes(setup, tokens),
    series: [{}, ...setup.card.series.flatMap((one) => curve(one.colour, tokens))],
    bands: setup.card.series.map((one, i) => ({
      series: [2 + i * 4, 1 + i * 4],
      fill: withAlpha(colourOf(tokens, one.colour), 0.2),
    })),
    hooks: {
      draw: [(plot) => drawNonfinite(plot, setup.grid(), tokens)],
      setSelect: [(plot) => selected(plot, setup)],
      setCursor: [() => setup.moved()],
    },
  };
}

function colourOf(tokens: Tokens, place: number): string {
  return tokens.runs[place % tokens.runs.length]!;
}

function curve(place: number, tokens: Tokens): uPlot.Series[] {
  const colour = colourOf(tokens, place);
  const edge: uPlot.Series = { width: 0, points: { show: false } };
  const dash = [...(DASHES[place % DASHES.length] ?? [])];
  return [
    edge,
    edge,
    { stroke: withAlpha(colour, 0.35), width: 1, points: { show: false } },
    {
      stroke: colour,
      width: 1.75,
      dash,
      points: {
        show: (plot, series) => dotsFit(plot, series),
        size: place === 0 ? 5 : 6,
        width: 1.5,
        stroke: colour,
        fill: place === 0 ? colour : tokens.surface,
      },
    },
  ];
}

function dotsFit(plot: uPlot, series: number): boolean {
  const [from, to] = plot.series[0]!.idxs ?? [0, 0];
  let dots = 0;
  for (let i = from; i <= to; i++) if (plot.data[series]?.[i] != null) dots += 1;
  return dots > 0 && dots <= MOST_DOTS;
}

function axes(setup: ChartSetup, tokens: Tokens): uPlot.Axis[] {
  const line = { stroke: tokens.grid, width: 1 };
  const shared = {
    stroke: tokens.muted,
    font: FONT,
    grid: line,
    ticks: { show: false },
    border: { show: false },
  };
  const y: uPlot.Axis = {
    ...shared,
    size: 56,
    gap: 6,
    values: (_, splits) => (setup.card.isShare ? percentTexts(splits) : tickTexts(splits)),
  };
  if (setup.isLog) {
    y.splits = (_, __, min, max) => logTicks(min, max, Math.max(3, Math.floor(setup.height / 34)));
    y.filter = (_, splits) => splits;
  } else {
    y.space = 34;
  }
  const x: uPlot.Axis = {
    ...shared,
    size: 26,
    gap: 5,
    space: 56,
    incrs: INDEX_INCREMENTS,
    grid: { show: false },
    values: (_, splits) => tickTexts(splits),
  };
  return [x, y];
}

/** Ticks of shares in per cent, with as many decimals as their distance needs. */
function percentTexts(splits: readonly number[]): string[] {
  const step = Math.abs((splits[1] ?? 1) - (splits[0] ?? 0));
  const decimals = Math.max(0, Math.ceil(-Math.log10(step * 100) - 1e-9));
  return splits.map((v) => `${(v * 100).toFixed(Math.min(3, decimals))} %`);
}

/** NaN and ±Inf have no height: a mark at the upper edge says where they are. */
function drawNonfinite(plot: uPlot, grid: Grid | null, tokens: Tokens): void {
  if (!grid) return;
  const { ctx, bbox } = plot;
  const size = 4 * devicePixelRatio;
  ctx.save();
  ctx.fillStyle = tokens.bad;
  for (let i = 0; i < grid.x.length; i++) {
    if (!grid.series.some((one) => one.nonfiniteAt[i]! > 0)) continue;
    const x = plot.valToPos(grid.x[i]!, "x", true);
    if (x < bbox.left - 1 || x > bbox.left + bbox.width + 1) continue;
    ctx.beginPath();
    ctx.moveTo(x - size, bbox.top - size);
    ctx.lineTo(x + size, bbox.top - size);
    ctx.lineTo(x, bbox.top + size);
    ctx.fill();
  }
  ctx.restore();
}

function selected(plot: uPlot, setup: ChartSetup): void {
  const { left, width } = plot.select;
  if (width < 4) return;
  setup.zoom(plot.posToVal(left, "x"), plot.posToVal(left + width, "x"));
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
}
