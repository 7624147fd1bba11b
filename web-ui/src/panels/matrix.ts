// A confusion matrix of many classes as one canvas with whole pixels per cell.
import { rgbFromHex, type Theme, tokensOf, wordFromRgb } from "../colours";
import { type ConfusionView, cellColour } from "../confusion";

/** Draws the matrix, at most `room` CSS pixels wide; returns the CSS pixels per cell. */
export function drawMatrix(
  canvas: HTMLCanvasElement,
  view: ConfusionView,
  theme: Theme,
  room: number,
): number {
  const tokens = tokensOf(theme);
  const cell = Math.max(1, Math.floor((room * devicePixelRatio) / view.classes));
  const side = cell * view.classes;
  canvas.width = side;
  canvas.height = side;
  canvas.style.width = `${side / devicePixelRatio}px`;
  canvas.style.height = `${side / devicePixelRatio}px`;
  const ctx = canvas.getContext("2d");
  if (!ctx) return cell;
  const image = ctx.createImageData(side, side);
  const words = new Uint32Array(image.data.buffer).fill(wordFromRgb(rgbFromHex(tokens.sunk)));
  for (let t = 0; t < view.classes; t++) {
    for (let p = 0; p < view.classes; p++) {
      if (!(view.values[t * view.classes + p]! > 0)) continue;
      const word = wordFromRgb(cellColour(view, tokens, t, p));
      for (let y = t * cell; y < (t + 1) * cell; y++)
        words.fill(word, y * side + p * cell, y * side + (p + 1) * cell);
    }
  }
  ctx.putImageData(image, 0, 0);
  return cell / devicePixelRatio;
}
