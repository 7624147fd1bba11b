// A chart's answer as columns: what to draw, what to count, what to say. Pure.
import type { Frame } from "./frame";
import { FrameError, KIND_CHART } from "./frame";
import type { ChartBody, Extreme } from "./generated/schema";
import { numberFromNum } from "./num";

/** A value that no other of its series beats, and where it was logged first. */
export interface Best {
  step: number;
  value: number;
}

/** One series on the grid; all arrays have the length of `x`. */
export interface GridSeries {
  name: string;
  points: number;
  pointsInRange: number;
  nonfinite: number;
  /** Of the whole series, whatever the range. */
  lowest: Best | null;
  highest: Best | null;
  first: Float64Array;
  min: Float64Array;
  max: Float64Array;
  last: Float64Array;
  /** Index at which `last` was logged; NaN where there is none. */
  lastStep: Float64Array;
  count: Uint32Array;
  nonfiniteAt: Uint32Array;
}

/** A chart's answer. */
export interface Grid {
  chart: number;
  stride: number;
  first: number | null;
  last: number | null;
  x: Float64Array;
  series: GridSeries[];
}

/** Reads a `Chart` frame. */
export function gridFromFrame(frame: Frame): Grid {
  if (frame.kind !== KIND_CHART)
    throw new FrameError(`expected a chart (${KIND_CHART}), found kind ${frame.kind}`);
  const body = frame.body as ChartBody;
  const x = doubles(frame, "x");
  // Columns are aligned to their width, so the first one may begin before the first point does.
  if (body.first !== null && x[0] !== undefined && x[0] < body.first) x[0] = body.first;
  const series = body.series.map((info, i) => ({
    name: info.name,
    points: info.points,
    pointsInRange: info.points_in_range,
    nonfinite: info.nonfinite_in_range,
    lowest: bestOf(info.lowest),
    highest: bestOf(info.highest),
    first: doubles(frame, `first.${i}`, x.length),
    min: doubles(frame, `min.${i}`, x.length),
    max: doubles(frame, `max.${i}`, x.length),
    last: doubles(frame, `last.${i}`, x.length),
    lastStep: doubles(frame, `last_step.${i}`, x.length),
    count: words(frame, `count.${i}`, x.length),
    nonfiniteAt: words(frame, `nonfinite.${i}`, x.length),
  }));
  return { chart: body.chart, stride: body.stride, first: body.first, last: body.last, x, series };
}

/** A column for uPlot: numbers, `null` where the line must break, `undefined` where nothing was recorded. */
export type Drawn = (number | null | undefined)[];

/** Prepares `values` for drawing; on a log axis what is not positive cannot stand. */
export function drawnColumn(values: ArrayLike<number>, count: Uint32Array, isLog: boolean): Drawn {
  return Array.from({ length: values.length }, (_, i) => {
    if (count[i] === 0) return undefined;
    const v = values[i]!;
    return Number.isFinite(v) && !(isLog && v <= 0) ? v : null;
  });
}

/** Points on the screen: of each grid column at most its least, its largest and its last, as far as they have a place. */
export function pointsDrawn(grid: Grid, isLog: boolean): number {
  let drawn = 0;
  for (const one of grid.series) {
    for (let i = 0; i < grid.x.length; i++) {
      const figures = [one.min[i]!, one.max[i]!, one.last[i]!];
      const placed = isLog ? figures.filter((v) => v > 0).length : figures.length;
      drawn += Math.min(one.count[i]! - one.nonfiniteAt[i]!, placed);
    }
  }
  return drawn;
}

/** Points stored in all series of the chart. */
export function pointsStored(grid: Grid): number {
  return grid.series.reduce((sum, one) => sum + one.points, 0);
}

/** Points within the shown range. */
export function pointsInRange(grid: Grid): number {
  return grid.series.reduce((sum, one) => sum + one.pointsInRange, 0);
}

/** NaN and ±Inf within the shown range. */
export function nonfinite(grid: Grid): number {
  return grid.series.reduce((sum, one) => sum + one.nonfinite, 0);
}

/** Grid columns of all series that hold values a log axis cannot show. */
export function notPositive(grid: Grid): number {
  return grid.series.reduce((sum, one) => sum + one.min.reduce((n, v) => n + (v <= 0 ? 1 : 0), 0), 0);
}

/** Place of the last grid column in which a series has points; -1 when none has. */
export function lastColumn(grid: Grid): number {
  for (let i = grid.x.length - 1; i >= 0; i--) {
    if (grid.series.some((one) => one.count[i]! > 0)) return i;
  }
  return -1;
}

/**
 * Rows of a CSV file: every figure of every grid column that has points. A column begins at `<index>_from`; its last
 * value was logged at `<index>_of_last`, empty where no value is finite.
 */
export function csvRows(grid: Grid, index: string): (string | number | null)[][] {
  const rows: (string | number | null)[][] = [
    ["series", `${index}_from`, "count", "nonfinite", "first", "min", "max", "last", `${index}_of_last`],
  ];
  for (const one of grid.series) {
    for (let i = 0; i < grid.x.length; i++) {
      if (one.count[i] === 0) continue;
      const figures = [
        one.count[i]!,
        one.nonfiniteAt[i]!,
        one.first[i]!,
        one.min[i]!,
        one.max[i]!,
        one.last[i]!,
        Number.isNaN(one.lastStep[i]) ? null : one.lastStep[i]!,
      ];
      rows.push([one.name, grid.x[i]!, ...figures]);
    }
  }
  return rows;
}

function bestOf(extreme: Extreme | null): Best | null {
  return extreme && { step: extreme.step, value: numberFromNum(extreme.value) };
}

function doubles(frame: Frame, name: string, len?: number): Float64Array {
  const column = frame.columns.get(name);
  if (!(column instanceof Float64Array)) throw new FrameError(`the chart has no f64 column "${name}"`);
  return checkLength(column, name, len);
}

function words(frame: Frame, name: string, len: number): Uint32Array {
  const column = frame.columns.get(name);
  if (!(column instanceof Uint32Array)) throw new FrameError(`the chart has no u32 column "${name}"`);
  return checkLength(column, name, len);
}

function checkLength<T extends { length: number }>(column: T, name: string, len?: number): T {
  if (len !== undefined && column.length !== len) {
    throw new FrameError(`column "${name}" has ${column.length} numbers, x has ${len}`);
  }
  return column;
}
