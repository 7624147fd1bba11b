// The Layers tab: what each layer answers to the probe image, epoch by epoch.
import { distinctEpochs, shownEpoch } from "../epochs";
import { count, plural, shape } from "../format";
import type { LayerSummary, RunDetails, TensorInfo } from "../generated/schema";
import { show, view } from "../session";
import { Empty } from "./empty";
import { MapsCard } from "./maps-card";
import { ProbeImage } from "./probe-image";
import { Scrubber } from "./scrubber";
import { Segments } from "./segments";

/** The tab. */
export function Layers({ run }: { run: RunDetails }) {
  const epochs = distinctEpochs(run.tensors);
  const epoch = shownEpoch(epochs, view.value.epoch);
  if (epoch === null) return <NoTensors run={run} />;
  const snapshot = newestByName(run.tensors.filter((one) => one.epoch === epoch));
  const activations = snapshot.filter((one) => one.role === "activation");
  const probe =
    snapshot.find((one) => one.role === "input") ?? run.tensors.findLast((one) => one.role === "input");
  const hasMaps = activations.some((one) => one.shape.length === 3);
  return (
    <div class="layers">
      <div class="card toolbar">
        <Scrubber epochs={epochs} />
        <span class="muted">Scale</span>
        <Segments
          label="Scale"
          options={[
            ["shared", "Shared"],
            ["own", "Per map"],
          ]}
          chosen={view.value.isPerMap ? "own" : "shared"}
          choose={(scale) => show({ isPerMap: scale === "own" })}
        />
      </div>
      <Model run={run} probe={probe} activations={activations} />
      <div class="maps">
        {!hasMaps && (
          <p class="card hint">This model has no convolutions: there are no feature maps, only features.</p>
        )}
        {activations.map((one) => (
          <MapsCard key={one.name} run={run.summary.id} tensor={one} kind={kindOfLayer(run, one.name)} />
        ))}
      </div>
    </div>
  );
}

function NoTensors({ run }: { run: RunDetails }) {
  const isLive = run.summary.state === "live";
  return (
    <Empty title={isLive ? "No layers captured yet" : "No layers captured"}>
      {isLive
        ? "Feature maps are captured at the end of each epoch, for one probe image. The first epoch is still running."
        : "This run recorded no activations. Capture them with the callback of fit, or with a tap in your own loop."}
    </Empty>
  );
}

function newestByName(tensors: readonly TensorInfo[]): TensorInfo[] {
  const newest = new Map<string, TensorInfo>();
  for (const one of tensors) {
    const known = newest.get(`${one.role}/${one.name}`);
    if (!known || one.step >= known.step) newest.set(`${one.role}/${one.name}`, one);
  }
  return [...newest.values()].sort((a, b) => a.order - b.order);
}

function kindOfLayer(run: RunDetails, name: string): string {
  return run.model?.layers.find((layer) => layer.name === name)?.kind ?? "";
}

function Model(props: {
  run: RunDetails;
  probe: TensorInfo | undefined;
  activations: readonly TensorInfo[];
}) {
  const layers = props.run.model?.layers ?? [];
  const known = new Set(layers.map((layer) => layer.name));
  const extra: LayerSummary[] = props.activations
    .filter((one) => !known.has(one.name))
    .map((one) => ({ name: one.name, kind: "", output_shape: [...one.shape], parameters: 0 }));
  const captured = new Set(props.activations.map((one) => one.name));
  const parameters = layers.reduce((sum, layer) => sum + layer.parameters, 0);
  return (
    <section class="card model" aria-label="Model">
      <div class="head">
        <h2>Model</h2>
        {layers.length > 0 && <p class="finding">{plural(parameters, "parameter")}</p>}
      </div>
      <ol class="nodes">
        {props.probe && (
          <li>
            <ProbeImage run={props.run.summary.id} tensor={props.probe} />
          </li>
        )}
        {[...layers, ...extra].map((layer) => (
          <li key={layer.name}>
            <Node layer={layer} hasMaps={captured.has(layer.name)} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function Node({ layer, hasMaps }: { layer: LayerSummary; hasMaps: boolean }) {
  const isChosen = view.value.layer === layer.name;
  const choose = () => {
    show({ layer: isChosen ? null : layer.name });
    document.getElementById(`layer-${layer.name}`)?.scrollIntoView({ block: "nearest" });
  };
  const text = (
    <>
      <b>{layer.name}</b>
      <span class="mono">{shape(layer.output_shape)}</span>
      <span class="muted">{layer.kind}</span>
      <span class="muted">{layer.parameters > 0 ? `${count(layer.parameters)} params` : "no params"}</span>
    </>
  );
  return hasMaps ? (
    <button type="button" class="node has-maps" aria-pressed={isChosen} onClick={choose}>
      {text}
    </button>
  ) : (
    <div class="node">{text}</div>
  );
}
