// The Curves tab: figures with sparklines, then one card per metric.
import { cardsFromSeries } from "../cards";
import { figuresOf } from "../figures";
import { percentNumber, value } from "../format";
import type { RunDetails, SeriesInfo } from "../generated/schema";
import { numberFromNum } from "../num";
import { show, view } from "../session";
import { ChartCard } from "./chart-card";
import { Empty } from "./empty";
import { Segments } from "./segments";
import { Sparkline } from "./sparkline";

const MOST_FIGURES = 5;

/** The tab. */
export function Curves({ run }: { run: RunDetails }) {
  if (run.series.length === 0) {
    return (
      <Empty title="No points yet">
        {run.summary.state === "live"
          ? "The first curve starts with the first logged value."
          : "This run logged no values. Log one with a scalar handle, or pass the callback to fit."}
      </Empty>
    );
  }
  const cards = cardsFromSeries(run.series);
  return (
    <div class="curves">
      <Figures series={run.series} />
      {cards.map((card) => (
        <ChartCard
          key={`${card.metric}\n${card.series.map((one) => one.name).join("\n")}`}
          card={card}
          run={run.summary.id}
          runName={run.summary.name}
        />
      ))}
    </div>
  );
}

function Figures({ series }: { series: readonly SeriesInfo[] }) {
  const byName = new Map(series.map((one) => [one.name, one]));
  return (
    <section class="tiles" aria-label="Newest values">
      {figuresOf(series, MOST_FIGURES).map((figure) => {
        const info = byName.get(figure.name)!;
        const last = numberFromNum(info.last);
        return (
          <div class="tile" key={figure.title}>
            <h2>{figure.title}</h2>
            <p>
              {figure.isShare ? percentNumber(last) : value(last)}
              {figure.isShare && Number.isFinite(last) && <small>%</small>}
            </p>
            <Sparkline values={info.sparkline} />
          </div>
        );
      })}
      <Controls />
    </section>
  );
}

function Controls() {
  const { smoothing, isLog } = view.value;
  return (
    <div class="tile controls">
      <label for="smoothing">Smoothing</label>
      <input
        id="smoothing"
        type="range"
        min="0"
        max="0.99"
        step="0.01"
        value={smoothing}
        style={{ "--p": `${(smoothing / 0.99) * 100}%` }}
        onInput={(event) => show({ smoothing: event.currentTarget.valueAsNumber })}
      />
      <output class="mono" for="smoothing">
        {smoothing.toFixed(2)}
      </output>
      <span class="muted">y axis</span>
      <Segments
        label="y axis"
        options={[
          ["linear", "Linear"],
          ["log", "Log"],
        ]}
        chosen={isLog ? "log" : "linear"}
        choose={(scale) => show({ isLog: scale === "log" })}
      />
    </div>
  );
}
