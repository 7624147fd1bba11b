// Numbers that came as JSON: NaN and the infinities travel as words.
import type { Num } from "./generated/schema";

/** The number of a `Num`. */
export function numberFromNum(num: Num): number {
  return typeof num === "number" ? num : Number(num);
}
