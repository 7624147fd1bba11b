// Which figures stand in the row above the curves. Pure.
import { kindOf, leafOf, titleOf } from "./cards";
import type { SeriesInfo } from "./generated/schema";

/** A figure with its sparkline. */
export interface Figure {
  name: string;
  title: string;
  isShare: boolean;
}

const SPLITS: Record<string, string> = {
  train: "Train",
  training: "Train",
  validation: "Validation",
  val: "Validation",
};
const FIRST = ["Train loss", "Validation accuracy", "Validation loss", "Train accuracy"];

/** A series in words, its split first: `validation accuracy`. */
export function quantityOf(name: string): string {
  const prefix = name.slice(0, Math.max(0, name.lastIndexOf("/")));
  const split = SPLITS[prefix.toLowerCase()]?.toLowerCase() ?? prefix;
  const leaf = leafOf(name)
    .replace(/^epoch_/, "")
    .replaceAll("_", " ");
  return split ? `${split} ${leaf}` : leaf;
}

/** The `most` series that say most about a run, each quantity once. */
export function figuresOf(series: readonly Pick<SeriesInfo, "name" | "index">[], most: number): Figure[] {
  const figures = new Map<string, Figure>();
  const byStep = series.toSorted((a, b) => Number(a.index === "epoch") - Number(b.index === "epoch"));
  for (const { name } of byStep) {
    const leaf = leafOf(name).replace(/^epoch_/, "");
    const prefix = name.slice(0, Math.max(0, name.lastIndexOf("/")));
    const split = SPLITS[prefix.toLowerCase()] ?? prefix;
    const quantity = titleOf(leaf);
    const isKnown = prefix.toLowerCase() in SPLITS;
    const isTaken = figures.has(quantity) && leafOf(figures.get(quantity)!.name) === leafOf(name);
    const whole = `${split} ${quantity.charAt(0).toLowerCase()}${quantity.slice(1)}`;
    const title = isKnown || (split && isTaken) ? whole : quantity;
    if (!figures.has(title)) figures.set(title, { name, title, isShare: kindOf(leaf).isShare });
  }
  return [...figures.values()].sort((a, b) => rank(a) - rank(b)).slice(0, most);
}

function rank(figure: Figure): number {
  const place = FIRST.indexOf(figure.title);
  return place < 0 ? FIRST.length : place;
}
