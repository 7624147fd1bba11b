// The confusion matrix in the unit shown: counts, shares of the true class, shares of the predicted one. Pure.
import { type Rgb, rampColour, type Tokens } from "./colours";
import { count, plural } from "./format";
import type { Evaluation } from "./generated/schema";
import type { CellMode } from "./view";

/** Above this many classes the matrix is one canvas instead of a grid of cells. */
export const MOST_CELL_CLASSES = 40;

/** The matrix in one unit; NaN where a share has nothing to be a share of. */
export interface ConfusionView {
  classes: number;
  mode: CellMode;
  values: Float64Array;
  /** Largest value on the diagonal, and beside it: each has a scale of its own. */
  maxHit: number;
  maxMiss: number;
}

/** Converts counts (row-major, K × K, rows are true classes). */
export function confusionView(counts: readonly number[], classes: number, mode: CellMode): ConfusionView {
  const values = new Float64Array(classes * classes);
  const totals = mode === "count" ? null : totalsOf(counts, classes, mode);
  let [maxHit, maxMiss] = [0, 0];
  for (let t = 0; t < classes; t++) {
    for (let p = 0; p < classes; p++) {
      const raw = counts[t * classes + p] ?? 0;
      const v = totals === null ? raw : raw / totals[mode === "row" ? t : p]!;
      values[t * classes + p] = v;
      if (t === p) maxHit = Math.max(maxHit, v || 0);
      else maxMiss = Math.max(maxMiss, v || 0);
    }
  }
  return { classes, mode, values, maxHit, maxMiss };
}

function totalsOf(counts: readonly number[], classes: number, mode: "row" | "column"): Float64Array {
  const totals = new Float64Array(classes);
  for (let t = 0; t < classes; t++) {
    for (let p = 0; p < classes; p++) {
      const i = mode === "row" ? t : p;
      totals[i] = totals[i]! + (counts[t * classes + p] ?? 0);
    }
  }
  return totals;
}

/** Colour of a cell: blue for hits, vermilion for misses, zero is the surface. */
export function cellColour(
  view: ConfusionView,
  tokens: Pick<Tokens, "hitRamp" | "missRamp">,
  truth: number,
  predicted: number,
): Rgb {
  const v = view.values[truth * view.classes + predicted]!;
  const isHit = truth === predicted;
  const max = isHit ? view.maxHit : view.maxMiss;
  return rampColour(isHit ? tokens.hitRamp : tokens.missRamp, v > 0 && max > 0 ? v / max : 0);
}

/** Text of a cell: empty for zero, whole per cents for shares. */
export function cellText(view: ConfusionView, truth: number, predicted: number): string {
  const v = view.values[truth * view.classes + predicted]!;
  if (!(v > 0)) return "";
  if (view.mode === "count") return v >= 1e4 ? `${Math.round(v / 1e3)}k` : String(v);
  const share = v * 100;
  return share < 0.5 ? "<1" : share.toFixed(0);
}

/** How many errors, and which pair has most of them; pairs that tie are not named. */
export function errorsSentence(evaluation: Pick<Evaluation, "accuracy" | "confused" | "classes">): string {
  const { accuracy, confused, classes } = evaluation;
  if (!accuracy) return "no predictions";
  const wrong = accuracy.n - accuracy.hits;
  const [worst, second] = confused;
  if (wrong === 0 || !worst) return `no errors in ${count(accuracy.n)} predictions`;
  const errors = `${plural(wrong, "error")} in ${count(accuracy.n)}`;
  const pair = `${classes[worst.truth]} → ${classes[worst.predicted]}`;
  const most = worst.rate.hits;
  if (!second) return `${errors}, ${wrong > 1 ? "all " : ""}${pair}`;
  if (most > second.rate.hits) return `${errors}, most ${pair} (${count(most)})`;
  return most === 1 ? `${errors}, one each` : `${errors}, no pair more than ${count(most)}`;
}

/** The cell that an arrow key leads to; stays within the matrix. */
export function movedCell(cell: { t: number; p: number }, key: string, classes: number) {
  const last = classes - 1;
  const clamp = (v: number) => Math.min(last, Math.max(0, v));
  switch (key) {
    case "ArrowUp":
      return { t: clamp(cell.t - 1), p: cell.p };
    case "ArrowDown":
      return { t: clamp(cell.t + 1), p: cell.p };
    case "ArrowLeft":
      return { t: cell.t, p: clamp(cell.p - 1) };
    case "ArrowRight":
      return { t: cell.t, p: clamp(cell.p + 1) };
    case "Home":
      return { t: cell.t, p: 0 };
    case "End":
      return { t: cell.t, p: last };
    default:
      return null;
  }
}
