// The Evaluate tab: predictions of one split after one epoch, from every side.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { evaluationOf } from "../bulk";
import { distinctEpochs, shownEpoch } from "../epochs";
import { ABSENT, count, percentNumber, plural, score, value } from "../format";
import type { Evaluation, EvaluationInfo, RunDetails } from "../generated/schema";
import { show, view } from "../session";
import { ofSplit, shownSplit } from "../splits";
import { CalibrationCard } from "./calibration";
import { ClassesCard } from "./classes";
import { ConfusionCard } from "./confusion";
import { Empty } from "./empty";
import { PairsCard } from "./pairs";
import { Scrubber } from "./scrubber";

/** The evaluations of the split on show. */
export function evaluationsShown(run: RunDetails): EvaluationInfo[] {
  const split = splitShown(run);
  return run.evaluations.filter((one) => one.split === split);
}

/** The tab. */
export function Evaluate({ run }: { run: RunDetails }) {
  const list = evaluationsShown(run);
  const epochs = distinctEpochs(list);
  const epoch = shownEpoch(epochs, view.value.epoch);
  const info = list.findLast((one) => one.epoch === epoch);
  const evaluation = useEvaluation(run.summary.id, info);
  if (!info) return <NoEvaluations run={run} />;
  if (evaluation.problem) return <Empty title="The evaluation cannot be read">{evaluation.problem}</Empty>;
  if (!evaluation.value) return <Empty title="Counting the predictions" />;
  return (
    <div class="evaluate">
      <Headline evaluation={evaluation.value} run={run} epochs={epochs} />
      <ConfusionCard evaluation={evaluation.value} />
      <ClassesCard evaluation={evaluation.value} />
      <CalibrationCard evaluation={evaluation.value} />
      <PairsCard evaluation={evaluation.value} />
    </div>
  );
}

function splitShown(run: RunDetails): string | null {
  const { split: wanted, epoch } = view.value;
  const isFinished = run.summary.state === "finished";
  return shownSplit(splitsOf(run), { wanted, isFinished, hasEpoch: epoch !== null });
}

function splitsOf(run: RunDetails): string[] {
  return [...new Set(run.evaluations.map((one) => one.split))];
}

/** The evaluation, again when it grew; the one before stays until the next is there, so that nothing flickers. */
function useEvaluation(run: string, info: EvaluationInfo | undefined) {
  const state = useSignal<{ value: Evaluation | null; problem: string }>({ value: null, problem: "" });
  useEffect(() => {
    if (!info) return;
    let isWanted = true;
    evaluationOf(run, info.id, info.n).then(
      (value) => {
        if (isWanted) state.value = { value, problem: "" };
      },
      (error: unknown) => {
        if (isWanted)
          state.value = { value: null, problem: error instanceof Error ? error.message : String(error) };
      },
    );
    return () => {
      isWanted = false;
    };
  }, [run, info?.id, info?.n]);
  return state.value;
}

function NoEvaluations({ run }: { run: RunDetails }) {
  if (run.summary.state === "live") {
    return (
      <Empty title="No evaluation yet">
        Predictions are evaluated at the end of each epoch, when <code>fit</code> has a validation set.
      </Empty>
    );
  }
  return (
    <Empty title="No evaluations">
      The validation set is empty: pass one to <code>fit</code> with <code>.validate(&amp;test)</code>, or log
      predictions with <code>run.evaluate("test", …)</code>.
    </Empty>
  );
}

function Headline(props: { evaluation: Evaluation; run: RunDetails; epochs: readonly number[] }) {
  const { accuracy, averages, log_loss: logLoss, calibration, classes, n } = props.evaluation;
  const interval = accuracy ? `[${percentNumber(accuracy.low)}, ${percentNumber(accuracy.high)}]` : "";
  const splits = splitsOf(props.run);
  return (
    <section class="tiles" aria-label="Averages">
      <Tile
        title={ofSplit(props.evaluation.split, "accuracy")}
        figure={percentNumber(accuracy?.value)}
        unit={accuracy ? "%" : ""}
        note={interval}
      />
      <Tile
        title="Macro F1"
        figure={score(averages.macro_f1)}
        note={plural(classes.length, "class", "classes")}
      />
      <Tile title="MCC" figure={score(averages.mcc)} note={`n ${count(n)}`} />
      <Tile
        title="Log-loss"
        figure={value(logLoss, 3)}
        note={logLoss === null ? "no probabilities" : "nats"}
      />
      <Tile
        title="Calibration error"
        figure={value(calibration?.ece, 3)}
        note={calibration ? "ECE" : "no probabilities"}
      />
      <div class="tile controls time">
        <Scrubber epochs={props.epochs} />
        <label class="split">
          <span class="muted">Split</span>
          <select
            value={props.evaluation.split}
            onChange={(event) => show({ split: event.currentTarget.value, epoch: null })}
          >
            {splits.map((split) => (
              <option key={split} value={split}>
                {split}
              </option>
            ))}
          </select>
        </label>
      </div>
    </section>
  );
}

function Tile(props: { title: string; figure: string; unit?: string; note: string }) {
  return (
    <div class="tile plain">
      <h2>{props.title}</h2>
      <p>
        {props.figure || ABSENT}
        {props.unit && <small>{props.unit}</small>}
        <span class="mono">{props.note}</span>
      </p>
    </div>
  );
}
