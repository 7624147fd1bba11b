// What the page knows: signals filled by the connection, the view in the address, the theme.
import { batch, computed, effect, signal } from "@preact/signals";
import { cssVariables, type Theme } from "./colours";
import { Connection, type LinkState } from "./connection";
import type { Frame } from "./frame";
import { KIND_CHART } from "./frame";
import {
  type ChartQuery,
  PROTOCOL_VERSION,
  type RunDetails,
  type RunSummary,
  type ServerMessage,
} from "./generated/schema";
import { type Grid, gridFromFrame } from "./grid";
import { hashFromView, type View, viewFromHash } from "./view";
import { isGone, runToShow } from "./watched";

/** Whether the visor can be heard. */
export const link = signal<LinkState>("connecting");
/** The program's version, once it said so. */
export const version = signal("");
/** The folder of runs that is served; empty before the first answer. */
export const folder = signal("");
/** The last refusal or misunderstanding; empty when all is well. */
export const complaint = signal("");
/** All runs, newest first; null before the first answer. */
export const runs = signal<RunSummary[] | null>(null);
/** The view in the address. */
export const view = signal<View>(viewFromHash(location.hash));
/** Light or dark. */
export const theme = signal<Theme>("light");
/** Points on the screen and points behind them, by chart. */
export const drawn = signal<ReadonlyMap<number, { drawn: number; inRange: number }>>(new Map());

/** Whether the list of runs came over this connection: an older one may be of another visor. */
const isListed = signal(false);
const latest = signal<RunDetails | null>(null);

/** Id of the run on show: the chosen one, else the newest live one, else the newest. */
export const watched = computed<string | null>(() => runToShow(view.value.run, runs.value ?? []));

/** Whether the visor does not have the run on show. */
export const isWatchedGone = computed(() => isGone(watched.value, runs.value, isListed.value));

/** Details of the run on show; null until they are there, and when the visor does not have it any more. */
export const details = computed<RunDetails | null>(() =>
  latest.value?.summary.id === watched.value && !isWatchedGone.value ? latest.value : null,
);

let connection: Connection | null = null;
let nextChart = 1;
const charts = new Map<number, (grid: Grid) => void>();

/** Connects, and ties address and theme to their signals. */
export function startSession(): void {
  followTheme();
  followAddress();
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  connection = new Connection(`${scheme}//${location.host}/ws`, {
    state: (state) => {
      link.value = state;
      isListed.value = false;
    },
    message: received,
    frame: receivedFrame,
    garbled: (reason) => {
      complaint.value = reason;
    },
  });
  effect(() => {
    if (watched.value === null) return;
    complaint.value = "";
    connection?.watch(watched.value);
  });
}

/** Changes the view. */
export function show(change: Partial<View>): void {
  view.value = { ...view.value, ...change };
}

/** Switches between light and dark, and remembers it. */
export function toggleTheme(): void {
  theme.value = theme.value === "dark" ? "light" : "dark";
  remember(theme.value);
}

/** A chart's line to the visor. */
export interface ChartLink {
  readonly chart: number;
  ask(query: Omit<ChartQuery, "chart">): void;
  close(): void;
}

/** Opens a line; every answer goes to `answered`. */
export function openChart(answered: (grid: Grid) => void): ChartLink {
  const chart = nextChart++;
  charts.set(chart, answered);
  return {
    chart,
    ask: (query) => connection?.chart({ chart, ...query }),
    close: () => {
      charts.delete(chart);
      connection?.closeChart(chart);
      countDrawn(chart, null);
    },
  };
}

/** Notes how many points a chart shows; null when it is gone. */
export function countDrawn(chart: number, counts: { drawn: number; inRange: number } | null): void {
  const known = drawn.peek().get(chart);
  if (known?.drawn === counts?.drawn && known?.inRange === counts?.inRange) return;
  const next = new Map(drawn.peek());
  if (counts) next.set(chart, counts);
  else next.delete(chart);
  drawn.value = next;
}

function received(message: ServerMessage): void {
  switch (message.type) {
    case "hello":
      folder.value = message.folder ?? "";
      greet(message.protocol, message.version);
      break;
    case "runs":
      batch(() => {
        runs.value = message.runs;
        isListed.value = true;
      });
      break;
    case "run":
      latest.value = message.run;
      break;
    case "refused":
      complaint.value = message.reason;
      break;
  }
}

function receivedFrame(frame: Frame): void {
  if (frame.kind !== KIND_CHART) return;
  const grid = gridFromFrame(frame);
  charts.get(grid.chart)?.(grid);
}

/** A visor of another version serves another page: fetch it, but only once. */
function greet(protocol: number, text: string): void {
  version.value = text;
  const key = "trainscope-reloaded-for";
  if (protocol === PROTOCOL_VERSION) {
    complaint.value = "";
    sessionStorage.removeItem(key);
  } else if (sessionStorage.getItem(key) !== String(protocol)) {
    sessionStorage.setItem(key, String(protocol));
    location.reload();
  } else {
    complaint.value = `the visor speaks version ${protocol}, this page version ${PROTOCOL_VERSION}: clear the cache and reload`;
  }
}

function followAddress(): void {
  addEventListener("hashchange", () => {
    const wanted = viewFromHash(location.hash);
    if (hashFromView(wanted) !== hashFromView(view.peek())) view.value = wanted;
  });
  effect(() => {
    const hash = hashFromView(view.value);
    if (hash !== location.hash) history.replaceState(null, "", hash || location.pathname + location.search);
  });
}

function followTheme(): void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const wanted = (): Theme => remembered() ?? (system.matches ? "dark" : "light");
  theme.value = wanted();
  system.addEventListener("change", () => {
    theme.value = wanted();
  });
  effect(() => {
    const root = document.documentElement;
    root.dataset.theme = theme.value;
    for (const [name, colour] of cssVariables(theme.value)) root.style.setProperty(name, colour);
  });
}

const THEME_KEY = "trainscope-theme";

function remembered(): Theme | null {
  try {
    const text = localStorage.getItem(THEME_KEY);
    return text === "light" || text === "dark" ? text : null;
  } catch {
    return null; // storage may be forbidden; the theme then lasts as long as the page
  }
}

function remember(choice: Theme): void {
  try {
    localStorage.setItem(THEME_KEY, choice);
  } catch {
    // see remembered()
  }
}
