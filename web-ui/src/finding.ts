// What a curve says, in words. Pure.
import type { Card } from "./cards";
import { count, metricValue, plural, value } from "./format";
import type { Grid, GridSeries } from "./grid";
import { nonfinite, notPositive, pointsDrawn, pointsInRange } from "./grid";

/** Epochs after the best one before a curve is said to get worse. */
const PATIENCE = 3;

/** The card's finding: the best value and where, or the last one; NaN and ±Inf always come first. */
export function findingOf(card: Card, grid: Grid | null): string {
  if (!grid?.series.some((one) => one.pointsInRange > 0)) return "no points yet";
  const bad = nonfinite(grid);
  const parts = bad > 0 ? [`${plural(bad, "NaN/Inf", "NaN/Inf")}`] : [];
  const subject = subjectOf(card, grid);
  const said = subject === null ? null : best(card, grid, subject);
  if (said) parts.push(said);
  return parts.join(" · ");
}

/** The line below a curve: how much of it is drawn, and what is not. */
export function footOf(grid: Grid, isLog: boolean, isZoomed: boolean): string {
  const [k, n] = [pointsDrawn(grid, isLog), pointsInRange(grid)];
  const parts = [`${count(k)} of ${plural(n, "point")}`];
  const isThinned = grid.stride > 1;
  const bad = nonfinite(grid);
  const lost = isLog ? notPositive(grid) : 0;
  if (isThinned && k < n && lost === 0) parts.push("every extreme kept");
  if (bad > 0) parts.push(`▾ ${count(bad)} NaN/Inf`);
  const what = isThinned ? plural(lost, "column with values", "columns with values") : plural(lost, "value");
  if (lost > 0) parts.push(`${what} ≤ 0, not on a log axis`);
  if (isZoomed) parts.push("zoomed, Z resets");
  return parts.join(" · ");
}

/** Validation where there is one: it says more about the model than training does. */
function subjectOf(card: Card, grid: Grid): number | null {
  const has = (i: number) => i >= 0 && (grid.series[i]?.last.some(Number.isFinite) ?? false);
  const validation = card.series.findIndex((one) => one.colour === 1);
  if (has(validation)) return validation;
  const any = grid.series.findIndex((_, i) => has(i));
  return any < 0 ? null : any;
}

function best(card: Card, grid: Grid, subject: number): string | null {
  const one = grid.series[subject]!;
  const name = card.series.length > 1 ? `${card.series[subject]!.label} ` : "";
  const show = (v: number) => (card.isShare ? metricValue(v, true) : value(v, 3));
  if (card.better === null) {
    const last = one.last.findLast(Number.isFinite);
    return last === undefined ? null : `${name}last ${show(last)}`;
  }
  const at = bestColumn(one, card.better);
  if (at < 0) return null;
  const isLow = card.better === "low";
  const figure = isLow ? one.min[at]! : one.max[at]!;
  const near = grid.stride > 1 ? "near" : "at";
  const since = isWorse(one, at, figure, isLow) && card.index === "epoch" ? ", worse since" : "";
  return `${name}${isLow ? "lowest" : "highest"} ${show(figure)} ${near} ${card.index} ${value(grid.x[at]!)}${since}`;
}

function bestColumn(one: GridSeries, better: "low" | "high"): number {
  const figures = better === "low" ? one.min : one.max;
  let at = -1;
  figures.forEach((v, i) => {
    if (!Number.isFinite(v)) return;
    if (at < 0 || (better === "low" ? v < figures[at]! : v > figures[at]!)) at = i;
  });
  return at;
}

function isWorse(one: GridSeries, at: number, figure: number, isLow: boolean): boolean {
  const later = one.last.filter((v, i) => i > at && Number.isFinite(v));
  const last = later.at(-1);
  if (later.length < PATIENCE || last === undefined) return false;
  return isLow ? last > figure * 1.05 : last < figure - 0.005;
}
