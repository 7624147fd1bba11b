// Small line drawings, 24 × 24 units, coloured by the text.

const PATHS = {
  logo: "M8 6h8a6 6 0 0 1 0 12H8A6 6 0 0 1 8 6zM6 13.500c1.500-3 3 1.500 5 0s2.500-4 4-2 1.500 1.500 3-.5",
  search: "M11 4a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM20 20l-4-4",
  moon: "M20 14.500A8.500 8.500 0 0 1 9.500 4a8.500 8.500 0 1 0 10.500 10.500z",
  sun: "M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM12 2v3M12 19v3M2 12h3M19 12h3M5 5l2 2M17 17l2 2M19 5l-2 2M7 17l-2 2",
  download: "M12 4v11M7 11l5 5 5-5M5 20h14",
  image: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.500 9h.01",
  table: "M4 5h16v14H4zM4 10h16M4 14.500h16M10 10v9",
  left: "M15 5l-7 7 7 7",
  right: "M9 5l7 7-7 7",
  curves: "M3 18l6-8 4 4 8-9",
  layers: "M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h6v6h-6z",
  evaluate: "M4 5h16v14H4zM4 10h16M10 10v9",
  runs: "M4 6h16M4 12h16M4 18h16",
  lost: "M12 7a5 5 0 1 1 0 10 5 5 0 0 1 0-10zM5 19L19 5",
  live: "M12 7a5 5 0 1 1 0 10 5 5 0 0 1 0-10z",
  finished: "M4 13l5 5L20 6",
  failed: "M6 6l12 12M18 6L6 18",
  interrupted: "M8 5v14M16 5v14",
  warning: "M12 4l9 16H3zM12 10v4M12 17h.01",
  info: "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM12 11v5M12 8h.01",
} as const;

/** Name of a drawing. */
export type IconName = keyof typeof PATHS;

/** A drawing that says nothing to a screen reader: a word stands beside it. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg
      class={`icon icon-${name}`}
      viewBox="0 0 24 24"
      fill={name === "live" ? "currentColor" : "none"}
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
