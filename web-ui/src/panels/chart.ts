// A metric's curves on a canvas: lines, min–max bands, NaN marks, zoom, cursor. Plain class, drawn by the scheduler.
import uPlot from "uplot";
import type { Card } from "../cards";
import { type Theme, tokensOf } from "../colours";
import { csvLabel, findingOf, footOf } from "../finding";
import { csvRows, drawnColumn, type Grid, pointsDrawn, pointsInRange, pointsStored } from "../grid";
import { readoutOf } from "../readout";
import { csvText } from "../save";
import { addPanel, markDirty, type Panel, removePanel } from "../scheduler";
import { type ChartLink, countDrawn, openChart } from "../session";
import { smooth } from "../smooth";
import { indexRange } from "../ticks";
import { chartOptions, DASHES } from "./chart-options";
import { chartPicture } from "./picture";

/** Elements that the panel writes into. */
export interface ChartSlots {
  card: HTMLElement;
  plot: HTMLElement;
  readout: HTMLElement;
  finding: HTMLElement;
  foot: HTMLElement;
  live: HTMLElement;
  csv: HTMLElement;
}

/** How a chart is drawn. */
export interface ChartLook {
  isLog: boolean;
  smoothing: number;
  theme: Theme;
}

/** Query columns are asked in steps of this many, so that a drag of the window does not ask for each pixel. */
const COLUMN_STEP = 64;

/** The panel. */
export class ChartPanel implements Panel {
  readonly element: Element;
  grid: Grid | null = null;
  #plot: uPlot | null = null;
  #link: ChartLink;
  #range: [number, number] | null = null;
  #asked = "";
  #fresh = false;
  #watcher: ResizeObserver;
  #values: HTMLElement[] = [];
  #where: HTMLElement | null = null;

