// Run name, state, progress, tabs, theme.

import { count, duration } from "../format";
import type { RunDetails, RunState } from "../generated/schema";
import { details, link, show, theme, toggleTheme, view } from "../session";
import { secondsLeft, shareDone } from "../time-left";
import type { Tab } from "../view";
import { knownState } from "../watched";
import { Icon, type IconName } from "./icons";

const TABS: readonly { tab: Tab; title: string; icon: IconName }[] = [
  { tab: "curves", title: "Curves", icon: "curves" },
  { tab: "layers", title: "Layers", icon: "layers" },
  { tab: "evaluate", title: "Evaluate", icon: "evaluate" },
  { tab: "runs", title: "Runs", icon: "runs" },
];

/** The bar on top. */
export function Header() {
  const run = details.value;
  return (
    <header>
      <div class="brand">
        <Icon name="logo" />
        <span>Trainscope</span>
      </div>
      <div class="crumb">
        <h1>{run ? run.summary.name : "no run"}</h1>
        {run && <StateChip state={run.summary.state} />}
      </div>
      <Tabs />
      <p class="where-now mono">{run && progressText(run)}</p>
      <button
        type="button"
        class="square"
        onClick={toggleTheme}
        aria-label={theme.value === "dark" ? "Light theme" : "Dark theme"}
        title="Theme (Alt+M)"
      >
        <Icon name={theme.value === "dark" ? "sun" : "moon"} />
      </button>
      {run && <ProgressBar run={run} />}
    </header>
  );
}

/** A run's state: word and mark. */
export function StateChip({ state }: { state: RunState }) {
  const { word, mark } = knownState(state, link.value);
  return (
    <span class={`state state-${mark}`}>
      <Icon name={mark} />
      {word}
    </span>
  );
}

function Tabs() {
  const chosen = view.value.tab;
  const onKey = (event: KeyboardEvent) => {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const list = event.currentTarget as HTMLElement;
    const tabs = [...list.querySelectorAll<HTMLElement>("[role=tab]")].filter(
      (one) => one.offsetParent !== null,
    );
    const to = tabs[tabs.indexOf(event.target as HTMLElement) + by];
    if (by === 0 || !to) return;
    event.preventDefault();
    event.stopPropagation();
    to.focus();
    to.click();
  };
  return (
    <div class="tabs" role="tablist" aria-label="Views" onKeyDown={onKey}>
      {TABS.map(({ tab, title, icon }) => (
        <button
          type="button"
          role="tab"
          key={tab}
          id={`tab-${tab}`}
          class={`tab-${tab}`}
          aria-selected={chosen === tab}
          aria-controls={chosen === tab ? "panel" : undefined}
          tabIndex={chosen === tab ? 0 : -1}
          onClick={() => show({ tab })}
        >
          <Icon name={icon} />
          {title}
        </button>
      ))}
    </div>
  );
}

function ProgressBar({ run }: { run: RunDetails }) {
  const done = shareDone(run.progress);
  if (done === null || run.summary.state !== "live") return null;
  const percent = Math.round(done * 1000) / 10;
  return (
    <div
      class="bar"
      role="progressbar"
      aria-label="Training"
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
    >
      <i style={{ width: `${percent}%` }} />
    </div>
  );
}

function progressText(run: RunDetails): string {
  const { progress, duration_secs: took } = run;
  const of = (n: number, all: number) => (all > 0 ? `${count(n)} / ${count(all)}` : count(n));
  const parts = progress
    ? [`epoch ${of(progress.epoch, progress.epochs)}`, `step ${of(progress.step, progress.steps)}`]
    : [];
  const left = secondsLeft(progress, took);
  if (run.summary.state === "live" && link.value !== "lost" && left !== null)
    parts.push(`${duration(left)} left`);
  if (run.summary.state !== "live" && took !== null) parts.push(`took ${duration(took)}`);
  return parts.join(" · ");
}
