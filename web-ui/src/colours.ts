// Colours by theme. The values are generated from crates/trainscope-schema/src/colour.rs, so that the page, the
// report and exported pictures agree; here they become CSS variables, pixel words and inks.
import { DARK, LIGHT, type Theme as Tokens, VIRIDIS } from "./generated/colours";

export type { Tokens };

/** Light or dark. */
export type Theme = "light" | "dark";

/** A colour as red, green, blue from 0 to 255. */
export type Rgb = readonly [number, number, number];

/** 256 colours as little-endian RGBA words, for `Uint32Array` views of image data. */
export type ColourTable = Uint32Array<ArrayBuffer>;

/** Colour that marks NaN and ±Inf in rasters: in no ramp. */
export const NONFINITE_RGB: Rgb = [255, 0, 200];

/** The tokens of a theme. */
export function tokensOf(theme: Theme): Tokens {
  return theme === "dark" ? DARK : LIGHT;
}

/** CSS variables of a theme, by name. */
export function cssVariables(theme: Theme): [string, string][] {
  return Object.entries(tokensOf(theme)).flatMap(([name, token]): [string, string][] => {
    if (Array.isArray(token)) return token.map((colour, i) => [`--c${i}`, String(colour)]);
    if (typeof token !== "string" || !token.startsWith("#")) return [];
    return [[`--${name.replace(/([A-Z]|\d+)/g, (part) => `-${part.toLowerCase()}`)}`, token]];
  });
}

/** Reads `#rrggbb`. */
export function rgbFromHex(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** Writes `rgb(r g b)`. */
export function cssFromRgb(rgb: Rgb): string {
  return `rgb(${rgb.map(Math.round).join(" ")})`;
}

/** Adds an alpha from 0 to 1 to `#rrggbb`. */
export function withAlpha(hex: string, alpha: number): string {
  const byte = Math.round(Math.min(1, Math.max(0, alpha)) * 255);
  return hex + byte.toString(16).padStart(2, "0");
}

/** Relative luminance, 0 to 1 (WCAG 2.2). */
export function luminance(rgb: Rgb): number {
  const linear = (channel: number) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(rgb[0]) + 0.7152 * linear(rgb[1]) + 0.0722 * linear(rgb[2]);
}

/** Black or white, whichever contrasts more: they are equal at luminance 0.179, so 4.5 : 1 always holds. */
export function inkOn(rgb: Rgb): "#000" | "#fff" {
  return luminance(rgb) > 0.179 ? "#000" : "#fff";
}

/** Colour at `t` from 0 to 1 of a ramp of 256 colours with 6 hexadecimal digits each. */
export function rampColour(ramp: string, t: number): Rgb {
  const place = Math.round(Math.min(1, Math.max(0, Number.isNaN(t) ? 0 : t)) * 255);
  return rgbFromHex(`#${ramp.slice(place * 6, place * 6 + 6)}`);
}

/** A pixel word of a colour. */
export function wordFromRgb(rgb: Rgb): number {
  return (0xff000000 | (Math.round(rgb[2]) << 16) | (Math.round(rgb[1]) << 8) | Math.round(rgb[0])) >>> 0;
}

/** Viridis: for what is not negative. */
export function viridisTable(): ColourTable {
  return tableOf((t) => rampColour(VIRIDIS, t));
}

/** Vermilion over the surface to blue: for what has a sign, symmetric about 0. */
export function divergingTable(theme: Theme): ColourTable {
  const tokens = tokensOf(theme);
  const zero = rgbFromHex(tokens.surface);
  const end = (t: number) => rgbFromHex(t < 0.5 ? tokens.miss : tokens.hit);
  return tableOf((t) => mix(zero, end(t), Math.abs(t - 0.5) * 2));
}

/** Ink on paper: 0 is white, the largest value black. */
export function inkTable(): ColourTable {
  return tableOf((t) => mix([255, 255, 255], [16, 20, 26], t));
}

function tableOf(colourAt: (t: number) => Rgb): ColourTable {
  return Uint32Array.from({ length: 256 }, (_, i) => wordFromRgb(colourAt(i / 255)));
}

function mix(a: Rgb, b: Rgb, t: number): Rgb {
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t];
}
