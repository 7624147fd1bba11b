// Which of the recorded epochs is shown. Pure.

/** Distinct epochs, ascending. */
export function distinctEpochs(items: readonly { epoch: number }[]): number[] {
  return [...new Set(items.map((item) => item.epoch))].sort((a, b) => a - b);
}

/** The recorded epoch at or before the wanted one; the newest when none is wanted; null when none is recorded. */
export function shownEpoch(epochs: readonly number[], wanted: number | null): number | null {
  if (epochs.length === 0) return null;
  if (wanted === null) return epochs.at(-1)!;
  return epochs.findLast((epoch) => epoch <= wanted) ?? epochs[0]!;
}

/** The epoch `by` places further; null (follow the newest) once the end is reached. */
export function movedEpoch(epochs: readonly number[], wanted: number | null, by: number): number | null {
  const shown = shownEpoch(epochs, wanted);
  if (shown === null) return null;
  const place = Math.max(0, epochs.indexOf(shown) + by);
  return place >= epochs.length - 1 ? null : epochs[place]!;
}
