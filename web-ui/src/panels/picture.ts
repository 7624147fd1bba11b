// A chart as a PNG that stands on its own: title, finding and legend travel with the curves.
import type { Card } from "../cards";
import { type Theme, tokensOf } from "../colours";
import { DASHES } from "./chart-options";

const HEAD = 56;

/** Draws the picture; null when the browser refuses. */
export function chartPicture(
  plot: HTMLCanvasElement,
  card: Card,
  finding: string,
  theme: Theme,
): Promise<Blob | null> {
  const scale = devicePixelRatio;
  const tokens = tokensOf(theme);
  const canvas = document.createElement("canvas");
  canvas.width = plot.width + 16 * scale;
  canvas.height = plot.height + (HEAD + 8) * scale;
  const ctx = canvas.getContext("2d");
  if (!ctx) return Promise.resolve(null);
  ctx.fillStyle = tokens.surface;
  ctx.fillRect(0, 0, canvas.width, canvas.height);
  ctx.drawImage(plot, 8 * scale, HEAD * scale);
  ctx.scale(scale, scale);
  drawText(ctx, `${card.title}: ${finding}`, 12, 20, `600 13px Inter, sans-serif`, tokens.text);
  let x = 12;
  for (const one of card.series) {
    ctx.strokeStyle = tokens.runs[one.colour % tokens.runs.length]!;
    ctx.lineWidth = 2;
    ctx.setLineDash([...(DASHES[one.colour % DASHES.length] ?? [])]);
    ctx.beginPath();
    ctx.moveTo(x, 38);
    ctx.lineTo(x + 22, 38);
    ctx.stroke();
    x += 28 + drawText(ctx, one.name, x + 28, 42, `11px Inter, sans-serif`, tokens.muted) + 16;
  }
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

function drawText(
  ctx: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  font: string,
  colour: string,
): number {
  ctx.font = font;
  ctx.fillStyle = colour;
  ctx.fillText(text, x, y);
  return ctx.measureText(text).width;
}
