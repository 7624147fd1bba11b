// What a curve says, in words. Pure.
import type { Card } from "./cards";
import { count, metricValue, plural } from "./format";
import type { Best, Grid, GridSeries } from "./grid";
import { nonfinite, notPositive, pointsDrawn, pointsInRange } from "./grid";

/** Epochs after the best one before a curve is said to get worse. */
const PATIENCE = 3;

/** The card's finding: the best value and where, or the last one; NaN and ±Inf always come first. */
export function findingOf(card: Card, grid: Grid | null): string {
  if (!grid?.series.some((one) => one.points > 0)) return "no points yet";
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

/** What the CSV file of a chart holds: the columns that are drawn, not each point of the log. */
export function csvLabel(grid: Grid | null): string {
  if (!grid) return "CSV of what is drawn";
  return `CSV of what is drawn (${count(pointsDrawn(grid, false))} of ${plural(pointsInRange(grid), "point")})`;
}

/** The line below a chart's table; empty when the table holds every point. */
export function tableHint(grid: Grid, shown: number, rows: number): string {
  const parts = shown < rows ? [`The newest ${count(shown)} of ${plural(rows, "row")}.`] : [];
  if (grid.stride > 1) parts.push("A row holds the last value of each of its series.");
  if (parts.length > 0) parts.push(`Download: ${csvLabel(grid)}.`);
  return parts.join(" ");
}

/** Validation where there is one: it says more about the model than training does. */
function subjectOf(card: Card, grid: Grid): number | null {
  const has = (i: number) => i >= 0 && (grid.series[i]?.lowest ?? null) !== null;
  const validation = card.series.findIndex((one) => one.colour === 1);
  if (has(validation)) return validation;
  const any = grid.series.findIndex((_, i) => has(i));
  return any < 0 ? null : any;
}

function best(card: Card, grid: Grid, subject: number): string | null {
  const one = grid.series[subject]!;
  const name = card.series.length > 1 ? `${card.series[subject]!.label} ` : "";
  const show = (v: number) => metricValue(v, card.isShare);
  if (card.better === null) {
    const last = one.last.findLast(Number.isFinite);
    return last === undefined ? null : `${name}last ${show(last)}`;
  }
  const isLow = card.better === "low";
  const found = isLow ? one.lowest : one.highest;
  if (found === null) return null;
  const since = card.index === "epoch" && isWorse(one, found, isLow) ? ", worse since" : "";
  return `${name}${isLow ? "lowest" : "highest"} ${show(found.value)} at ${card.index} ${count(found.step)}${since}`;
}

function isWorse(one: GridSeries, found: Best, isLow: boolean): boolean {
  const later = one.last.filter((v, i) => one.lastStep[i]! > found.step && Number.isFinite(v));
  const last = later.at(-1);
  if (later.length < PATIENCE || last === undefined) return false;
  return isLow ? last > found.value * 1.05 : last < found.value - 0.005;
}
