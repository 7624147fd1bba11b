// What the page shows, as it stands in the address: copy the link, get the same picture. Pure.

/** The tabs; `runs` is a page only where the window is narrow. */
export type Tab = "curves" | "layers" | "evaluate" | "runs";
/** How the confusion matrix counts. */
export type CellMode = "count" | "row" | "column";

/** The whole state of the view. */
export interface View {
  /** The chosen run; null follows the newest. */
  run: string | null;
  tab: Tab;
  /** The chosen epoch; null follows the newest. */
  epoch: number | null;
  layer: string | null;
  split: string | null;
  isLog: boolean;
  /** Smoothing weight, 0 to 0.99. */
  smoothing: number;
  isPerMap: boolean;
  cells: CellMode;
}

/** The view of an empty address. */
export const DEFAULT_VIEW: View = {
  run: null,
  tab: "curves",
  epoch: null,
  layer: null,
  split: null,
  isLog: false,
  smoothing: 0.6,
  isPerMap: false,
  cells: "count",
};

const TABS: readonly string[] = ["curves", "layers", "evaluate", "runs"];
const CELLS: readonly string[] = ["count", "row", "column"];

/** Reads the part of the address after `#`; what is not understood keeps its default. */
export function viewFromHash(hash: string): View {
  const fields = new URLSearchParams(hash.replace(/^#/, ""));
  const tab = fields.get("tab") ?? "";
  const cells = fields.get("cells") ?? "";
  const epoch = Number(fields.get("epoch") ?? Number.NaN);
  const smoothing = Number(fields.get("smooth") ?? DEFAULT_VIEW.smoothing);
  return {
    run: fields.get("run") || null,
    tab: TABS.includes(tab) ? (tab as Tab) : "curves",
    epoch: Number.isSafeInteger(epoch) && epoch >= 0 ? epoch : null,
    layer: fields.get("layer") || null,
    split: fields.get("split") || null,
    isLog: fields.get("y") === "log",
    smoothing: smoothing >= 0 && smoothing < 1 ? Math.min(0.99, smoothing) : DEFAULT_VIEW.smoothing,
    isPerMap: fields.get("maps") === "own",
    cells: CELLS.includes(cells) ? (cells as CellMode) : "count",
  };
}

/** Writes what differs from the default, with its `#`; empty when nothing does. */
export function hashFromView(view: View): string {
  const fields = new URLSearchParams();
  if (view.run) fields.set("run", view.run);
  if (view.tab !== "curves") fields.set("tab", view.tab);
  if (view.epoch !== null) fields.set("epoch", String(view.epoch));
  if (view.layer) fields.set("layer", view.layer);
  if (view.split) fields.set("split", view.split);
  if (view.isLog) fields.set("y", "log");
  if (view.smoothing !== DEFAULT_VIEW.smoothing) fields.set("smooth", String(view.smoothing));
  if (view.isPerMap) fields.set("maps", "own");
  if (view.cells !== "count") fields.set("cells", view.cells);
  const text = fields.toString();
  return text ? `#${text}` : "";
}
