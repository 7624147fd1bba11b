// A layer's answer to the probe image: feature maps as tiles, or the features of a dense layer as bars.
import { type ColourTable, divergingTable, type Theme, tokensOf, viridisTable } from "../colours";
import { value } from "../format";
import { addPanel, markDirty, type Panel, removePanel } from "../scheduler";
import {
  type ChannelFacts,
  cellAt,
  channelFacts,
  layoutTiles,
  type Scale,
  scaleOf,
  type TileLayout,
  tileCorner,
} from "../tiles";
import { drawMap } from "./raster";

/** What is drawn. */
export interface MapsContent {
  values: Float32Array;
  shape: readonly number[];
  epoch: number;
}

/** How it is drawn. */
export interface MapsLook {
  isPerMap: boolean;
  theme: Theme;
}

/** Where the cursor stands. */
interface Spot {
  channel: number;
  y: number;
  x: number;
}

const TILE_WANTED = 84;
const STRIP_HEIGHT = 96;
/** Features that are drawn at most: a wider canvas would stay blank in some browsers. */
export const MOST_BARS = 16384;

/** The panel. */
export class MapsPanel implements Panel {
  readonly element: HTMLElement;
  facts: ChannelFacts[] = [];
  scale: Scale = { low: 0, high: 0, isSigned: false };
  #content: MapsContent | null = null;
  #layout: TileLayout | null = null;
  #spot: Spot | null = null;
  #watcher: ResizeObserver;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly readout: HTMLElement,
    private look: MapsLook,
  ) {
    this.element = canvas.parentElement!;
    this.#watcher = new ResizeObserver(() => markDirty(this));
    this.#watcher.observe(this.element);
    canvas.addEventListener("pointermove", this.#pointed);
    canvas.addEventListener("pointerleave", this.#left);
    canvas.addEventListener("keydown", this.#keyed);
    addPanel(this);
  }

  /** Takes new numbers. */
  fill(content: MapsContent): void {
    this.#content = content;
    const [channels = 0] = content.shape;
    this.facts = channelFacts(content.values, channels);
    this.scale = scaleOf(this.facts);
    this.#writeSpot();
    markDirty(this);
  }

  /** Draws in another manner. */
  restyle(look: MapsLook): void {
    this.look = look;
    markDirty(this);
  }

  /** Draws. */
  frame(): void {
    const content = this.#content;
    const ctx = this.canvas.getContext("2d");
    const room = Math.floor(this.element.clientWidth * devicePixelRatio);
    if (!content || !ctx || room < 8) return;
    const layout = this.#laidOut(content, room);
    this.#layout = layout;
    this.canvas.width = layout.width;
    this.canvas.height = layout.height;
    this.canvas.style.width = `${layout.width / devicePixelRatio}px`;
    this.canvas.style.height = `${layout.height / devicePixelRatio}px`;
    if (content.shape.length === 3) this.#drawTiles(ctx, content, layout);
    else this.#drawBars(ctx, content, layout);
    this.canvas.dataset.epoch = String(content.epoch);
  }

  /** Lets go of everything. */
  destroy(): void {
    removePanel(this);
    this.#watcher.disconnect();
    this.canvas.removeEventListener("pointermove", this.#pointed);
    this.canvas.removeEventListener("pointerleave", this.#left);
    this.canvas.removeEventListener("keydown", this.#keyed);
  }

  #laidOut(content: MapsContent, width: number): TileLayout {
    const dpr = devicePixelRatio;
    const [channels = 0, mapHeight = 1, mapWidth = 1] = content.shape;
    if (content.shape.length === 3) {
      const wanted = TILE_WANTED * dpr;
      return layoutTiles(channels, mapWidth, mapHeight, { width, gap: 8 * dpr, label: 17 * dpr, wanted });
    }
    const bars = Math.max(1, Math.min(channels, MOST_BARS));
    const gap = channels <= 64 ? Math.round(2 * dpr) : 0;
    const bar = Math.max(1, Math.min(Math.round(44 * dpr), Math.floor((width + gap) / bars) - gap));
    return {
      columns: bars,
      rows: 1,
      cell: bar,
      tileWidth: bar,
      tileHeight: Math.round(STRIP_HEIGHT * dpr),
      gap,
      label: Math.round(17 * dpr),
      width: Math.max(1, bars * (bar + gap) - gap),
      height: Math.round((STRIP_HEIGHT + 17) * dpr),
    };
  }

  #drawTiles(ctx: CanvasRenderingContext2D, content: MapsContent, layout: TileLayout): void {
    const [channels = 0, height = 0, width = 0] = content.shape;
    const table = this.#table();
    const size = { width, height, cell: layout.cell };
    for (let c = 0; c < channels; c++) {
      const scale = this.look.isPerMap ? scaleLike(this.scale, this.facts[c]!) : this.scale;
      drawMap(ctx, content.values, c * width * height, size, tileCorner(layout, c), table, scale);
      this.#drawFrame(ctx, layout, c);
    }
    if (this.#spot) this.#drawSpot(ctx, layout, this.#spot);
  }

  #table(): ColourTable {
    return this.scale.isSigned ? divergingTable(this.look.theme) : viridisTable();
  }

  #drawFrame(ctx: CanvasRenderingContext2D, layout: TileLayout, c: number): void {
    const tokens = tokensOf(this.look.theme);
    const { left, top } = tileCorner(layout, c);
    const dpr = devicePixelRatio;
    const isSilent = this.facts[c]?.isSilent ?? false;
    if (isSilent || this.scale.isSigned) {
      const pen = isSilent ? Math.round(1.5 * dpr) : Math.round(dpr);
      ctx.strokeStyle = isSilent ? tokens.bad : tokens.line2;
      ctx.lineWidth = pen;
      ctx.strokeRect(left + pen / 2, top + pen / 2, layout.tileWidth - pen, layout.tileHeight - pen);
    }
    ctx.font = `${10.5 * dpr}px "JetBrains Mono", monospace`;
    ctx.textBaseline = "top";
    ctx.fillStyle = isSilent ? tokens.bad : tokens.text;
    ctx.textAlign = "left";
    const name = `c${c}`;
    ctx.fillText(name, left, top + layout.tileHeight + 3 * dpr);
    const room = layout.tileWidth - ctx.measureText(`${name} `).width;
    const most = isSilent ? "✕ silent" : value(this.facts[c]?.max ?? null, 3);
    ctx.fillStyle = isSilent ? tokens.bad : tokens.muted;
    ctx.textAlign = "right";
    const text = ctx.measureText(most).width <= room ? most : isSilent ? "✕" : "";
    ctx.fillText(text, left + layout.tileWidth, top + layout.tileHeight + 3 * dpr);
  }

  #drawSpot(ctx: CanvasRenderingContext2D, layout: TileLayout, spot: Spot): void {
    const { left, top } = tileCorner(layout, spot.channel);
    const pen = Math.max(1, Math.round(devicePixelRatio));
    const [x, y] = [left + spot.x * layout.cell, top + spot.y * layout.cell];
    ctx.lineWidth = pen;
    ctx.strokeStyle = "#fff";
    ctx.strokeRect(x - pen / 2, y - pen / 2, layout.cell + pen, layout.cell + pen);
    ctx.strokeStyle = "#000";
    ctx.strokeRect(x - pen * 1.5, y - pen * 1.5, layout.cell + pen * 3, layout.cell + pen * 3);
  }

  #drawBars(ctx: CanvasRenderingContext2D, content: MapsContent, layout: TileLayout): void {
    const tokens = tokensOf(this.look.theme);
    const { low, high } = this.scale;
    const span = high - low || 1;
    const zero = layout.tileHeight * (high / span);
    const dpr = devicePixelRatio;
    ctx.font = `${10.5 * dpr}px "JetBrains Mono", monospace`;
    ctx.textAlign = "center";
    ctx.textBaseline = "top";
    content.values.subarray(0, MOST_BARS).forEach((v, f) => {
      const left = f * (layout.tileWidth + layout.gap);
      ctx.fillStyle = tokens.sunk;
      ctx.fillRect(left, 0, layout.tileWidth, layout.tileHeight);
      ctx.fillStyle = !Number.isFinite(v) ? "rgb(255 0 200)" : v < 0 ? tokens.miss : tokens.hit;
      const size = Number.isFinite(v) ? (Math.abs(v) / span) * layout.tileHeight : layout.tileHeight;
      ctx.fillRect(left, v < 0 ? zero : Math.max(0, zero - size), layout.tileWidth, size);
      if (layout.tileWidth < 16 * dpr) return;
      ctx.fillStyle = this.#spot?.channel === f ? tokens.text : tokens.muted;
      ctx.fillText(String(f), left + layout.tileWidth / 2, layout.tileHeight + 3 * dpr);
    });
    ctx.fillStyle = tokens.faint;
    ctx.fillRect(0, Math.min(layout.tileHeight - 1, zero), layout.width, Math.max(1, Math.round(dpr)));
    if (this.#spot && content.shape.length === 1) {
      ctx.strokeStyle = tokens.text;
      ctx.lineWidth = dpr;
      const left = this.#spot.channel * (layout.tileWidth + layout.gap);
      ctx.strokeRect(left + dpr / 2, dpr / 2, layout.tileWidth - dpr, layout.tileHeight - dpr);
    }
  }

  #pointed = (event: PointerEvent): void => {
    const content = this.#content;
    if (!content || !this.#layout) return;
    const [left, top] = [event.offsetX * devicePixelRatio, event.offsetY * devicePixelRatio];
    const hit = cellAt(this.#layout, content.shape[0] ?? 0, left, top);
    this.#move(hit && content.shape.length !== 3 ? { ...hit, x: 0, y: 0 } : hit);
  };

  #left = (): void => this.#move(null);

  #keyed = (event: KeyboardEvent): void => {
    const content = this.#content;
    const step = KEYS[event.key.toLowerCase()];
    if (!content || !step || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    const [channels = 0, height = 1, width = 1] = content.shape;
    const from = this.#spot ?? { channel: 0, y: Math.floor(height / 2), x: Math.floor(width / 2) };
    const clamp = (v: number, n: number) => Math.min(n - 1, Math.max(0, v));
    this.#move({
      channel: clamp(from.channel + step[0], channels),
      y: clamp(from.y + step[1], height),
      x: clamp(from.x + step[2], width),
    });
  };

  #move(spot: Spot | null): void {
    if (JSON.stringify(spot) === JSON.stringify(this.#spot)) return;
    this.#spot = spot;
    this.#writeSpot();
    markDirty(this);
  }

  #writeSpot(): void {
    const [spot, content] = [this.#spot, this.#content];
    if (!spot || !content) {
      this.readout.textContent = "";
      return;
    }
    const [, height = 1, width = 1] = content.shape;
    const v = content.values[spot.channel * height * width + spot.y * width + spot.x];
    const place =
      content.shape.length === 3 ? `c${spot.channel} at y ${spot.y}, x ${spot.x}` : `f${spot.channel}`;
    this.readout.textContent = `${place}: ${value(v, 5)}`;
  }
}

/** Steps of the cursor by key: channel, row, column. */
const KEYS: Record<string, readonly [number, number, number]> = {
  arrowup: [-1, 0, 0],
  arrowdown: [1, 0, 0],
  k: [0, -1, 0],
  j: [0, 1, 0],
  h: [0, 0, -1],
  l: [0, 0, 1],
};

function scaleLike(shared: Scale, facts: ChannelFacts): Scale {
  if (!shared.isSigned) return { low: 0, high: facts.max, isSigned: false };
  const size = Math.max(-facts.min, facts.max);
  return { low: -size, high: size, isSigned: true };
}
