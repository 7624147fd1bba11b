// Which split of the data is shown, and how it is named. Pure.

/** What the choice rests on. */
export interface SplitChoice {
  /** The user's split; null when none was chosen. */
  wanted: string | null;
  /** Whether the run has reached its end. */
  isFinished: boolean;
  /** Whether the user went to an epoch: the test set is mostly predicted once, at the end. */
  hasEpoch: boolean;
}

/** The user's split; else test once the run is finished, validation before; else the first. */
export function shownSplit(splits: readonly string[], choice: SplitChoice): string | null {
  const { wanted, isFinished, hasEpoch } = choice;
  if (wanted !== null && splits.includes(wanted)) return wanted;
  const preferred = isFinished && !hasEpoch ? ["test", "validation"] : ["validation", "test"];
  return preferred.find((split) => splits.includes(split)) ?? splits[0] ?? null;
}

/** A figure of a split: `Test accuracy`. A name of the user's stays as it is. */
export function ofSplit(split: string, figure: string): string {
  const isOurs = ["train", "validation", "test"].includes(split);
  const named = isOurs ? split.charAt(0).toUpperCase() + split.slice(1) : split;
  return named ? `${named} ${figure}` : figure.charAt(0).toUpperCase() + figure.slice(1);
}
