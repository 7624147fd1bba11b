// The classes that are found least often. Pure.
import { percentNumber, plural } from "./format";
import type { ClassRow } from "./generated/schema";

/** Classes that share the lowest recall are named up to this many. */
const MOST_NAMES = 3;

/** Rows by their recall, lowest first; classes without rows last. */
export function lowestRecall(rows: readonly ClassRow[]): ClassRow[] {
  return rows.toSorted((a, b) => (a.recall?.value ?? 2) - (b.recall?.value ?? 2));
}

/** The lowest recall and all classes that have it. */
export function worstSentence(rows: readonly ClassRow[]): string {
  const lowest = lowestRecall(rows)[0]?.recall?.value;
  if (lowest === undefined) return "";
  if (lowest === 1) return "every class is found whole";
  const names = rows.filter((row) => row.recall?.value === lowest).map((row) => row.name);
  const who = names.length > MOST_NAMES ? plural(names.length, "class", "classes") : names.join(", ");
  return `lowest recall ${percentNumber(lowest)} %: ${who}`;
}
