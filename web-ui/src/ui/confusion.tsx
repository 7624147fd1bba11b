// The confusion matrix: a grid of cells, or one canvas when there are many classes.
import { type Signal, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { cssFromRgb, inkOn, tokensOf } from "../colours";
import {
  type ConfusionView,
  cellColour,
  cellText,
  confusionView,
  errorsSentence,
  MOST_CELL_CLASSES,
  movedCell,
} from "../confusion";
import { count, percent } from "../format";
import type { Evaluation } from "../generated/schema";
import { drawMatrix } from "../panels/matrix";
import { show, theme, view } from "../session";
import { rampGradient } from "./gradient";
import { Segments } from "./segments";

interface Cell {
  t: number;
  p: number;
}

interface Inner {
  evaluation: Evaluation;
  matrix: ConfusionView;
  cell: Signal<Cell | null>;
}

/** The card. */
export function ConfusionCard({ evaluation }: { evaluation: Evaluation }) {
  const cell = useSignal<Cell | null>(null);
  const classes = evaluation.classes.length;
  const matrix = confusionView(evaluation.confusion, classes, view.value.cells);
  const inner = { evaluation, matrix, cell };
  return (
    <section class="card confusion" aria-label="Confusion">
      <div class="head">
        <h2>Confusion</h2>
        <span class="tag" data-testid="confusion-split">
          {evaluation.split}
        </span>
        <p class="finding">{errorsSentence(evaluation)}</p>
        <Segments
          label="Unit of the cells"
          options={[
            ["count", "Count"],
            ["row", "Row %"],
            ["column", "Column %"],
          ]}
          chosen={view.value.cells}
          choose={(cells) => show({ cells })}
        />
      </div>
      <div class="matrix">
        {classes > MOST_CELL_CLASSES ? <MatrixCanvas {...inner} /> : <MatrixGrid {...inner} />}
      </div>
      <p class="cell-says" aria-live="polite">
        {cell.value ? cellSentence(evaluation, cell.value) : "point at a cell, or move with the arrows"}
      </p>
      <Legend matrix={matrix} />
    </section>
  );
}

function cellSentence(evaluation: Evaluation, { t, p }: Cell): string {
  const { classes, confusion, per_class: rows } = evaluation;
  const n = confusion[t * classes.length + p] ?? 0;
  const support = rows[t]?.support ?? 0;
  const share = support > 0 ? ` (${percent(n / support)})` : "";
  return `true ${classes[t]}, predicted ${classes[p]}: ${count(n)} of ${count(support)}${share}`;
}

function MatrixGrid({ evaluation, matrix, cell }: Inner) {
  const { classes } = evaluation;
  const grid = useRef<HTMLDivElement>(null);
  const tokens = tokensOf(theme.value);
  const entry = cell.value ?? { t: 0, p: 0 };
  const most = Math.max(24, Math.min(72, Math.floor(330 / classes.length)));
  const isWordy = classes.some((name) => name.length > 3);
  const onKey = (event: KeyboardEvent) => {
    const to = movedCell(entry, event.key, classes.length);
    if (!to) return;
    event.preventDefault();
    cell.value = to;
    grid.current?.querySelector<HTMLElement>(`[data-cell="${to.t}-${to.p}"]`)?.focus();
  };
  return (
    <div
      ref={grid}
      class={isWordy ? "grid wordy" : "grid"}
      role="grid"
      aria-label="Confusion matrix: rows are true classes, columns predicted ones"
      data-testid="confusion"
      data-epoch={evaluation.epoch}
      style={{
        "--n": classes.length,
        "--least": `${most}px`,
      }}
      onKeyDown={onKey}
      onPointerLeave={() => {
        cell.value = null;
      }}
    >
      <div role="row">
        <div role="columnheader" class="corner">
          <span>predicted →</span>
          <span>true ↓</span>
        </div>
        {classes.map((name, p) => (
          <div role="columnheader" class="top" key={p} title={name}>
            {name}
          </div>
        ))}
      </div>
      {classes.map((name, t) => (
        <div role="row" key={t}>
          <div role="rowheader" class="start" title={name}>
            {name}
          </div>
          {classes.map((predicted, p) => {
            const colour = cellColour(matrix, tokens, t, p);
            const text = cellText(matrix, t, p);
            return (
              <div
                role="gridcell"
                key={p}
                class={t === p ? "cell hit" : "cell"}
                data-cell={`${t}-${p}`}
                data-testid={`cell-${t}-${p}`}
                tabIndex={entry.t === t && entry.p === p ? 0 : -1}
                aria-label={text ? undefined : `0, true ${name}, predicted ${predicted}`}
                style={{ background: cssFromRgb(colour), color: inkOn(colour) }}
                onFocus={() => {
                  cell.value = { t, p };
                }}
                onPointerEnter={() => {
                  cell.value = { t, p };
                }}
              >
                {text}
              </div>
            );
          })}
        </div>
      ))}
    </div>
  );
}

function MatrixCanvas({ evaluation, matrix, cell }: Inner) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const pixels = useRef(1);
  const { classes } = evaluation;
  useEffect(() => {
    const room = canvas.current!.parentElement!.clientWidth - 24;
    pixels.current = drawMatrix(
      canvas.current!,
      matrix,
      theme.value,
      Math.min(room, Math.max(460, innerHeight - 620)),
    );
  }, [evaluation, matrix.mode, theme.value]);
  const onKey = (event: KeyboardEvent) => {
    const to = movedCell(cell.value ?? { t: 0, p: 0 }, event.key, classes.length);
    if (!to) return;
    event.preventDefault();
    event.stopPropagation();
    cell.value = to;
  };
  const onMove = (event: PointerEvent) => {
    const [p, t] = [Math.floor(event.offsetX / pixels.current), Math.floor(event.offsetY / pixels.current)];
    const isInside = p >= 0 && t >= 0 && p < classes.length && t < classes.length;
    cell.value = isInside ? { t, p } : null;
  };
  return (
    <canvas
      ref={canvas}
      role="img"
      tabIndex={0}
      data-testid="confusion"
      data-epoch={evaluation.epoch}
      aria-label={`Confusion matrix of ${classes.length} classes. ${errorsSentence(evaluation)}. Arrows read cells.`}
      onKeyDown={onKey}
      onPointerMove={onMove}
      onPointerLeave={() => {
        cell.value = null;
      }}
    />
  );
}

function Legend({ matrix }: { matrix: ConfusionView }) {
  const tokens = tokensOf(theme.value);
  const text = (max: number) => (matrix.mode === "count" ? count(max) : percent(max, 0));
  return (
    <p class="foot scales">
      <span class="scale">
        0<i style={{ background: rampGradient(tokens.hitRamp) }} />
        correct {text(matrix.maxHit)}
      </span>
      <span class="scale">
        0<i style={{ background: rampGradient(tokens.missRamp) }} />
        wrong {text(matrix.maxMiss)}
      </span>
    </p>
  );
}
