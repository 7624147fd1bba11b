// A layer's card: its maps or features, its finding, its scale.
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { tensorOf } from "../bulk";
import { count, shape, value } from "../format";
import type { TensorInfo } from "../generated/schema";
import { MapsPanel, MOST_BARS } from "../panels/maps";
import { theme, view } from "../session";
import { silenceOf } from "../tiles";
import { tableGradient } from "./gradient";

interface Said {
  finding: string;
  low: number;
  high: number;
  isSigned: boolean;
}

/** The card. */
export function MapsCard({ run, tensor, kind }: { run: string; tensor: TensorInfo; kind: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const readout = useRef<HTMLParagraphElement>(null);
  const panel = useRef<MapsPanel | null>(null);
  const said = useSignal<Said | null>(null);
  const problem = useSignal("");
  const isDense = tensor.shape.length !== 3;
  const look = { isPerMap: view.value.isPerMap, theme: theme.value };

  useEffect(() => {
    const made = new MapsPanel(canvas.current!, readout.current!, look);
    panel.current = made;
    return () => made.destroy();
  }, []);
  useEffect(() => panel.current?.restyle(look), [look.isPerMap, look.theme]);
  useEffect(() => {
    let isWanted = true;
    tensorOf(run, tensor.id)
      .then((values) => {
        const made = panel.current;
        if (!isWanted || !made) return;
        made.fill({ values, shape: tensor.shape, epoch: tensor.epoch });
        said.value = { finding: silenceOf(made.facts, isDense), ...made.scale };
        problem.value = "";
      })
      .catch((error: unknown) => {
        if (isWanted) problem.value = error instanceof Error ? error.message : String(error);
      });
    return () => {
      isWanted = false;
    };
  }, [run, tensor.id]);

  const finding = problem.value || (said.value?.finding ?? "reading…");
  const isChosen = view.value.layer === tensor.name;
  return (
    <section
      class={isChosen ? "card map chosen" : "card map"}
      id={`layer-${tensor.name}`}
      aria-label={tensor.name}
    >
      <div class="head">
        <h2>{tensor.name}</h2>
        <span class="tag mono">{shape(tensor.shape)}</span>
        <span class="tag kind">{kind}</span>
        <p class={/^no of |^reading…$/.test(finding) ? "finding" : "finding loud"}>{finding}</p>
      </div>
      <div class="raster">
        <canvas
          ref={canvas}
          role="img"
          tabIndex={0}
          data-testid={`maps-${tensor.name}`}
          aria-label={`${isDense ? "Features" : "Feature maps"} of ${tensor.name} after epoch ${tensor.epoch}. ${finding}.`}
        />
      </div>
      <div class="foot">
        {said.value && <ScaleBar said={said.value} features={isDense ? (tensor.shape[0] ?? 0) : null} />}
        <p class="mono spot" ref={readout} aria-live="polite" />
      </div>
    </section>
  );
}

function ScaleBar({ said, features }: { said: Said; features: number | null }) {
  const { isPerMap } = view.value;
  if (features !== null) {
    const low = said.isSigned ? value(said.low, 3) : "0";
    return (
      <span>
        axis <b class="mono">{low}</b> … <b class="mono">{value(said.high, 3)}</b>
        {features > MOST_BARS && ` · the first ${count(MOST_BARS)} drawn`}
      </span>
    );
  }
  return (
    <span class="scale">
      <b class="mono">{isPerMap ? (said.isSigned ? "−max" : "0") : value(said.low, 3)}</b>
      <i style={{ background: tableGradient(said.isSigned, theme.value) }} />
      <b class="mono">{isPerMap ? "max" : value(said.high, 3)}</b>
      <span>{isPerMap ? "each map on its own scale" : "one scale for the layer"}</span>
    </span>
  );
}
