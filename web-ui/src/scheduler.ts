// One animation frame for all panels: draws those that changed and are on screen, once.

/** A drawing that lives outside the framework. */
export interface Panel {
  /** Element whose visibility counts. */
  readonly element: Element;
  /** Draws what changed. */
  frame(): void;
}

const panels = new Map<Element, Panel>();
const dirty = new Set<Panel>();
const onScreen = new Set<Panel>();
let scheduled = false;
let watcher: IntersectionObserver | null = null;

/** Starts drawing a panel. */
export function addPanel(panel: Panel): void {
  watcher ??= new IntersectionObserver(noticed, { rootMargin: "120px" });
  panels.set(panel.element, panel);
  watcher.observe(panel.element);
  markDirty(panel);
}

/** Stops drawing a panel. */
export function removePanel(panel: Panel): void {
  watcher?.unobserve(panel.element);
  panels.delete(panel.element);
  dirty.delete(panel);
  onScreen.delete(panel);
}

/** Asks for a drawing in the next animation frame in which the panel is on screen. */
export function markDirty(panel: Panel): void {
  dirty.add(panel);
  schedule();
}

function noticed(entries: IntersectionObserverEntry[]): void {
  for (const entry of entries) {
    const panel = panels.get(entry.target);
    if (!panel) continue;
    if (entry.isIntersecting) onScreen.add(panel);
    else onScreen.delete(panel);
  }
  schedule();
}

function schedule(): void {
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(() => {
    scheduled = false;
    for (const panel of dirty) {
      if (!onScreen.has(panel)) continue;
      dirty.delete(panel);
      panel.frame();
    }
  });
}
