// One row per class: rates with intervals, and whether it is predicted too often.
import { useSignal } from "@preact/signals";
import { rateAxisLow, ratePlace, ratioPlace, ratioReach } from "../axis-scale";
import { count, percentNumber, score, value } from "../format";
import type { ClassRow, Evaluation, Rate } from "../generated/schema";
import { lowestRecall, worstSentence } from "../worst-class";

/** Beyond this many classes only the ones with the lowest recall are shown at first. */
const MOST_ROWS = 60;
const NOTABLE_RATIO = 1.25;

/** The card. */
export function ClassesCard({ evaluation }: { evaluation: Evaluation }) {
  const isWhole = useSignal(false);
  const rows = evaluation.per_class;
  const isCut = rows.length > MOST_ROWS && !isWhole.value;
  const shown = isCut ? lowestRecall(rows).slice(0, MOST_ROWS) : rows;
  const low = rateAxisLow(rows.flatMap((row) => [row.recall?.low, row.precision?.low]));
  const reach = ratioReach(rows.map((row) => row.predicted_true_ratio));
  return (
    <section class="card classes" aria-label="Classes">
      <div class="head">
        <h2>Classes</h2>
        <span class="tag">Wilson 95 %</span>
        <p class="finding">{worstSentence(rows)}</p>
      </div>
      <section class="scroll" tabIndex={0} aria-label="Table of classes">
        <table data-testid="classes">
          <Columns low={low} reach={reach} />
          <tbody>
            {shown.map((row) => (
              <Row key={row.name} row={row} low={low} reach={reach} />
            ))}
          </tbody>
        </table>
        {isCut && (
          <p class="hint">
            The {MOST_ROWS} classes with the lowest recall.{" "}
            <button
              type="button"
              class="button"
              onClick={() => {
                isWhole.value = true;
              }}
            >
              Show all {rows.length}
            </button>
          </p>
        )}
      </section>
      <p class="foot">
        <span class="key recall">recall</span>
        <span class="key precision">precision</span>
        <span>– is undefined, not 0</span>
      </p>
    </section>
  );
}

function Columns({ low, reach }: { low: number; reach: number }) {
  return (
    <thead>
      <tr>
        <th scope="col">class</th>
        <th scope="col" class="num">
          n
        </th>
        <th scope="col" class="num">
          prec.
        </th>
        <th scope="col" class="num">
          recall
        </th>
        <th scope="col" class="num">
          F1
        </th>
        <th scope="col" class="axis">
          <span class="sr">intervals, per cent</span>
          <div aria-hidden="true">
            <span>{percentNumber(low, 0)}</span>
            <span>{percentNumber((low + 1) / 2, 0)}</span>
            <span>100</span>
          </div>
        </th>
        <th scope="col" class="ratio">
          predicted / true
          <span class="sr">
            {" "}
            on a log axis from {value(1 / reach, 2)} to {value(reach, 2)}
          </span>
        </th>
      </tr>
    </thead>
  );
}

function Row({ row, low, reach }: { row: ClassRow; low: number; reach: number }) {
  const ratio = row.predicted_true_ratio;
  const isNotable = ratio !== null && (ratio > NOTABLE_RATIO || ratio < 1 / NOTABLE_RATIO);
  const place = ratio === null ? 0.5 : ratioPlace(ratio, reach);
  return (
    <tr>
      <th scope="row" title={row.name}>
        {row.name}
      </th>
      <td class="num mono">{count(row.support)}</td>
      <td class="num mono">{percentNumber(row.precision?.value)}</td>
      <td class="num mono">{percentNumber(row.recall?.value)}</td>
      <td class="num mono">{score(row.f1)}</td>
      <td class="axis">
        <svg class="whiskers" height="20" aria-hidden="true">
          {[low, (low + 1) / 2, 1].map((rate) => (
            <line class="rule" key={rate} x1={rateX(rate, low)} x2={rateX(rate, low)} y1="-5" y2="25" />
          ))}
          <Whisker rate={row.recall} low={low} y={6} kind="recall" />
          <Whisker rate={row.precision} low={low} y={14} kind="precision" />
        </svg>
      </td>
      <td class={isNotable ? "ratio notable" : "ratio"}>
        <svg height="12" aria-hidden="true">
          <rect
            x={`${Math.min(0.5, place) * 100}%`}
            width={`${Math.abs(place - 0.5) * 100}%`}
            y="2"
            height="8"
          />
          <line x1="50%" x2="50%" y1="0" y2="12" />
        </svg>
        <span class="mono">
          {isNotable && (ratio > 1 ? "▲ " : "▼ ")}
          {ratio === null ? "–" : ratio.toFixed(2)}
        </span>
      </td>
    </tr>
  );
}

function Whisker(props: { rate: Rate | null; low: number; y: number; kind: "recall" | "precision" }) {
  const { rate, low, y, kind } = props;
  if (!rate) return null;
  const x = (v: number) => rateX(v, low);
  return (
    <g class={kind}>
      <line x1={x(rate.low)} x2={x(rate.high)} y1={y} y2={y} />
      <circle cx={x(rate.value)} cy={y} r="3" />
    </g>
  );
}

/** Place on the axis; the outer 4 % keep dots at the ends whole. */
function rateX(rate: number, low: number): string {
  return `${4 + ratePlace(rate, low) * 92}%`;
}
