// A few choices side by side, one of them pressed.

/** The choices as pairs of value and word. */
export function Segments<T extends string>(props: {
  label: string;
  options: readonly (readonly [T, string])[];
  chosen: T;
  choose(option: T): void;
}) {
  return (
    <div class="segments" role="group" aria-label={props.label}>
      {props.options.map(([option, word]) => (
        <button
          type="button"
          key={option}
          aria-pressed={option === props.chosen}
          onClick={() => props.choose(option)}
        >
          {word}
        </button>
      ))}
    </div>
  );
}