  constructor(
    private readonly run: string,
    private readonly card: Card,
    private readonly slots: ChartSlots,
    private look: ChartLook,
    private readonly changed: (grid: Grid) => void,
  ) {
    this.element = slots.plot;
    this.#link = openChart((grid) => this.#answered(grid));
    this.#buildReadout();
    this.#watcher = new ResizeObserver(() => this.resize());
    this.#watcher.observe(slots.plot);
    slots.plot.addEventListener("keydown", this.#keyed);
    slots.plot.addEventListener("wheel", this.#wheeled, { passive: false });
    addPanel(this);
  }

  /** Draws what changed. */
  frame(): void {
    const grid = this.grid;
    const { clientWidth: width, clientHeight: height } = this.slots.plot;
    if (!grid || width < 40 || height < 40) return;
    if (!this.#plot) {
      this.#plot = new uPlot(this.#options(width, height), this.#data(grid), this.slots.plot);
      this.slots.plot.querySelector("canvas")?.setAttribute("aria-hidden", "true");
    } else {
      if (this.#plot.width !== width || this.#plot.height !== height) this.#plot.setSize({ width, height });
      this.#plot.setData(this.#data(grid));
    }
    this.#write(grid);
  }

  /** Asks for as many columns as the plot is wide, and draws. */
  resize(): void {
    this.#ask();
    markDirty(this);
  }

  /** Draws in another manner. */
  restyle(look: ChartLook): void {
    const isRebuilt = look.isLog !== this.look.isLog || look.theme !== this.look.theme;
    this.look = look;
    if (isRebuilt) this.#drop();
    this.#fresh = true;
    this.#buildReadout();
    markDirty(this);
  }

  /** Shows the whole range again. */
  resetZoom(): void {
    if (this.#range === null) return;
    this.#range = null;
    this.#ask();
    markDirty(this);
  }

  /** What is shown, as CSV. */
  toCSV(): string {
    return this.grid ? csvText(csvRows(this.grid, this.card.index)) : "";
  }

  /** What is shown, as a picture; null before the first drawing. */
  toPNG(): Promise<Blob | null> {
    if (!this.#plot || !this.grid) return Promise.resolve(null);
    return chartPicture(this.#plot.ctx.canvas, this.card, findingOf(this.card, this.grid), this.look.theme);
  }

  /** Lets go of everything. */
  destroy(): void {
    removePanel(this);
    this.#watcher.disconnect();
    this.#link.close();
    this.slots.plot.removeEventListener("keydown", this.#keyed);
    this.slots.plot.removeEventListener("wheel", this.#wheeled);
    this.#drop();
  }

  #drop(): void {
    this.#plot?.destroy();
    this.#plot = null;
  }

  #answered(grid: Grid): void {
    this.grid = grid;
    this.#fresh = true;
    this.changed(grid);
    markDirty(this);
  }

  #ask(): void {
    const width = this.slots.plot.clientWidth;
    if (width < 40) return;
    const columns = Math.min(8192, Math.ceil(width / COLUMN_STEP) * COLUMN_STEP);
    const series = this.card.series.map(({ name }) => ({ run: this.run, name }));
    const query = { series, range: this.#range, columns };
    const text = JSON.stringify(query);
    if (text === this.#asked) return;
    this.#asked = text;
    this.#link.ask(query);
  }

  #options(width: number, height: number): uPlot.Options {
    return chartOptions({
      width,
      height,
      card: this.card,
      isLog: this.look.isLog,
      theme: this.look.theme,
      xRange: () => this.#xRange(),
      grid: () => this.grid,
      zoom: (from, to) => this.#zoom(from, to),
      reset: () => this.resetZoom(),
      moved: () => this.#writeReadout(),
    });
  }

  #xRange(): [number, number] {
    if (this.#range) return this.#range;
    return this.grid?.first == null || this.grid.last === null
      ? [0, 1]
      : indexRange(this.grid.first, this.grid.last);
  }

  #data(grid: Grid): uPlot.AlignedData {
    const { isLog } = this.look;
    // A handful of epochs needs no smoothing; it would only hide what they say.
    const smoothing = this.card.index === "step" ? this.look.smoothing : 0;
    const columns = grid.series.flatMap((one) => {
      const raw = drawnColumn(one.last, one.count, isLog);
      const isBanded = grid.stride > 1;
      const none = raw.map(() => undefined);
      const low = isBanded ? drawnColumn(one.min, one.count, isLog) : none;
      const high = isBanded ? drawnColumn(one.max, one.count, isLog) : none;
      return [low, high, smoothing > 0 ? raw : none, smooth(raw, smoothing)];
    });
    return [Array.from(grid.x), ...columns] as uPlot.AlignedData;
  }

  #zoom(from: number, to: number): void {
    const [low, high] = [Math.max(0, from), Math.max(0, to)];
    if (!(high - low >= 0.5)) return;
    this.#range = [low, high];
    this.#ask();
    markDirty(this);
  }

  #write(grid: Grid): void {
    if (this.#fresh) {
      this.#fresh = false;
      const { isLog } = this.look;
      countDrawn(this.#link.chart, { drawn: pointsDrawn(grid, isLog), inRange: pointsInRange(grid) });
      this.slots.card.dataset.points = String(pointsStored(grid));
      this.slots.finding.textContent = findingOf(this.card, grid);
      this.slots.foot.textContent = footOf(grid, isLog, this.#range !== null);
      this.slots.csv.title = csvLabel(grid);
      this.slots.csv.setAttribute("aria-label", csvLabel(grid));
      this.slots.plot.setAttribute("aria-label", this.#summary(grid));
    }
    this.#writeReadout();
  }

  #summary(grid: Grid): string {
    const names = this.card.series.map((one) => one.label).join(", ");
    return `${this.card.title}, curves of ${names}. ${findingOf(this.card, grid)}. Left and right arrows read values.`;
  }

  #buildReadout(): void {
    const tokens = tokensOf(this.look.theme);
    const where = document.createElement("span");
    where.className = "where";
    const items = this.card.series.map((one) => {
      const item = document.createElement("span");
      item.className = "key";
      const mark = document.createElement("i");
      const [on, off] = DASHES[one.colour % DASHES.length] ?? [];
      const colour = tokens.runs[one.colour % tokens.runs.length]!;
      mark.style.background = on
        ? `repeating-linear-gradient(90deg, ${colour} 0 ${on}px, transparent ${on}px ${on + (off ?? on)}px)`
        : colour;
      const value = document.createElement("b");
      item.append(mark, one.label, " ", value);
      return { item, value };
    });
    this.#where = where;
    this.#values = items.map(({ value }) => value);
    this.slots.readout.replaceChildren(where, ...items.map(({ item }) => item));
  }

  #writeReadout(): string {
    const grid = this.grid;
    if (!grid || !this.#where) return "";
    const { where, values } = readoutOf(grid, this.card, this.#plot?.cursor.idx ?? null);
    this.#where.textContent = where;
    values.forEach((text, i) => {
      const slot = this.#values[i];
      if (slot && slot.textContent !== text) slot.textContent = text;
    });
    return `${where}: ${values.map((text, i) => `${this.card.series[i]?.label} ${text}`).join(", ")}`;
  }

  #keyed = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : 0;
    const plot = this.#plot;
    if (step === 0 || !plot || !this.grid || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    const last = this.grid.x.length - 1;
    const from = plot.cursor.idx ?? (step > 0 ? -1 : last + 1);
    const to = Math.min(last, Math.max(0, from + step * (event.shiftKey ? 10 : 1)));
    plot.setCursor({
      left: plot.valToPos(this.grid.x[to]!, "x"),
      top: plot.bbox.height / devicePixelRatio / 2,
    });
    this.slots.live.textContent = this.#writeReadout();
  };

  #wheeled = (event: WheelEvent): void => {
    const plot = this.#plot;
    if (!event.altKey || !plot) return;
    event.preventDefault();
    const box = plot.over.getBoundingClientRect();
    const [low, high] = this.#xRange();
    const centre = plot.posToVal(event.clientX - box.left, "x");
    const factor = event.deltaY < 0 ? 0.8 : 1.25;
    const [from, to] = [centre - (centre - low) * factor, centre + (high - centre) * factor];
    const { first, last } = this.grid ?? { first: null, last: null };
    if (first !== null && last !== null && from <= first && to >= last) this.resetZoom();
    else this.#zoom(from, to);
  };
}
