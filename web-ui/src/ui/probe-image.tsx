// The image that all feature maps answer to.
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { tensorOf } from "../bulk";
import { inkTable } from "../colours";
import { shape } from "../format";
import type { TensorInfo } from "../generated/schema";
import { drawMap, drawRgb } from "../panels/raster";
import { channelFacts, reachOf } from "../tiles";

const SIDE = 148;

/** The image: one channel as ink on white, three as colours. */
export function ProbeImage({ run, tensor }: { run: string; tensor: TensorInfo }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const problem = useSignal("");
  useEffect(() => {
    let isWanted = true;
    tensorOf(run, tensor.id)
      .then((values) => {
        if (!isWanted || !canvas.current) return;
        drawProbe(canvas.current, values, tensor.shape);
        problem.value = "";
      })
      .catch((error: unknown) => {
        if (isWanted) problem.value = error instanceof Error ? error.message : String(error);
      });
    return () => {
      isWanted = false;
    };
  }, [run, tensor.id]);
  return (
    <figure class="probe">
      <canvas ref={canvas} role="img" aria-label={`Probe image ${tensor.caption ?? ""}`} />
      <figcaption>
        <b>probe image</b> <span class="mono">{shape(tensor.shape)}</span>
        {tensor.caption && <span>{tensor.caption}</span>}
        {problem.value && <span class="bad">{problem.value}</span>}
      </figcaption>
    </figure>
  );
}

function drawProbe(canvas: HTMLCanvasElement, values: Float32Array, dims: readonly number[]): void {
  const isFlat = dims.length < 3;
  const [channels, height, width] = isFlat ? [1, 1, values.length] : [dims[0]!, dims[1]!, dims[2]!];
  const cell = Math.max(1, Math.floor((SIDE * devicePixelRatio) / Math.max(width, height)));
  canvas.width = width * cell;
  canvas.height = height * cell;
  canvas.style.width = `${canvas.width / devicePixelRatio}px`;
  canvas.style.height = `${canvas.height / devicePixelRatio}px`;
  const ctx = canvas.getContext("2d");
  if (!ctx) return;
  const { min, max } = reachOf(channelFacts(values, channels));
  const scale = { low: min, high: max, isSigned: false };
  const size = { width, height, cell };
  if (channels === 3) drawRgb(ctx, values, size, scale);
  else drawMap(ctx, values, 0, size, { left: 0, top: 0 }, inkTable(), scale);
}
