// Maps of numbers as whole, unsmoothed pixels through a colour table.
import { type ColourTable, NONFINITE_RGB, wordFromRgb } from "../colours";
import type { Scale } from "../tiles";

const NONFINITE_WORD = wordFromRgb(NONFINITE_RGB);

/** Place of `v` in a table of 256 colours. */
export function tableIndex(v: number, scale: Scale): number {
  const span = scale.high - scale.low;
  if (!(span > 0)) return scale.isSigned ? 128 : 0;
  return Math.min(255, Math.max(0, Math.round(((v - scale.low) / span) * 255)));
}

/** Draws one map of `width` × `height` numbers with whole pixels per number. */
export function drawMap(
  ctx: CanvasRenderingContext2D,
  values: ArrayLike<number>,
  start: number,
  size: { width: number; height: number; cell: number },
  at: { left: number; top: number },
  table: ColourTable,
  scale: Scale,
): void {
  const across = size.width * size.cell;
  const image = ctx.createImageData(across, size.height * size.cell);
  const words = new Uint32Array(image.data.buffer);
  for (let y = 0; y < size.height; y++) {
    const rowStart = y * size.cell * across;
    for (let x = 0; x < size.width; x++) {
      const v = values[start + y * size.width + x]!;
      const word = Number.isFinite(v) ? table[tableIndex(v, scale)]! : NONFINITE_WORD;
      words.fill(word, rowStart + x * size.cell, rowStart + (x + 1) * size.cell);
    }
    for (let copy = 1; copy < size.cell; copy++) {
      words.copyWithin(rowStart + copy * across, rowStart, rowStart + across);
    }
  }
  ctx.putImageData(image, at.left, at.top);
}

/** Draws red, green and blue planes as a colour picture; values are shares of `high`. */
export function drawRgb(
  ctx: CanvasRenderingContext2D,
  values: ArrayLike<number>,
  size: { width: number; height: number; cell: number },
  scale: Scale,
): void {
  const across = size.width * size.cell;
  const image = ctx.createImageData(across, size.height * size.cell);
  const plane = size.width * size.height;
  for (let y = 0; y < size.height * size.cell; y++) {
    for (let x = 0; x < across; x++) {
      const from = Math.floor(y / size.cell) * size.width + Math.floor(x / size.cell);
      const to = (y * across + x) * 4;
      for (let c = 0; c < 3; c++) image.data[to + c] = tableIndex(values[from + c * plane]!, scale);
      image.data[to + 3] = 255;
    }
  }
  ctx.putImageData(image, 0, 0);
}
