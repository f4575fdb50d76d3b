import { finished } from "node:stream/promises";
import { describe, expect, it } from "vitest";
import {
  chunkSource,
  cutAt,
  frame,
  piecesOf,
  quietSource,
  type ChunkSource,
} from "test-support/chunk-source";
import { OperationError, ProtocolError, StreamTruncatedError } from "../errors.ts";
import type { LinePrefix, OutputLine } from "./output-lines.ts";
import { OutputStream } from "./output-stream.ts";

function output(
  source: ChunkSource,
  { tty = false, prefix }: { tty?: boolean; prefix?: LinePrefix } = {},
): OutputStream {
  return new OutputStream({ tty, read: () => source.read(), close: () => source.close() }, prefix);
}

async function linesOf(stream: OutputStream): Promise<OutputLine[]> {
  const seen: OutputLine[] = [];
  for await (const line of stream.lines()) seen.push(line);
  return seen;
}

const whale = Buffer.from("🐳");
const time = "2026-11-22T01:02:03.123456789Z";
const timestamps: LinePrefix = { timestamps: true, details: false };

describe("chunks", () => {
  it("come in the order received, each with its stream, small frames joined", async () => {
    const wire = Buffer.concat([frame(1, "a"), frame(1, "b"), frame(2, "c"), frame(1, "d")]);
    const source = chunkSource([wire]);
    const seen: string[] = [];
    for await (const { stream, data } of output(source))
      seen.push(`${stream} ${Buffer.from(data).toString()}`);
    expect(seen).toEqual(["stdout ab", "stderr c", "stdout d"]);
    expect(source.closed).toBe(1);
  });

  it.each<[string, Uint8Array, new (...parameters: never[]) => Error]>([
    ["a frame of type 3", frame(3, "no space left"), OperationError],
    ["a header that is none", Buffer.from("garbage!"), ProtocolError],
    ["half a frame", frame(2, "half").subarray(0, 10), StreamTruncatedError],
  ])("before %s are handed out, and then it is thrown", async (_, end, type) => {
    for (const size of [1, 5, 1000]) {
      const wire = Buffer.concat([frame(1, "before"), end]);
      let seen = "";
      const stream = output(chunkSource(piecesOf(wire, size)));
      const reading = (async () => {
        for await (const { stream: name, data } of stream)
          if (name === "stdout") seen += Buffer.from(data).toString();
      })();
      await expect(reading).rejects.toBeInstanceOf(type);
      expect(seen).toBe("before");
    }
  });
});

