// A metric's card: the frame around a chart panel, its downloads, its table.
import { useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Card } from "../cards";
import { csvLabel, tableHint } from "../finding";
import type { Grid } from "../grid";
import { ChartPanel } from "../panels/chart";
import { readoutOf } from "../readout";
import { download, fileName } from "../save";
import { theme, view } from "../session";
import { Icon } from "./icons";
import { zoomed } from "./keys";

/** Rows that the table shows; the newest ones. */
const MOST_ROWS = 300;

interface Props {
  card: Card;
  run: string;
  runName: string;
}

/** The card. The panel writes into its slots by itself; the framework only builds them. */
export function ChartCard({ card, run, runName }: Props) {
  const slots = useSlots();
  const panel = useRef<ChartPanel | null>(null);
  const isTable = useSignal(false);
  const grid = useSignal<Grid | null>(null);
  const { isLog, smoothing } = view.value;
  const look = { isLog, smoothing, theme: theme.value };

  useEffect(() => {
    const made = new ChartPanel(run, card, slots.current(), look, (answer) => {
      if (isTable.peek()) grid.value = answer;
    });
    panel.current = made;
    zoomed.add(made);
    return () => {
      zoomed.delete(made);
      made.destroy();
    };
  }, [run]);
  useEffect(() => panel.current?.restyle(look), [isLog, smoothing, theme.value]);

  const savePng = async () => {
    const blob = await panel.current?.toPNG();
    if (blob) download(fileName([runName, card.metric], "png"), blob);
  };
  const toggleTable = () => {
    grid.value = panel.current?.grid ?? null;
    isTable.value = !isTable.value;
  };
  return (
    <section class="card chart" ref={slots.card} data-testid={`chart-${card.metric}`} aria-label={card.title}>
      <div class="head">
        <h2>{card.title}</h2>
        <p class="finding" ref={slots.finding} />
        <div class="tools">
          <Tool
            icon="table"
            label={isTable.value ? "View as curves" : "View as table"}
            act={toggleTable}
            isOn={isTable.value}
          />
          <Tool
            icon="download"
            label={csvLabel(null)}
            button={slots.csv}
            act={() => download(fileName([runName, card.metric], "csv"), panel.current?.toCSV() ?? "")}
          />
          <Tool icon="image" label="Download PNG" act={savePng} />
        </div>
      </div>
      <p class="readout" ref={slots.readout} />
      <div class="body">
        <div
          class="plot"
          ref={slots.plot}
          role="application"
          tabIndex={0}
          aria-label={card.title}
          hidden={isTable.value}
        />
        {isTable.value && <ValueTable card={card} grid={grid.value} />}
      </div>
      <p class="foot" ref={slots.foot} />
      <p class="sr" aria-live="polite" ref={slots.live} />
    </section>
  );
}

function useSlots() {
  const slots = {
    card: useRef<HTMLElement>(null),
    plot: useRef<HTMLDivElement>(null),
    readout: useRef<HTMLParagraphElement>(null),
    finding: useRef<HTMLParagraphElement>(null),
    foot: useRef<HTMLParagraphElement>(null),
    live: useRef<HTMLParagraphElement>(null),
    csv: useRef<HTMLButtonElement>(null),
  };
  const current = () => ({
    card: slots.card.current!,
    plot: slots.plot.current!,
    readout: slots.readout.current!,
    finding: slots.finding.current!,
    foot: slots.foot.current!,
    live: slots.live.current!,
    csv: slots.csv.current!,
  });
  return { ...slots, current };
}

interface ToolProps {
  icon: "table" | "download" | "image";
  label: string;
  act(): void;
  isOn?: boolean;
  button?: RefObject<HTMLButtonElement | null>;
}

function Tool(props: ToolProps) {
  return (
    <button
      ref={props.button}
      type="button"
      aria-label={props.label}
      title={props.label}
      aria-pressed={props.isOn}
      onClick={props.act}
    >
      <Icon name={props.icon} />
    </button>
  );
}

function ValueTable({ card, grid }: { card: Card; grid: Grid | null }) {
  const rows = grid
    ? Array.from(grid.x.keys()).filter((i) => grid.series.some((one) => one.count[i]! > 0))
    : [];
  const shown = rows.slice(-MOST_ROWS).reverse();
  const hint = grid ? tableHint(grid, shown.length, rows.length) : "";
  return (
    <section class="values" tabIndex={0} aria-label={`${card.title} as a table`}>
      <table>
        <thead>
          <tr>
            <th scope="col">{card.index}</th>
            {card.series.map((one) => (
              <th scope="col" key={one.name}>
                {one.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {grid &&
            shown.map((i) => {
              const { where, values } = readoutOf(grid, card, i);
              return (
                <tr key={grid.x[i]}>
                  <th scope="row">{where.slice(card.index.length + 1)}</th>
                  {grid.series.map((one, s) => (
                    <td key={one.name}>{values[s]}</td>
                  ))}
                </tr>
              );
            })}
        </tbody>
      </table>
      {hint && <p class="hint">{hint}</p>}
    </section>
  );
}
