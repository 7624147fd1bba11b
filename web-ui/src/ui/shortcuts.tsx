// The list of keys, in a native dialog.

const KEYS: readonly (readonly [string, string])[] = [
  ["1  2  3", "curves, layers, evaluate"],
  ["/", "filter runs"],
  ["Alt M", "light or dark"],
  ["L", "linear or logarithmic curves"],
  ["S", "smoothing"],
  ["drag", "zoom a curve; Alt and wheel as well"],
  ["Z", "reset the zoom; double-click as well"],
  ["←  →", "move the cursor of the focused curve, or the epoch"],
  ["End", "follow the newest epoch"],
  ["G", "one scale for all maps, or one for each"],
  ["↑  ↓", "channel of the focused maps"],
  ["H J K L", "pixel of the focused maps"],
  ["arrows", "cell of the focused confusion matrix"],
  ["?", "this list"],
];

/** Opens or closes the list. */
export function toggleShortcuts(): void {
  const dialog = document.querySelector<HTMLDialogElement>("#shortcuts");
  if (dialog?.open) dialog.close();
  else dialog?.showModal();
}

/** The list. */
export function Shortcuts() {
  return (
    <dialog id="shortcuts" aria-labelledby="shortcuts-title">
      <h2 id="shortcuts-title">Shortcuts</h2>
      <dl class="keys">
        {KEYS.map(([keys, what]) => (
          <div key={keys}>
            <dt>
              {keys.split("  ").map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <button type="button" class="button" onClick={toggleShortcuts}>
        Close
      </button>
    </dialog>
  );
}
