// Reads one binary frame: fixed header, JSON header, 8-byte-aligned columns that become typed arrays in place.
// Layout: the head of crates/trainscope-schema/src/frame.rs. The checksum is for files; a WebSocket is reliable.

/** Frame kinds that this page reads. */
export const KIND_TENSOR = 4;
export const KIND_CHART = 64;

const MAGIC = 0x31465354; // "TSF1", read as a little-endian word
const VERSION = 1;
const HEADER_BYTES = 40;
const MAX_FRAME_BYTES = 64 * 1024 * 1024;

/** A column's numbers. `u64` columns are read into doubles: exact to 2^53. */
export type Column = Uint8Array | Uint32Array | Float32Array | Float64Array;

/** A decoded frame. */
export interface Frame {
  kind: number;
  /** 16 hexadecimal digits. */
  run: string;
  seq: number;
  rank: number;
  body: unknown;
  columns: Map<string, Column>;
}

/** Bytes are not a frame. */
export class FrameError extends Error {
  override name = "FrameError";
}

interface ColumnMeta {
  name: string;
  dtype: string;
  len: number;
}

const SIZE_BYTES: Record<string, number> = { u8: 1, u32: 4, u64: 8, f32: 4, f64: 8 };

/** Decodes the frame that fills `buffer`. */
export function decodeFrame(buffer: ArrayBuffer): Frame {
  const { frame, lenBytes } = decodeFrameAt(buffer, 0);
  if (lenBytes !== buffer.byteLength) {
    throw new FrameError(`expected one frame of ${lenBytes} bytes, found ${buffer.byteLength} bytes`);
  }
  return frame;
}

/** Decodes the frames that fill `buffer` one after the other, as in a log file. */
export function decodeFrames(buffer: ArrayBuffer): Frame[] {
  const frames: Frame[] = [];
  for (let start = 0; start < buffer.byteLength; ) {
    const { frame, lenBytes } = decodeFrameAt(buffer, start);
    frames.push(frame);
    start += lenBytes;
  }
  return frames;
}

function decodeFrameAt(buffer: ArrayBuffer, start: number): { frame: Frame; lenBytes: number } {
  const lenBytes = checkedLength(buffer, start);
  const view = new DataView(buffer, start, lenBytes);
  const headerLen = view.getUint32(36, true);
  const dataStart = HEADER_BYTES + padded(headerLen);
  if (dataStart > lenBytes) {
    throw new FrameError(`the frame's JSON header would end at ${dataStart} of ${lenBytes} bytes`);
  }
  const header = parseHeader(new Uint8Array(buffer, start + HEADER_BYTES, headerLen));
  const frame: Frame = {
    kind: view.getUint16(14, true),
    run: view.getBigUint64(16, true).toString(16).padStart(16, "0"),
    seq: Number(view.getBigUint64(24, true)),
    rank: view.getUint32(32, true),
    body: header.body,
    columns: readColumns(buffer, start + dataStart, start + lenBytes, header.columns),
  };
  return { frame, lenBytes };
}

function checkedLength(buffer: ArrayBuffer, start: number): number {
  const found = buffer.byteLength - start;
  if (found < HEADER_BYTES) {
    throw new FrameError(`a frame has at least ${HEADER_BYTES} bytes, ${found} are there`);
  }
  const view = new DataView(buffer, start, HEADER_BYTES);
  if (view.getUint32(0, true) !== MAGIC) throw new FrameError('a frame starts with "TSF1"');
  const version = view.getUint16(12, true);
  if (version > VERSION) {
    throw new FrameError(
      `this page reads frame version ${VERSION}, the frame has ${version}: reload the page`,
    );
  }
  const lenBytes = view.getUint32(4, true);
  if (lenBytes % 8 !== 0 || lenBytes < HEADER_BYTES || lenBytes > MAX_FRAME_BYTES) {
    throw new FrameError(
      `a frame's length is a multiple of 8 up to ${MAX_FRAME_BYTES}; this one says ${lenBytes}`,
    );
  }
  if (lenBytes > found) throw new FrameError(`the frame needs ${lenBytes} bytes, ${found} are there`);
  return lenBytes;
}

function parseHeader(bytes: Uint8Array): { columns: ColumnMeta[]; body: unknown } {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    throw new FrameError(`the frame's JSON header cannot be read: ${String(error)}`);
  }
  const columns = (header as { columns?: unknown } | null)?.columns;
  if (!Array.isArray(columns)) throw new FrameError("the frame's JSON header has no list of columns");
  return { columns, body: (header as { body?: unknown }).body };
}

function readColumns(buffer: ArrayBuffer, start: number, end: number, metas: ColumnMeta[]) {
  const columns = new Map<string, Column>();
  let offset = start;
  for (const { name, dtype, len } of metas) {
    const size = SIZE_BYTES[dtype];
    if (size === undefined || !Number.isSafeInteger(len) || len < 0) {
      throw new FrameError(`column "${name}" has type "${dtype}" and length ${len}`);
    }
    if (offset + len * size > end) {
      throw new FrameError(`column "${name}" needs ${len * size} bytes, ${end - offset} are left`);
    }
    columns.set(name, readColumn(buffer, offset, dtype, len));
    offset += padded(len * size);
  }
  return columns;
}

function readColumn(buffer: ArrayBuffer, offset: number, dtype: string, len: number): Column {
  switch (dtype) {
    case "u8":
      return new Uint8Array(buffer, offset, len);
    case "u32":
      return new Uint32Array(buffer, offset, len);
    case "f32":
      return new Float32Array(buffer, offset, len);
    case "f64":
      return new Float64Array(buffer, offset, len);
    default: {
      const halves = new Uint32Array(buffer, offset, len * 2);
      return Float64Array.from({ length: len }, (_, i) => halves[2 * i]! + halves[2 * i + 1]! * 2 ** 32);
    }
  }
}

function padded(len: number): number {
  return Math.ceil(len / 8) * 8;
}