describe("lines()", () => {
  it("keep the character whole that frames of the other stream cut, in any pieces", async () => {
    const wire = Buffer.concat([
      frame(1, Buffer.concat([Buffer.from("a"), whale.subarray(0, 1)])),
      frame(2, Buffer.concat([Buffer.from("b"), whale.subarray(0, 3)])),
      frame(1, whale.subarray(1, 3)),
      frame(2, Buffer.concat([whale.subarray(3), Buffer.from("\n")])),
      frame(1, Buffer.concat([whale.subarray(3), Buffer.from("\n")])),
    ]);
    for (let at = 0; at <= wire.length; at++) {
      expect(await linesOf(output(chunkSource(cutAt(wire, [at]))))).toEqual([
        { stream: "stderr", text: "b🐳" },
        { stream: "stdout", text: "a🐳" },
      ]);
    }
    expect(await output(chunkSource(piecesOf(wire, 1))).text()).toHaveLength("a🐳b🐳\n\n".length);
    expect(await output(chunkSource(piecesOf(wire, 1))).collect()).toEqual({
      stdout: "a🐳\n",
      stderr: "b🐳\n",
      truncated: false,
    });
  });

  it.each([1, 7, 4096, 100_000])(
    "join a line of 40,000 bytes and keep one timestamp, in pieces of %i",
    async (size) => {
      const text = "0123456789".repeat(4000);
      const part = (data: string): Buffer => frame(1, `${time} ${data}`);
      const wire = Buffer.concat([
        frame(1, `${time} before\n`),
        part(text.slice(0, 16384)),
        frame(2, `${time} other\n`),
        part(text.slice(16384, 32768)),
        part(`${text.slice(32768)}\n`),
        frame(1, `${time} after\n`),
      ]);
      const lines = await linesOf(output(chunkSource(piecesOf(wire, size)), { prefix: timestamps }));
      expect(lines).toEqual([
        { stream: "stdout", timestamp: time, text: "before" },
        { stream: "stderr", timestamp: time, text: "other" },
        { stream: "stdout", timestamp: time, text },
        { stream: "stdout", timestamp: time, text: "after" },
      ]);
    },
  );

  it.each<[LinePrefix, string, Omit<OutputLine, "stream">]>([
    [{ timestamps: false, details: false }, "a b", { text: "a b" }],
    [{ timestamps: true, details: false }, `${time} a b`, { timestamp: time, text: "a b" }],
    [{ timestamps: false, details: true }, "k=v,l=%20 a b", { details: "k=v,l=%20", text: "a b" }],
    [{ timestamps: false, details: true }, " a b", { details: "", text: "a b" }],
    [
      { timestamps: true, details: true },
      `${time} k=v a b`,
      { timestamp: time, details: "k=v", text: "a b" },
    ],
    [{ timestamps: true, details: true }, `${time}  a`, { timestamp: time, details: "", text: "a" }],
    [{ timestamps: true, details: false }, `${time} `, { timestamp: time, text: "" }],
  ])("with the prefixes %o read %j", async (prefix, text, expected) => {
    for (const end of ["\n", "\r\n", ""]) {
      for (const size of [1, 1000]) {
        const source = chunkSource(piecesOf(frame(2, text + end), size));
        expect(await linesOf(output(source, { prefix }))).toEqual([{ stream: "stderr", ...expected }]);
      }
    }
  });

  it("with details join the parts of a long line too", async () => {
    const prefix = { timestamps: true, details: true };
    const wire = Buffer.concat([frame(1, `${time} k=v one `), frame(1, `${time} k=v two\n`)]);
    for (const size of [1, 1000]) {
      expect(await linesOf(output(chunkSource(piecesOf(wire, size)), { prefix }))).toEqual([
        { stream: "stdout", timestamp: time, details: "k=v", text: "one two" },
      ]);
    }
  });

  it("with a TTY are one stream without line ends", async () => {
    const source = chunkSource(["one\r\ntw", "o\r\nthree"]);
    expect((await linesOf(output(source, { tty: true }))).map(({ text }) => text)).toEqual([
      "one",
      "two",
      "three",
    ]);
  });

  it("give the unterminated last lines of both streams", async () => {
    const wire = Buffer.concat([frame(2, "err"), frame(1, "out")]);
    expect(await linesOf(output(chunkSource([wire])))).toEqual([
      { stream: "stdout", text: "out" },
      { stream: "stderr", text: "err" },
    ]);
  });

  it("give the whole lines before a broken connection", async () => {
    const gone = new Error("gone");
    const lines = output(chunkSource([frame(1, "a\nb\nhalf"), gone])).lines();
    expect((await lines.next()).value).toEqual({ stream: "stdout", text: "a" });
    expect((await lines.next()).value).toEqual({ stream: "stdout", text: "b" });
    await expect(lines.next()).rejects.toBe(gone);
  });
});

describe("collect()", () => {
  it.each([
    [5, "ab🐳", "ab", true],
    [6, "ab🐳", "ab🐳", false],
    [7, "ab🐳cd", "ab🐳c", true],
    [0, "a", "", true],
    [0, "", "", false],
  ])("keeps %i bytes of %j and says whether that is all", async (maxBytes, text, stdout, truncated) => {
    const wire = Buffer.concat([
      ...piecesOf(Buffer.from(text), 1).map((data) => frame(1, data)),
      frame(2, ""),
    ]);
    const source = chunkSource(piecesOf(wire, 3));
    expect(await output(source).collect({ maxBytes })).toEqual({ stdout, stderr: "", truncated });
  });
});

