// Which run is shown, and what is known of it. Pure.
import type { LinkState } from "./connection";
import type { RunState, RunSummary } from "./generated/schema";

/** Id of the run to show: the chosen one, else the newest live one, else the newest. */
export function runToShow(chosen: string | null, runs: readonly RunSummary[]): string | null {
  return chosen ?? runs.find((run) => run.state === "live")?.id ?? runs[0]?.id ?? null;
}

/** Whether the visor does not have the run. Only a list that this connection brought can tell. */
export function isGone(id: string | null, runs: readonly RunSummary[] | null, isListed: boolean): boolean {
  return id !== null && isListed && runs !== null && !runs.some((run) => run.id === id);
}

/** A run's state in words: of a run that nobody hears, nobody knows that it is live. */
export function knownState(state: RunState, link: LinkState): { word: string; mark: RunState | "lost" } {
  if (state === "live" && link === "lost") return { word: "connection lost", mark: "lost" };
  return { word: state, mark: state };
}

/** When a run started: the time, with the date when that is not today, with the year when it is not this one's. */
export function startedText(secs: number, now: Date): string {
  const date = new Date(secs * 1000);
  const time = date.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  if (date.toDateString() === now.toDateString()) return time;
  const isThisYear = date.getFullYear() === now.getFullYear();
  const year = isThisYear ? {} : ({ year: "numeric" } as const);
  return `${date.toLocaleDateString("en-GB", { day: "numeric", month: "short", ...year })} ${time}`;
}
