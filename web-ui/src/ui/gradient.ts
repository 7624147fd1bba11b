// Colour tables as CSS gradients, for scale bars.
import {
  type ColourTable,
  cssFromRgb,
  divergingTable,
  rampColour,
  type Theme,
  viridisTable,
} from "../colours";

const STOPS = 16;

/** Gradient of viridis, or of the scale with a sign. */
export function tableGradient(isSigned: boolean, theme: Theme): string {
  const table: ColourTable = isSigned ? divergingTable(theme) : viridisTable();
  return gradient((t) => {
    const word = table[Math.round(t * 255)]!;
    return cssFromRgb([word & 255, (word >> 8) & 255, (word >> 16) & 255]);
  });
}

/** Gradient of a ramp of the confusion matrix. */
export function rampGradient(ramp: string): string {
  return gradient((t) => cssFromRgb(rampColour(ramp, t)));
}

function gradient(colourAt: (t: number) => string): string {
  const stops = Array.from({ length: STOPS + 1 }, (_, i) => colourAt(i / STOPS));
  return `linear-gradient(90deg, ${stops.join(", ")})`;
}
