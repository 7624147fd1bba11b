// The runs, and what the watched one was told and could not keep.
import { useSignal } from "@preact/signals";
import { kindOf, leafOf } from "../cards";
import { quantityOf } from "../figures";
import { metricValue, plural, setting } from "../format";
import type { RunDetails, RunSummary } from "../generated/schema";
import { lossesOf } from "../losses";
import { numberFromNum } from "../num";
import { details, link, runs, show, view, watched } from "../session";
import { knownState, startedText } from "../watched";
import { Icon } from "./icons";

const MOST_ROWS = 200;

/** The column on the left; the page itself where the window is narrow and the tab is Runs. */
export function Sidebar({ isPage }: { isPage: boolean }) {
  const Landmark = isPage ? "main" : "aside";
  const filter = useSignal("");
  const wanted = filter.value.trim().toLowerCase();
  const all = runs.value ?? [];
  const found = all.filter((run) => run.name.toLowerCase().includes(wanted));
  const run = details.value;
  return (
    <Landmark class="sidebar" id={isPage ? "panel" : undefined} aria-label="Runs and settings">
      <label class="find">
        <Icon name="search" />
        <span class="sr">Filter runs</span>
        <input
          id="filter"
          type="search"
          placeholder="Filter runs"
          value={filter.value}
          onInput={(event) => {
            filter.value = event.currentTarget.value;
          }}
        />
        <kbd>/</kbd>
      </label>
      <div class="side">
        <h2 class="h">
          Runs{" "}
          <span>{found.length === all.length ? all.length : `${found.length} of ${all.length} shown`}</span>
        </h2>
        <ul class="runs">
          {found.slice(0, MOST_ROWS).map((one) => (
            <RunRow key={one.id} run={one} />
          ))}
        </ul>
        {found.length > MOST_ROWS && (
          <p class="hint">{plural(found.length - MOST_ROWS, "more run")}: filter to see them.</p>
        )}
        {all.length > 0 && found.length === 0 && <p class="hint">No run has this in its name.</p>}
        {run && <Losses run={run} />}
        {run && <Notes run={run} />}
        {run && <Configuration run={run} />}
      </div>
    </Landmark>
  );
}

function RunRow({ run }: { run: RunSummary }) {
  const isShown = watched.value === run.id;
  const { word, mark } = knownState(run.state, link.value);
  const [name, num] = run.headline ?? [null, null];
  const isShare = name !== null && kindOf(leafOf(name)).isShare;
  return (
    <li>
      <button
        type="button"
        aria-current={isShown ? "true" : undefined}
        title={run.name}
        onClick={() =>
          show({ run: run.id, epoch: null, tab: view.value.tab === "runs" ? "curves" : view.value.tab })
        }
      >
        <span class={`mark state-${mark}`}>
          <Icon name={mark} />
        </span>
        <span class="name">{run.name}</span>
        <span class="figure mono">{num === null ? "–" : metricValue(numberFromNum(num), isShare)}</span>
        <span class="below">
          <span>
            <span class={`state-${mark}`}>{word}</span>
            {run.started !== null && ` · ${startedText(run.started, new Date())}`}
          </span>
          {name !== null && <span>{quantityOf(name)}</span>}
        </span>
      </button>
    </li>
  );
}

function Losses({ run }: { run: RunDetails }) {
  const losses = lossesOf(run);
  if (losses.length === 0) return null;
  return (
    <>
      <h2 class="h">Not recorded</h2>
      <ul class="notes" data-testid="losses">
        {losses.map((text) => (
          <li key={text} class="bad">
            <Icon name="failed" />
            <span>{text}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

function Notes({ run }: { run: RunDetails }) {
  if (run.notes.length === 0) return null;
  const newest = run.notes.slice(-50).reverse();
  return (
    <>
      <h2 class="h">
        Notes <span>{run.notes.length}</span>
      </h2>
      <ul class="notes" data-testid="notes">
        {newest.map((note, i) => (
          <li key={i} class={note.level}>
            <Icon name={note.level} />
            <span>
              {note.level === "warning" && <span class="sr">Warning: </span>}
              {note.text} <small class="mono">step {note.step}</small>
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

function Configuration({ run }: { run: RunDetails }) {
  const settings = Object.entries(run.config);
  if (settings.length === 0) return null;
  return (
    <>
      <h2 class="h">
        Configuration <span>{settings.length}</span>
      </h2>
      <dl class="config">
        {settings.map(([name, v]) => (
          <div key={name}>
            <dt title={name}>{name.replaceAll("_", " ")}</dt>
            <dd title={setting(v)}>{setting(v)}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
