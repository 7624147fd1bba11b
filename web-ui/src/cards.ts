// Which series share a card, and what the card is called. Pure.
import type { SeriesIndex, SeriesInfo } from "./generated/schema";

/** A series as a card shows it. */
export interface CardSeries {
  name: string;
  /** What tells it from its neighbours: the part before the last slash, or the leaf. */
  label: string;
  /** Place in the palette: 0 for training, 1 for validation, 2 for test, then by order. */
  colour: number;
}

/** A metric's card. */
export interface Card {
  /** The leaf name, unique among the cards. */
  metric: string;
  title: string;
  index: SeriesIndex;
  /** Shares from 0 to 1, shown in per cent. */
  isShare: boolean;
  /** Whether smaller or larger values are better; null when unknown. */
  better: "low" | "high" | null;
  series: CardSeries[];
}

const SPLIT_COLOURS: Record<string, number> = {
  train: 0,
  training: 0,
  validation: 1,
  valid: 1,
  val: 1,
  test: 2,
};

const SPELLED: Record<string, string> = {
  lr: "Learning rate",
  acc: "Accuracy",
  grad_norm: "Gradient norm",
  f1: "F1",
};

/** Groups series into cards: losses first, then accuracies, then the rest by name. */
export function cardsFromSeries(series: readonly Pick<SeriesInfo, "name" | "index">[]): Card[] {
  const groups = grouped(series, (one) => `${leafOf(one.name)}\n${one.index}`);
  const leaves = grouped([...groups.keys()], (key) => key.split("\n")[0]!);
  const cards = [...groups.values()].map((members) => {
    const clash = leaves.get(leafOf(members[0]!.name))!.length > 1;
    return cardOf(members, clash, leaves);
  });
  return cards.sort((a, b) => rank(a) - rank(b) || (a.metric < b.metric ? -1 : a.metric > b.metric ? 1 : 0));
}

/** The part after the last slash; the whole name when nothing follows. */
export function leafOf(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1) || name;
}

/** What a metric measures: shares and direction. */
export function kindOf(leaf: string): Pick<Card, "isShare" | "better"> {
  const lower = leaf.toLowerCase();
  if (/accuracy|(^|_)acc($|_)/.test(lower)) return { isShare: true, better: "high" };
  if (/loss|error|perplexity/.test(lower)) return { isShare: false, better: "low" };
  if (/(^|_)(f1|mcc|auc|precision|recall)($|_)/.test(lower)) return { isShare: false, better: "high" };
  return { isShare: false, better: null };
}

/** A metric's name in words: `grad_norm` is "Gradient norm". */
export function titleOf(leaf: string): string {
  const spelled = SPELLED[leaf.toLowerCase()];
  if (spelled) return spelled;
  const words = leaf.replaceAll(/[_\s]+/g, " ").trim() || leaf;
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

function cardOf(
  members: readonly Pick<SeriesInfo, "name" | "index">[],
  clash: boolean,
  leaves: Map<string, string[]>,
): Card {
  const leaf = leafOf(members[0]!.name);
  const index = members[0]!.index;
  const bare = leaf.replace(/^epoch_/, "");
  const paired = bare !== leaf || clash || leaves.has(`epoch_${leaf}`) || /^(loss|accuracy)$/.test(leaf);
  const unit = index === "epoch" ? "epoch" : "batch";
  return {
    metric: clash ? `${leaf}-${index}` : leaf,
    title: paired ? `${titleOf(bare)} per ${unit}` : titleOf(bare),
    index,
    ...kindOf(bare),
    series: labelled(members.map((member) => member.name)),
  };
}

function labelled(names: string[]): CardSeries[] {
  const sorted = names.toSorted((a, b) => splitRank(a) - splitRank(b) || (a < b ? -1 : 1));
  const taken = new Set<number>();
  return sorted.map((name) => {
    const slash = name.lastIndexOf("/");
    const label = slash > 0 ? name.slice(0, slash) : leafOf(name);
    let colour = SPLIT_COLOURS[label.toLowerCase()] ?? (sorted.length === 1 ? 0 : 3);
    while (taken.has(colour)) colour += 1;
    taken.add(colour);
    return { name, label, colour };
  });
}

function splitRank(name: string): number {
  return SPLIT_COLOURS[name.slice(0, Math.max(0, name.lastIndexOf("/"))).toLowerCase()] ?? 3;
}

function rank(card: Card): number {
  const bare = card.metric.replace(/^epoch_/, "");
  const family =
    bare === "loss" ? 0 : bare === "accuracy" ? 1 : card.better === "low" ? 2 : card.isShare ? 3 : 4;
  return (card.metric.startsWith("epoch_") && family < 2 ? 2 : 0) + family + (family > 1 ? 4 : 0);
}
