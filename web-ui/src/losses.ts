// What of a run is missing, in words. Pure.
import { bytes, plural } from "./format";
import type { RunDetails } from "./generated/schema";

/** A sentence per kind of loss. The counters do not tell causes apart, so none is named. */
export function lossesOf(
  run: Pick<
    RunDetails,
    "health" | "damaged_stretches" | "damaged_bytes" | "missing_frames" | "unreadable_points"
  >,
): string[] {
  const { scalars_lost: points, records_lost: records } = run.health;
  const parts = [
    points > 0 ? plural(points, "point") : "",
    records > 0 ? plural(records, "record") : "",
  ].filter((text) => text !== "");
  const losses = parts.length > 0 ? [`${parts.join(" and ")} could not be recorded.`] : [];
  if (run.damaged_stretches > 0) {
    const stretches = plural(run.damaged_stretches, "damaged stretch", "damaged stretches");
    losses.push(`${stretches} of the log skipped (${bytes(run.damaged_bytes)}).`);
  }
  if (run.missing_frames > 0) {
    losses.push(`${plural(run.missing_frames, "frame is", "frames are")} missing from the log.`);
  }
  if (run.unreadable_points > 0) {
    losses.push(
      `${plural(run.unreadable_points, "point")} of the log cannot be read: of which series is lost.`,
    );
  }
  return losses;
}