describe("an output", () => {
  it("is not collected up to what is no number", async () => {
    const source = chunkSource(["never read"]);
    await expect(output(source).collect({ maxBytes: Number.NaN })).rejects.toThrow(TypeError);
    expect(source).toMatchObject({ closed: 1, reads: 0 });
  });

  it("is not collected with an option that there is not", async () => {
    const source = chunkSource(["never read"]);
    const options: object = { maxByte: 3 };
    await expect(output(source).collect(options)).rejects.toThrow(
      'output.collect() has no option "maxByte": did you mean "maxBytes"?',
    );
    expect(source).toMatchObject({ closed: 1, reads: 0 });
  });

  it("is not closed for who reads it by a collecting that comes second", async () => {
    const source = chunkSource([]);
    const stream = output(source);
    stream.lines();
    await expect(stream.collect({ maxBytes: Number.NaN })).rejects.toThrow("is being read already");
    expect(source).toMatchObject({ closed: 0 });
  });

  it("is read once, in one of its ways", async () => {
    const stream = output(chunkSource([]));
    expect(await stream.text()).toBe("");
    expect(() => stream.lines()).toThrow(TypeError);
    expect(() => stream.stdout).toThrow(TypeError);
    expect(() => stream.toReadable()).toThrow(TypeError);
    await expect(stream.collect()).rejects.toBeInstanceOf(TypeError);
  });

  it.each<[string, (stream: OutputStream) => Promise<unknown>]>([
    [
      "leaving the loop",
      async (stream) => {
        for await (const _ of stream) return;
      },
    ],
    [
      "leaving the lines",
      async (stream) => {
        for await (const _ of stream.lines()) return;
      },
    ],
    ["close()", async (stream) => stream.close()],
    [
      "await using",
      async (stream) => {
        await using _ = stream;
      },
    ],
    [
      "destroying the Readable before it is read",
      async (stream) => finished(stream.toReadable().destroy()).catch(() => undefined),
    ],
    [
      "destroying the Readable while it waits for more",
      async (stream) => {
        const readable = stream.toReadable();
        for await (const _ of readable.iterator({ destroyOnReturn: false })) break;
        readable.read();
        await new Promise((resolve) => setImmediate(resolve));
        await finished(readable.destroy()).catch(() => undefined);
      },
    ],
    ["leaving its stdout", async ({ stdout }) => stdout.toReadable().destroy()],
  ])("is closed by %s", async (_, leave) => {
    const source = quietSource(frame(1, "first\n"));
    await leave(output(source));
    await new Promise((resolve) => setImmediate(resolve));
    expect(source.closed).toBeGreaterThan(0);
  });

  it("closed in the middle of a frame ends quietly for a loop, and is no whole text", async () => {
    const half = frame(1, "first\nsecond").subarray(0, 16);
    const looped = output(quietSource(half));
    const seen: string[] = [];
    for await (const { text } of looped.lines()) {
      seen.push(text);
      setImmediate(() => looped.close());
    }
    expect(seen).toEqual(["first"]);

    for (const read of [
      (stream: OutputStream) => stream.text(),
      (stream: OutputStream) => stream.collect(),
      (stream: OutputStream) => stream.stdout.text(),
    ]) {
      const stream = output(quietSource(half));
      const reading = read(stream);
      setImmediate(() => stream.close());
      await expect(reading).rejects.toMatchObject({ name: "AbortError" });
    }
  });

  it("becomes a Node stream of both, in the order received", async () => {
    const wire = Buffer.concat([frame(1, "a"), frame(2, "b"), frame(1, "c")]);
    const chunks: Buffer[] = [];
    for await (const chunk of output(chunkSource(piecesOf(wire, 2))).toReadable())
      chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString()).toBe("abc");
  });
});
