// Keys that work everywhere but in text fields.
import { distinctEpochs, movedEpoch } from "../epochs";
import { details, show, toggleTheme, view } from "../session";
import { evaluationsShown } from "./evaluate";
import { toggleShortcuts } from "./shortcuts";

/** Charts that Z resets. */
export const zoomed = new Set<{ resetZoom(): void }>();

/** Listens until the returned function is called. */
export function listenToKeys(): () => void {
  addEventListener("keydown", pressed);
  return () => removeEventListener("keydown", pressed);
}

function pressed(event: KeyboardEvent): void {
  if (event.altKey && event.code === "KeyM") {
    event.preventDefault();
    toggleTheme();
    return;
  }
  const target = event.target as HTMLElement;
  if (
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    target.matches("input:not([type=range]), select, textarea")
  )
    return;
  if (act(event.key, target)) event.preventDefault();
}

function act(key: string, target: HTMLElement): boolean {
  switch (key) {
    case "1":
      show({ tab: "curves" });
      return true;
    case "2":
      show({ tab: "layers" });
      return true;
    case "3":
      show({ tab: "evaluate" });
      return true;
    case "?":
      toggleShortcuts();
      return true;
    case "/":
      document.querySelector<HTMLInputElement>("#filter")?.focus();
      return true;
    case "s":
      document.querySelector<HTMLInputElement>("#smoothing")?.focus();
      return true;
    case "l":
      show({ isLog: !view.value.isLog });
      return true;
    case "g":
      show({ isPerMap: !view.value.isPerMap });
      return true;
    case "z":
    case "Z":
      for (const chart of zoomed) chart.resetZoom();
      return true;
    default:
      return moveEpoch(key, target);
  }
}

function moveEpoch(key: string, target: HTMLElement): boolean {
  const isArrow = key === "ArrowLeft" || key === "ArrowRight" || key === "End";
  const isDot = key === "," || key === ".";
  const run = details.value;
  const tab = view.value.tab;
  if (!run || !(isDot || isArrow) || !(tab === "layers" || tab === "evaluate")) return false;
  if (isArrow && target.closest("[role=grid], [role=tablist], input, dialog")) return false;
  const epochs = distinctEpochs(tab === "layers" ? run.tensors : evaluationsShown(run));
  if (key === "End") show({ epoch: null });
  else show({ epoch: movedEpoch(epochs, view.value.epoch, key === "ArrowLeft" || key === "," ? -1 : 1) });
  return true;
}
