// The time of a tab: which recorded epoch it shows. At the right end it follows the newest.
import { movedEpoch, shownEpoch } from "../epochs";
import { show, view } from "../session";
import { Icon } from "./icons";

/** The slider with its two buttons. */
export function Scrubber({ epochs }: { epochs: readonly number[] }) {
  const wanted = view.value.epoch;
  const shown = shownEpoch(epochs, wanted);
  const last = epochs.length - 1;
  const place = shown === null ? 0 : epochs.indexOf(shown);
  const move = (by: number) => show({ epoch: movedEpoch(epochs, wanted, by) });
  return (
    <div class="scrubber">
      <button
        type="button"
        class="square"
        aria-label="Previous epoch"
        disabled={place <= 0}
        onClick={() => move(-1)}
      >
        <Icon name="left" />
      </button>
      <span class="epoch">
        Epoch <b class="mono">{shown ?? "–"}</b> <span class="mono faint">/ {epochs.at(-1) ?? "–"}</span>
      </span>
      <input
        type="range"
        aria-label="Epoch"
        aria-valuetext={shown === null ? "none" : `epoch ${shown}`}
        min={0}
        max={Math.max(0, last)}
        step={1}
        value={place}
        disabled={last < 1}
        style={{ "--p": `${last > 0 ? (place / last) * 100 : 100}%` }}
        onInput={(event) => {
          const to = event.currentTarget.valueAsNumber;
          show({ epoch: to >= last ? null : (epochs[to] ?? null) });
        }}
      />
      <button
        type="button"
        class="square"
        aria-label="Next epoch"
        disabled={place >= last}
        onClick={() => move(1)}
      >
        <Icon name="right" />
      </button>
    </div>
  );
}
