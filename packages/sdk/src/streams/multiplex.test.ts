import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutAt, frame, piecesOf } from "test-support/chunk-source";
import { OperationError, ProtocolError, StreamTruncatedError } from "../errors.ts";
import { Demultiplexer, frameDecoder, type FrameVisitor } from "./multiplex.ts";
import { ownMemory } from "./own-memory.ts";

interface Output {
  stdout: Buffer;
  stderr: Buffer;
  /** How many pieces began a frame. */
  frames: number;
}

function demultiplex(chunks: readonly Uint8Array[], joined: boolean = false): Output {
  const decoder = new Demultiplexer(joined);
  const parts: Record<"stdout" | "stderr", Uint8Array[]> = { stdout: [], stderr: [] };
  let frames = 0;
  const visit: FrameVisitor = (stream, data, first) => {
    parts[stream].push(data);
    if (first) frames++;
  };
  for (const chunk of chunks) decoder.push(chunk, visit);
  decoder.end();
  return { stdout: Buffer.concat(parts.stdout), stderr: Buffer.concat(parts.stderr), frames };
}

/** Two writers of 1 MiB each, their frames interleaved and of uneven sizes. */
function twoWriters(): { wire: Buffer; stdout: Buffer; stderr: Buffer } {
  const stdout = Buffer.alloc(1024 * 1024, "0123456789abcdef");
  const stderr = Buffer.alloc(1024 * 1024, "!\"#$%&'()*+,-./");
  const frames: Buffer[] = [];
  let size = 1;
  for (let at = 0; at < stdout.length; at += size) {
    size = ((size * 7) % 16384) + 1;
    frames.push(frame(1, stdout.subarray(at, at + size)), frame(2, stderr.subarray(at, at + size)));
  }
  return { wire: Buffer.concat(frames), stdout, stderr };
}

describe.each([false, true])("Demultiplexer, frames joined: %s", (joined) => {
  const wire = Buffer.concat([
    frame(1, "out"),
    frame(2, "error"),
    frame(1, ""),
    frame(0, "in"),
    frame(2, "x"),
  ]);
  const whole = { stdout: Buffer.from("outin"), stderr: Buffer.from("errorx"), frames: joined ? 0 : 4 };

  it("gives the same output wherever it is cut in two, and cut into pieces of every size", () => {
    for (let at = 0; at <= wire.length; at++) expect(demultiplex(cutAt(wire, [at]), joined)).toEqual(whole);
    for (let size = 1; size <= wire.length; size++)
      expect(demultiplex(piecesOf(wire, size), joined)).toEqual(whole);
  });

  it("gives the same output for any frames, cut anywhere", () => {
    const frames = fc.array(
      fc.record({ type: fc.constantFrom(1, 2), data: fc.uint8Array({ maxLength: 20 }) }),
    );
    fc.assert(
      fc.property(frames, fc.array(fc.nat(300)), (sent, cuts) => {
        const bytes = Buffer.concat(sent.map(({ type, data }) => frame(type, data)));
        const expected = (type: number): Buffer =>
          Buffer.concat(sent.filter((one) => one.type === type).map(({ data }) => data));
        const { stdout, stderr } = demultiplex(cutAt(bytes, cuts), joined);
        expect(stdout.equals(expected(1)) && stderr.equals(expected(2))).toBe(true);
      }),
    );
  });

  it.each([2, 8, 9, 4096, 65536])("keeps two writers of 1 MiB apart, in pieces of %i bytes", (size) => {
    const { wire: bytes, stdout, stderr } = twoWriters();
    const output = demultiplex(piecesOf(bytes, size), joined);
    expect(output.stdout.equals(stdout)).toBe(true);
    expect(output.stderr.equals(stderr)).toBe(true);
  });

  it("reads frames of two bytes", () => {
    const text = "a".repeat(1000);
    const bytes = Buffer.concat(piecesOf(Buffer.from(text), 2).map((data) => frame(2, data)));
    const frames = joined ? 0 : 500;
    expect(demultiplex([bytes], joined)).toEqual({
      stdout: Buffer.alloc(0),
      stderr: Buffer.from(text),
      frames,
    });
  });

  it("reads a length of more than 2 GiB as one", () => {
    const decoder = new Demultiplexer(joined);
    const header = Buffer.from([1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]);
    let size = 0;
    decoder.push(Buffer.concat([header, Buffer.alloc(1000)]), (_, data) => (size += data.length));
    expect(size).toBe(1000);
    expect(() => decoder.end()).toThrow(StreamTruncatedError);
  });

  it.each([1, 4, 7, 8, 9, 10])("says that a stream of %i bytes ends inside a frame", (length) => {
    expect(() => demultiplex([frame(1, "abc").subarray(0, length)], joined)).toThrow(StreamTruncatedError);
  });

  it("throws what the engine says in a frame of type 3, after the output before it", () => {
    const seen: string[] = [];
    const push = (chunks: readonly Uint8Array[]) => () => {
      const decoder = new Demultiplexer(joined);
      for (const chunk of chunks) decoder.push(chunk, (_, data) => seen.push(Buffer.from(data).toString()));
    };
    const bytes = Buffer.concat([frame(1, "before"), frame(3, "disk is full"), frame(1, "after")]);
    expect(push([bytes])).toThrow(
      new OperationError("The engine reported an error inside the stream: disk is full"),
    );
    expect(seen).toEqual(["before"]);
    expect(push(piecesOf(bytes, 1))).toThrow(/disk is full/);
    expect(push([frame(3, "")])).toThrow(OperationError);
  });

  it.each([
    [4, 0, 0, 0],
    [255, 0, 0, 0],
    [1, 1, 0, 0],
    [1, 0, 0, 9],
  ])("refuses the header %i %i %i %i", (...start) => {
    const header = Buffer.from([...start, 0, 0, 0, 1]);
    expect(() => demultiplex([header], joined)).toThrow(ProtocolError);
    expect(() => demultiplex(piecesOf(header, 1), joined)).toThrow(ProtocolError);
  });
});

