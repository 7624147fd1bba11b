// Whether a confidence of 90 % is right nine times in ten.
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { count, plural, value } from "../format";
import type { Calibration, CalibrationBin, Evaluation } from "../generated/schema";

const LEAST_HEIGHT = 236;
const LEFT = 40;
const RIGHT = 14;
const TOP = 8;
const BARS = 40;
/** Height of all that is not the plot: margins, the bars with the space above them, the axis. */
const REST = 96;
/** Bins with fewer rows have a bar, but no dot. */
const LEAST_ROWS = 5;

/** The card. */
export function CalibrationCard({ evaluation }: { evaluation: Evaluation }) {
  const { calibration, bad_probability_rows: bad } = evaluation;
  return (
    <section class="card calibration" aria-label="Calibration">
      <div class="head">
        <h2>Calibration</h2>
        {calibration && <span class="tag mono">{calibration.bins.length} bins, (a, b]</span>}
        <p class="finding">{calibration ? sentence(calibration) : ""}</p>
      </div>
      {calibration ? (
        <Plot calibration={calibration} />
      ) : (
        <p class="hint">These predictions came without probabilities: there is nothing to calibrate.</p>
      )}
      <p class="foot">
        {calibration && (
          <span>
            ECE <b class="mono">{value(calibration.ece, 3)}</b> · largest gap{" "}
            <b class="mono">{value(calibration.mce, 3)}</b> · dots are Wilson 95 %, from {LEAST_ROWS} rows on
          </span>
        )}
        {bad > 0 && (
          <span class="bad">✕ {plural(bad, "row")} with NaN, ±Inf or values outside 0…1 left out</span>
        )}
      </p>
    </section>
  );
}

function sentence({ overconfidence }: Calibration): string {
  const points = Math.abs(overconfidence * 100).toFixed(1);
  if (points === "0.0") return "confidence and accuracy agree";
  return `${overconfidence > 0 ? "overconfident" : "underconfident"} by ${points} points`;
}

function Plot({ calibration }: { calibration: Calibration }) {
  const box = useRef<HTMLDivElement>(null);
  const width = useSignal(360);
  const height = useSignal(LEAST_HEIGHT);
  useEffect(() => {
    const watcher = new ResizeObserver(() => {
      width.value = Math.max(160, box.current?.clientWidth ?? 360);
      height.value = Math.max(LEAST_HEIGHT, box.current?.clientHeight ?? 0);
    });
    watcher.observe(box.current!);
    return () => watcher.disconnect();
  }, []);
  const right = width.value - RIGHT;
  const plot = height.value - REST;
  const barsTop = TOP + plot + 16;
  const x = (share: number) => LEFT + share * (right - LEFT);
  const y = (share: number) => TOP + (1 - share) * plot;
  const bottom = barsTop + BARS;
  return (
    <div class="reliability" ref={box}>
      <svg
        width={width.value}
        height={height.value}
        role="img"
        aria-label={`Calibration plot. ${sentence(calibration)}.`}
      >
        {[0, 0.5, 1].map((share) => (
          <g key={share}>
            <line class="grid" x1={LEFT} x2={right} y1={y(share)} y2={y(share)} />
            <text x={LEFT - 6} y={y(share) + 4} text-anchor="end">
              {share * 100}
            </text>
            <text x={x(share)} y={bottom + 16} text-anchor="middle">
              {share * 100}
            </text>
          </g>
        ))}
        <text x={LEFT + 6} y={TOP + 12}>
          correct, %
        </text>
        <text x={LEFT + 6} y={barsTop + 8}>
          count, √
        </text>
        <text x={x(0.25)} y={bottom + 16} text-anchor="middle">
          confidence, %
        </text>
        <line class="ideal" x1={x(0)} y1={y(0)} x2={x(1)} y2={y(1)} />
        <Bars bins={calibration.bins} x={x} bottom={bottom} />
        {calibration.bins.map((bin) => (
          <Dot key={bin.low} bin={bin} x={x} y={y} />
        ))}
      </svg>
    </div>
  );
}

function Bars({
  bins,
  x,
  bottom,
}: {
  bins: readonly CalibrationBin[];
  x(share: number): number;
  bottom: number;
}) {
  const most = Math.max(1, ...bins.map((bin) => bin.accuracy?.n ?? 0));
  return (
    <>
      <line class="grid" x1={x(0)} x2={x(1)} y1={bottom} y2={bottom} />
      {bins.map((bin) => {
        const n = bin.accuracy?.n ?? 0;
        const height = n > 0 ? Math.max(1, Math.sqrt(n / most) * BARS) : 0;
        return (
          <rect
            key={bin.low}
            class="bin"
            x={x(bin.low) + 0.5}
            width={Math.max(1, x(bin.high) - x(bin.low) - 1)}
            y={bottom - height}
            height={height}
          >
            <title>{`confidence ${value(bin.low, 3)} to ${value(bin.high, 3)}: ${count(n)}`}</title>
          </rect>
        );
      })}
    </>
  );
}

function Dot(props: { bin: CalibrationBin; x(share: number): number; y(share: number): number }) {
  const { bin, x, y } = props;
  if (!bin.accuracy || bin.confidence === null || bin.accuracy.n < LEAST_ROWS) return null;
  const at = x(bin.confidence);
  return (
    <g class="dot">
      <line x1={at} x2={at} y1={y(bin.accuracy.low)} y2={y(bin.accuracy.high)} />
      <circle cx={at} cy={y(bin.accuracy.value)} r="3.5" />
    </g>
  );
}
