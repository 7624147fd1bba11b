// A curve without axes.
import type { Num } from "../generated/schema";
import { numberFromNum } from "../num";

const WIDTH = 100;
const HEIGHT = 24;

/** Path of the finite values, and the area below them; gaps break the line. */
export function sparkPaths(values: readonly number[]): { line: string; area: string } {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return { line: "", area: "" };
  const [min, max] = [Math.min(...finite), Math.max(...finite)];
  const x = (i: number) => (values.length === 1 ? WIDTH / 2 : (i / (values.length - 1)) * WIDTH);
  const y = (v: number) => (max > min ? HEIGHT - 2 - ((v - min) / (max - min)) * (HEIGHT - 4) : HEIGHT / 2);
  let line = "";
  let area = "";
  let from = -1;
  for (let i = 0; i <= values.length; i++) {
    const v = values[i];
    if (v !== undefined && Number.isFinite(v)) {
      line += `${from < 0 ? "M" : "L"}${x(i).toFixed(1)} ${y(v).toFixed(1)}`;
      if (from < 0) {
        from = i;
        area += `M${x(i).toFixed(1)} ${HEIGHT}`;
      }
      area += `L${x(i).toFixed(1)} ${y(v).toFixed(1)}`;
    } else if (from >= 0) {
      area += `L${x(i - 1).toFixed(1)} ${HEIGHT}Z`;
      if (i - 1 === from) line += "h.01"; // one value alone is a dot
      from = -1;
    }
  }
  return { line, area };
}

/** The drawing; the number beside it says the rest. */
export function Sparkline({ values }: { values: readonly Num[] }) {
  const { line, area } = sparkPaths(values.map(numberFromNum));
  return (
    <svg class="spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <path class="under" d={area} />
      <path class="over" d={line} vector-effect="non-scaling-stroke" />
    </svg>
  );
}