it.each(["its own", "foreign"])("joins what follows one another on a stream, in %s memory", (whose) => {
  const chunk = Buffer.concat([
    ...["a", "b", "c"].map((text) => frame(1, text.repeat(100))),
    frame(2, "error"),
    frame(1, "d".repeat(20_000)),
    frame(1, "e"),
    frame(1, "f"),
  ]);
  const piece = whose === "foreign" ? Buffer.from(chunk) : ownMemory(chunk.length);
  piece.set(chunk);
  const seen: [string, string][] = [];
  new Demultiplexer(true).push(piece, (stream, data) => seen.push([stream, Buffer.from(data).toString()]));
  expect(seen).toEqual([
    ["stdout", ["a", "b", "c"].map((text) => text.repeat(100)).join("")],
    ["stderr", "error"],
    ["stdout", "d".repeat(20_000)],
    ["stdout", "ef"],
  ]);
  // Others may look at what came from elsewhere.
  if (whose === "foreign") expect(piece.equals(chunk)).toBe(true);
});

it("does not keep the headers of many short frames in memory", () => {
  const chunk = Buffer.concat(Array.from({ length: 5000 }, () => frame(1, "x")));
  new Demultiplexer(true).push(chunk, (_, data) => {
    expect(data.length).toBe(5000);
    // At most the memory that Node shares out among small buffers: 8 KiB, and 64 in Node 24.
    expect(data.buffer).not.toBe(chunk.buffer);
    expect(data.buffer.byteLength).toBeLessThanOrEqual(Buffer.poolSize);
  });
});

it("with a TTY the bytes are stdout as they are", () => {
  const decoder = frameDecoder({ tty: true });
  const seen: unknown[] = [];
  decoder.push(frame(2, "x"), (stream, data) => seen.push([stream, Buffer.from(data)]));
  decoder.end();
  expect(seen).toEqual([["stdout", frame(2, "x")]]);
});
