// Straight and logarithmic maps from values to shares of a width. Pure.

/** Place of a rate on an axis from `low` to 1, clamped to 0…1. */
export function ratePlace(rate: number, low: number): number {
  return Math.min(1, Math.max(0, (rate - low) / (1 - low)));
}

/** Lower end of a rate axis that holds every interval: a multiple of 0.1, at most 0.9. */
export function rateAxisLow(lows: readonly (number | null | undefined)[]): number {
  const least = Math.min(
    0.999,
    ...lows.filter((v): v is number => typeof v === "number" && Number.isFinite(v)),
  );
  return Math.max(0, Math.min(0.9, Math.floor(least * 10 + 1e-9) / 10));
}

/** Half width of a log axis centred on 1 that holds all ratios: at least `least`, at most 32. */
export function ratioReach(ratios: readonly (number | null | undefined)[], least = 1.5): number {
  const far = ratios
    .filter((v): v is number => typeof v === "number" && Number.isFinite(v) && v > 0)
    .map((v) => Math.max(v, 1 / v));
  return Math.min(32, Math.max(least, ...far));
}

/** Place of a ratio on a log axis centred on 1: 0 at 1/reach, 0.5 at 1, 1 at reach; a ratio of 0 is at 0. */
export function ratioPlace(ratio: number, reach: number): number {
  if (!(ratio > 0)) return 0;
  return Math.min(1, Math.max(0, 0.5 + Math.log(ratio) / Math.log(reach) / 2));
}
