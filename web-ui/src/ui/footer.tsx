// The status bar: connection, points, what could not be understood.
import { useComputed } from "@preact/signals";
import type { LinkState } from "../connection";
import { count } from "../format";
import { complaint, details, drawn, link, version, view } from "../session";
import { toggleShortcuts } from "./shortcuts";

const LINK_TEXT: Record<LinkState, string> = {
  connecting: "connecting…",
  open: "connected",
  lost: "connection lost, retrying",
};

/** The bar at the bottom. */
export function Footer() {
  const run = details.value;
  const totals = useComputed(() => {
    let [k, n] = [0, 0];
    for (const chart of drawn.value.values()) {
      k += chart.drawn;
      n += chart.inRange;
    }
    return { k, n };
  });
  const { k, n } = totals.value;
  const lost = run ? run.health.scalars_lost + run.health.records_lost : 0;
  return (
    <footer>
      <span data-testid="ws-state" data-state={link.value} role="status" class={`link link-${link.value}`}>
        {LINK_TEXT[link.value]}
      </span>
      {run && (
        <span>
          {/* A chart's answer may be newer than the run's details. */}
          <b class="mono">{count(Math.max(run.points, n))}</b> points stored
        </span>
      )}
      {n > 0 && view.value.tab === "curves" && (
        <span class="drawn">
          <b class="mono">{count(k)}</b> of <b class="mono">{count(n)}</b> points drawn
        </span>
      )}
      {lost > 0 && <span class="bad">✕ {count(lost)} not recorded</span>}
      {complaint.value && (
        <span class="bad complaint" role="alert">
          {complaint.value}
        </span>
      )}
      <span class="grow" />
      <span class="hints">
        <kbd>1</kbd>
        <kbd>2</kbd>
        <kbd>3</kbd> tabs
      </span>
      <button type="button" class="plain" onClick={toggleShortcuts}>
        <kbd>?</kbd> shortcuts
      </button>
      {version.value && <span class="mono faint">{version.value}</span>}
    </footer>
  );
}
