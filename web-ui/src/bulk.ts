// Tensors and evaluations: fetched when looked at, kept while there is room.
import { decodeFrame, KIND_TENSOR } from "./frame";
import type { Evaluation } from "./generated/schema";

const MOST_ENTRIES = 240;

/** A bounded cache of promises; the one looked at longest ago goes first. Failures are not kept. */
export class Cache<T> {
  #entries = new Map<string, Promise<T>>();

  constructor(
    private readonly fetchOne: (key: string) => Promise<T>,
    private readonly most = MOST_ENTRIES,
  ) {}

  /** The value of a key, fetched at most once while it is kept. */
  get(key: string): Promise<T> {
    const kept = this.#entries.get(key);
    const entry = kept ?? this.fetchOne(key);
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    if (!kept) entry.catch(() => this.#entries.delete(key));
    const oldest = this.#entries.keys().next().value;
    if (this.#entries.size > this.most && oldest !== undefined) this.#entries.delete(oldest);
    return entry;
  }
}

const tensors = new Cache<Float32Array>(async (path) => {
  const frame = decodeFrame(await (await answered(path)).arrayBuffer());
  const values = frame.columns.get("value");
  if (frame.kind !== KIND_TENSOR || !(values instanceof Float32Array)) {
    throw new Error(`expected a tensor with an f32 column "value", found kind ${frame.kind}`);
  }
  return values;
});

const evaluations = new Cache<Evaluation>(
  async (path) => (await answered(path)).json() as Promise<Evaluation>,
);

/** The numbers of a tensor, row-major. */
export function tensorOf(run: string, id: string): Promise<Float32Array> {
  return tensors.get(`/api/runs/${encodeURIComponent(run)}/tensors/${encodeURIComponent(id)}`);
}

/** An evaluation once it has `n` rows: its predictions may come in parts, so another `n` is fetched anew. */
export function evaluationOf(run: string, id: string, n: number): Promise<Evaluation> {
  return evaluations.get(`/api/runs/${encodeURIComponent(run)}/evaluations/${encodeURIComponent(id)}?n=${n}`);
}

async function answered(path: string): Promise<Response> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`the visor answered ${response.status} to ${path}`);
  return response;
}
