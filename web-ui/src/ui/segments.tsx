// A few choices side by side, one of them pressed.

/** The choices as pairs of value and word. */
export function Segments<T extends string>(props: {
  label: string;
  options: readonly (readonly [T, string])[];
  chosen: T;
  choose(option: T): void;
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would bring a border and a legend
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
