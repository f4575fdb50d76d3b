/** What a fake engine sends, and what clients have to make of it. */
import { createHash } from "node:crypto";

/** A stream of the engine's, whole: the head, the same block so many times, the end. */
export interface Traffic {
  readonly pieces: () => Iterable<Uint8Array>;
  /** Of what a client hands on. */
  readonly bytes: number;
  readonly sha256: string;
}

const HEAD = Buffer.from("HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nTransfer-Encoding: chunked\r\n\r\n");
const END = Buffer.from("0\r\n\r\n");
const BLOCK = 1024 * 1024;

/** Lines of a log of 101 bytes, each a frame and, as the engine sends them, an HTTP chunk of its own. */
export function linesOfLog(bytes: number): Traffic {
  const lines = Array.from({ length: Math.floor(BLOCK / 101) }, (_, index) => line(index, 101));
  return traffic(lines, lines.map(frame).map(chunk), bytes);
}

/** The same lines, many frames in one chunk of 64 KiB, and frames of two bytes among them. */
export function manyFrames(bytes: number): Traffic {
  const lines = Array.from({ length: Math.floor(BLOCK / 101) }, (_, index) => line(index, 101));
  const shorts = Array.from({ length: 8 * 1024 }, (_, index) => line(index, 2));
  const payloads = [...lines, ...shorts];
  const frames = Buffer.concat(payloads.map(frame));
  const chunks: Buffer[] = [];
  for (let at = 0; at < frames.length; at += 64 * 1024)
    chunks.push(chunk(frames.subarray(at, at + 64 * 1024)));
  return traffic(payloads, chunks, bytes);
}

/** Frames of 16 KiB, the largest that the engine makes of a log. */
export function longFrames(bytes: number): Traffic {
  const frames = Array.from({ length: 64 }, (_, index) => line(index, 16 * 1024));
  return traffic(frames, frames.map(frame).map(chunk), bytes);
}

function traffic(payloads: readonly Buffer[], wire: readonly Buffer[], bytes: number): Traffic {
  const payload = Buffer.concat(payloads);
  const block = Buffer.concat(wire);
  const times = Math.ceil(bytes / payload.length);
  const hash = createHash("sha256");
  for (let time = 0; time < times; time += 1) hash.update(payload);
  return {
    pieces: () => repeated(block, times),
    bytes: times * payload.length,
    sha256: hash.digest("hex"),
  };
}

function* repeated(block: Uint8Array, times: number): Generator<Uint8Array> {
  yield HEAD;
  for (let time = 0; time < times; time += 1) yield block;
  yield END;
}

function line(index: number, length: number): Buffer {
  return Buffer.from(
    `${String(index)
      .padStart(length - 1, ".")
      .slice(1 - length)}\n`,
  );
}

/** The engine's: the stream's number, the length, the bytes. */
function frame(payload: Buffer): Buffer {
  const header = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32BE(payload.length, 4);
  return Buffer.concat([header, payload]);
}

function chunk(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from("\r\n")]);
}

/** Progress of a pull, cut without regard to lines and characters, as sockets do. `length`: of all ids. */
export function progressLines(count: number): {
  readonly pieces: () => Iterable<Uint8Array>;
  readonly events: number;
  readonly length: number;
} {
  const lines = Array.from({ length: 3000 }, (_, index) => {
    const id = `schicht-größe-${index % 20}-層`;
    const progressDetail = { current: index * 1024, total: 3_072_000 };
    return { status: "Downloading", id, progressDetail, progress: `[=====>     ] ${index}kB/3.072MB` };
  });
  const block = Buffer.from(lines.map((value) => `${JSON.stringify(value)}\r\n`).join(""));
  const times = Math.ceil(count / lines.length);
  const last = Buffer.from(
    `${JSON.stringify({ status: "Status: Downloaded newer image for busybox:latest" })}\r\n`,
  );
  const wire: Buffer[] = [];
  // No power of two, so that the cuts fall everywhere.
  for (let at = 0; at < block.length; at += 9973) wire.push(chunk(block.subarray(at, at + 9973)));
  const blockOnWire = Buffer.concat(wire);
  return {
    *pieces() {
      yield HEAD;
      for (let time = 0; time < times; time += 1) yield blockOnWire;
      yield chunk(last);
      yield END;
    },
    events: times * lines.length + 1,
    length: times * lines.reduce((sum, { id }) => sum + id.length, 0),
  };
}
