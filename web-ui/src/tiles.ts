// Feature maps as tiles: where each lies, on which scale, which are silent. Pure.

/** Largest |activation| of a channel that is called silent. */
export const SILENT_BELOW = 1e-5;

/** Facts about one channel. */
export interface ChannelFacts {
  min: number;
  max: number;
  nonfinite: number;
  /** All finite values are (nearly) 0. */
  isSilent: boolean;
}

/** Facts about each of `channels` equal parts of `values`. */
export function channelFacts(values: ArrayLike<number>, channels: number): ChannelFacts[] {
  const size = channels > 0 ? Math.floor(values.length / channels) : 0;
  return Array.from({ length: channels }, (_, c) => factsOf(values, c * size, (c + 1) * size));
}

function factsOf(values: ArrayLike<number>, start: number, end: number): ChannelFacts {
  let [min, max, nonfinite] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (let i = start; i < end; i++) {
    const v = values[i]!;
    if (!Number.isFinite(v)) nonfinite += 1;
    else {
      if (v < min) min = v;
      if (v > max) max = v;
    }
  }
  if (min > max) [min, max] = [0, 0];
  const isSilent = nonfinite === 0 && Math.max(Math.abs(min), Math.abs(max)) < SILENT_BELOW;
  return { min, max, nonfinite, isSilent };
}

/** Least and largest value of all channels, with 0 between them. */
export function reachOf(facts: readonly ChannelFacts[]): { min: number; max: number } {
  let [min, max] = [0, 0];
  for (const one of facts) {
    if (one.min < min) min = one.min;
    if (one.max > max) max = one.max;
  }
  return { min, max };
}

/** A colour scale: from 0 up, or symmetric about 0 as soon as something is negative. */
export interface Scale {
  low: number;
  high: number;
  isSigned: boolean;
}

/** The scale that holds all of `facts`. */
export function scaleOf(facts: readonly ChannelFacts[]): Scale {
  const { min, max } = reachOf(facts);
  const isSigned = min < -SILENT_BELOW;
  const size = Math.max(-min, max);
  return isSigned ? { low: -size, high: size, isSigned } : { low: 0, high: max, isSigned };
}

/** Where tiles lie, in whole pixels of the screen. */
export interface TileLayout {
  columns: number;
  rows: number;
  /** Pixels per map cell. */
  cell: number;
  tileWidth: number;
  tileHeight: number;
  gap: number;
  /** Height of the name under a tile. */
  label: number;
  width: number;
  height: number;
}

/** Limits of a layout, in pixels of the screen. */
export interface TileRoom {
  width: number;
  gap: number;
  label: number;
  /** Width that a tile should reach when it can. */
  wanted: number;
}

/** Lays `n` maps of `mapWidth` × `mapHeight` cells into the room: whole pixels per cell, rows of equal length. */
export function layoutTiles(n: number, mapWidth: number, mapHeight: number, room: TileRoom): TileLayout {
  const fit = Math.max(1, Math.floor((room.width + room.gap) / (mapWidth + room.gap)));
  const wantedCell = Math.max(1, Math.round(room.wanted / mapWidth));
  const wantedFit = Math.max(1, Math.floor((room.width + room.gap) / (mapWidth * wantedCell + room.gap)));
  const most = Math.max(1, Math.min(n, fit, wantedFit));
  const columns = evenColumns(n, most, Math.min(n, fit));
  const rows = Math.ceil(n / columns);
  const share = Math.floor((room.width - room.gap * (columns - 1)) / columns / mapWidth);
  const cell = Math.max(1, Math.min(share, Math.ceil(wantedCell * 1.35)));
  const [tileWidth, tileHeight] = [mapWidth * cell, mapHeight * cell];
  return {
    columns,
    rows,
    cell,
    tileWidth,
    tileHeight,
    gap: room.gap,
    label: room.label,
    width: columns * tileWidth + (columns - 1) * room.gap,
    height: rows * (tileHeight + room.label) + Math.max(0, rows - 1) * room.gap,
  };
}

/** About `wanted` columns, at most `fit`; a third more or fewer when that makes all rows equally long. */
function evenColumns(n: number, wanted: number, fit: number): number {
  for (let off = 0; off <= Math.floor(wanted * 0.4); off++) {
    for (const columns of [wanted + off, wanted - off]) {
      if (columns > 1 && columns <= fit && n % columns === 0) return columns;
    }
  }
  return Math.max(1, Math.ceil(n / Math.ceil(n / wanted)));
}

/** Upper left corner of tile `c`. */
export function tileCorner(layout: TileLayout, c: number): { left: number; top: number } {
  return {
    left: (c % layout.columns) * (layout.tileWidth + layout.gap),
    top: Math.floor(c / layout.columns) * (layout.tileHeight + layout.label + layout.gap),
  };
}

/** The map cell under a pixel of the screen; null between tiles. */
export function cellAt(layout: TileLayout, n: number, left: number, top: number) {
  const column = Math.floor(left / (layout.tileWidth + layout.gap));
  const row = Math.floor(top / (layout.tileHeight + layout.label + layout.gap));
  const channel = row * layout.columns + column;
  if (left < 0 || top < 0 || column >= layout.columns || channel >= n) return null;
  const corner = tileCorner(layout, channel);
  const x = Math.floor((left - corner.left) / layout.cell);
  const y = Math.floor((top - corner.top) / layout.cell);
  const isInside = x * layout.cell < layout.tileWidth && y * layout.cell < layout.tileHeight;
  return isInside ? { channel, x, y } : null;
}

/** The layer's finding in words. */
export function silenceOf(facts: readonly ChannelFacts[], isDense: boolean): string {
  const what = isDense ? "feature" : "channel";
  const bad = facts.reduce((n, one) => n + one.nonfinite, 0);
  const silent = facts.filter((one) => one.isSilent).length;
  const said = `${silent === 0 ? "no" : silent} of ${facts.length} ${what}s silent on this image`;
  return bad > 0 ? `${bad} NaN/Inf · ${said}` : said;
}
