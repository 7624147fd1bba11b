// Where axes carry numbers. Pure.

const STEPS = [1, 2, 5];

/** Tick distances for an index axis: whole numbers only. */
export const INDEX_INCREMENTS: number[] = Array.from({ length: 13 }, (_, decade) => decade).flatMap(
  (decade) => STEPS.map((step) => step * 10 ** decade),
);

/** Ticks of a log axis within [min, max]: 1-2-5 while they fit in `most`, else whole decades, thinned. */
export function logTicks(min: number, max: number, most: number): number[] {
  if (!(min > 0) || !(max >= min)) return [];
  const from = Math.floor(Math.log10(min));
  const to = Math.ceil(Math.log10(max));
  const inside = (v: number) => v >= min * (1 - 1e-9) && v <= max * (1 + 1e-9);
  const decades = Array.from({ length: to - from + 1 }, (_, i) => 10 ** (from + i));
  const all = decades.flatMap((decade) => STEPS.map((step) => clean(step * decade))).filter(inside);
  if (all.length <= most) return all;
  const whole = decades.map(clean).filter(inside);
  const every = Math.max(1, Math.ceil(whole.length / most));
  return whole.filter((_, i) => i % every === 0);
}

/** Range of a log axis around the positive values from `min` to `max`, with a little air. */
export function logRange(min: number | null, max: number | null): [number, number] {
  if (min === null || max === null || !(max > 0)) return [0.1, 1];
  const low = min > 0 ? min : max / 1e3;
  const air = Math.max(1.05, (max / low) ** 0.05);
  return [low / air, max * air];
}

/** Range of a linear axis with a little air; a flat curve gets room on both sides. */
export function linearRange(min: number | null, max: number | null, isShare: boolean): [number, number] {
  if (min === null || max === null) return [0, 1];
  const span = max - min || Math.abs(max) * 2 || 1;
  const [low, high] = [min - span * 0.05, max + span * 0.05];
  const floor = min >= 0 ? Math.max(0, low) : low;
  return isShare && max <= 1 ? [floor, Math.min(1.004, high)] : [floor, high];
}

/** Range of the index axis; one point gets half an index on each side. */
export function indexRange(first: number, last: number): [number, number] {
  return first === last ? [first - 0.5, last + 0.5] : [first, last];
}

/** The ticks of an axis as short texts, with as many digits as it takes to tell them apart. */
export function tickTexts(ticks: readonly number[]): string[] {
  for (let digits = 4; ; digits++) {
    const texts = ticks.map((v) => tickText(v, digits));
    if (digits === 17 || new Set(texts).size === new Set(ticks).size) return texts;
  }
}

/** A tick as short text: `10k`, `0.05`, `1e-5`; very large and very small ones with that many digits. */
export function tickText(v: number, digits = 4): string {
  const size = Math.abs(v);
  if (size === 0) return "0";
  const minus = (text: string) => text.replace(/^-/, "−");
  if (size >= 1e9 || size < 1e-4)
    return minus(Number(v.toPrecision(digits)).toExponential().replace("e+", "e"));
  if (size >= 1e6) return minus(`${clean(v / 1e6)}M`);
  if (size >= 1e4) return minus(`${clean(v / 1e3)}k`);
  return minus(String(clean(v)));
}

function clean(v: number): number {
  return Number(v.toPrecision(10));
}
