// Debiased exponential moving average, as TensorBoard draws it. Pure.
import type { Drawn } from "./grid";

/**
 * Smooths with `weight` from 0 (raw) to below 1. The average starts at the first value instead of at 0 (divided by
 * 1 - weight^n). Gaps stay gaps and do not reset the average.
 */
export function smooth(values: Drawn, weight: number): Drawn {
  if (weight <= 0) return values;
  let average = 0;
  let scale = 0;
  return values.map((v) => {
    if (v === null || v === undefined) return v;
    average = average * weight + (1 - weight) * v;
    scale = scale * weight + (1 - weight);
    return average / scale;
  });
}
