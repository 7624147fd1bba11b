// The WebSocket: opens again with growing pauses, and asks again for everything that was asked before.
import { decodeFrame, type Frame } from "./frame";
import type { ChartQuery, ClientMessage, ServerMessage } from "./generated/schema";

/** Whether the visor can be heard. */
export type LinkState = "connecting" | "open" | "lost";

/** What the connection tells. */
export interface LinkEvents {
  state(state: LinkState): void;
  message(message: ServerMessage): void;
  frame(frame: Frame): void;
  /** Something arrived that cannot be read. */
  garbled(reason: string): void;
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5000;

/** Pause before the next attempt after `failures` in a row. */
export function pauseMs(failures: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(failures, 10));
}

/** One tab's connection to the visor. */
export class Connection {
  #socket: WebSocket | null = null;
  #failures = 0;
  #watched: string | null = null;
  #charts = new Map<number, ChartQuery>();

  constructor(
    private readonly url: string,
    private readonly events: LinkEvents,
  ) {
    this.#open();
  }

  /** Follows a run; the one followed before is dropped. */
  watch(run: string): void {
    this.#watched = run;
    this.#send({ type: "watch", run });
  }

  /** Asks for a chart, or asks it anew. */
  chart(query: ChartQuery): void {
    this.#charts.set(query.chart, query);
    this.#send({ type: "chart", ...query });
  }

  /** Forgets a chart. */
  closeChart(chart: number): void {
    if (this.#charts.delete(chart)) this.#send({ type: "close_chart", chart });
  }

  #open(): void {
    const socket = new WebSocket(this.url);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.#opened();
    socket.onmessage = (event: MessageEvent<string | ArrayBuffer>) => this.#received(event.data);
    socket.onclose = () => this.#closed(socket);
    this.#socket = socket;
  }

  #opened(): void {
    this.#failures = 0;
    this.events.state("open");
    if (this.#watched !== null) this.#send({ type: "watch", run: this.#watched });
    for (const query of this.#charts.values()) this.#send({ type: "chart", ...query });
  }

  #closed(socket: WebSocket): void {
    if (this.#socket !== socket) return;
    this.#socket = null;
    this.events.state("lost");
    setTimeout(() => this.#open(), pauseMs(this.#failures));
    this.#failures += 1;
  }

  #received(data: string | ArrayBuffer): void {
    try {
      if (typeof data === "string") this.events.message(JSON.parse(data) as ServerMessage);
      else this.events.frame(decodeFrame(data));
    } catch (error) {
      this.events.garbled(error instanceof Error ? error.message : String(error));
    }
  }

  #send(message: ClientMessage): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }
}
