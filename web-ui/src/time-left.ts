// How far training is, and how long it will still take. Pure.
import type { Progress } from "./generated/schema";

/** Share of the planned work that is done, 0 to 1; null when nothing was planned. */
export function shareDone(progress: Progress | null): number | null {
  if (!progress) return null;
  if (progress.steps > 0) return Math.min(1, progress.step / progress.steps);
  return progress.epochs > 0 ? Math.min(1, Math.max(0, progress.epoch - 1) / progress.epochs) : null;
}

/** Seconds still needed at the pace so far; null while the pace is unknown. */
export function secondsLeft(progress: Progress | null, durationSecs: number | null): number | null {
  const done = shareDone(progress);
  if (done === null || done < 0.005 || durationSecs === null || durationSecs <= 0) return null;
  return (durationSecs * (1 - done)) / done;
}
