// What a curve's readout says of one place: every value with the step at which it was logged. Pure.
import type { Card } from "./cards";
import { ABSENT, count, metricValue } from "./format";
import { type Grid, lastColumn } from "./grid";

/** The line above a curve, or a row of its table. */
export interface Readout {
  /** `step 4 100`: the step of the newest value shown. */
  where: string;
  /** A text per series; a value of another step than `where` names its own. */
  values: string[];
}

interface Reading {
  text: string;
  /** Step of the value; null where only NaN or ±Inf stand in a wide column, or nothing. */
  step: number | null;
}

/** What stands in grid column `place`; without a place, the newest value of each series. */
export function readoutOf(grid: Grid, card: Pick<Card, "index" | "isShare">, place: number | null): Readout {
  const readings = grid.series.map((_, i) => readingOf(grid, card, i, place ?? newestColumn(grid, i)));
  const steps = readings.flatMap(({ step }) => (step === null ? [] : [step]));
  const newest = steps.length > 0 ? Math.max(...steps) : null;
  const where = newest === null ? rangeText(grid, place ?? lastColumn(grid)) : count(newest);
  return {
    where: where && `${card.index} ${where}`,
    values: readings.map(({ text, step }) =>
      step === null || step === newest ? text : `${text} at ${count(step)}`,
    ),
  };
}

function readingOf(grid: Grid, card: Pick<Card, "isShare">, i: number, place: number): Reading {
  const one = grid.series[i]!;
  if (place < 0 || !(one.count[place]! > 0)) return { text: ABSENT, step: null };
  const last = one.last[place]!;
  if (Number.isFinite(last)) return { text: metricValue(last, card.isShare), step: one.lastStep[place]! };
  // A column that is one step wide is that step; a wider one does not tell which of its steps is meant.
  return { text: "NaN/Inf", step: grid.stride === 1 ? grid.x[place]! : null };
}

function newestColumn(grid: Grid, i: number): number {
  return grid.series[i]!.count.findLastIndex((n) => n > 0);
}

/** The steps of a column: one, or the first and the last. */
function rangeText(grid: Grid, place: number): string {
  const from = grid.x[place];
  if (from === undefined) return "";
  const next = grid.x[place + 1] ?? Number.POSITIVE_INFINITY;
  const to = Math.min(from + grid.stride, next, (grid.last ?? Number.POSITIVE_INFINITY) + 1) - 1;
  return to > from ? `${count(from)} – ${count(to)}` : count(from);
}
