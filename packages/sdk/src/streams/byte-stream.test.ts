import { finished } from "node:stream/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chunkSource, cutAt, quietSource } from "test-support/chunk-source";
import { ByteStream } from "./byte-stream.ts";

async function lines(wire: Uint8Array | string, cuts: readonly number[] = []): Promise<string[]> {
  const seen: string[] = [];
  for await (const line of new ByteStream(chunkSource(cutAt(Buffer.from(wire), cuts))).lines())
    seen.push(line);
  return seen;
}

describe("lines()", () => {
  it.each<[string, string[]]>([
    ["", []],
    ["a", ["a"]],
    ["a\n", ["a"]],
    ["a\r\nb\r\n", ["a", "b"]],
    ["a\n\n\nb", ["a", "", "", "b"]],
    ["\n", [""]],
    ["\r\n\r\n", ["", ""]],
    ["a\rb\n", ["a\rb"]],
    ["\uFEFFa\n", ["\uFEFFa"]],
  ])("of %j are %j", async (text, expected) => {
    for (let at = 0; at <= text.length; at++) expect(await lines(text, [at])).toEqual(expected);
  });

  it("are the same wherever the bytes are cut, inside characters and line ends too", async () => {
    const text = fc.array(
      fc.oneof(fc.string({ unit: "grapheme" }), fc.constantFrom("\n", "\r\n", "🐳", "\r")),
    );
    await fc.assert(
      fc.asyncProperty(text, fc.array(fc.nat(200)), async (parts, cuts) => {
        const wire = Buffer.from(parts.join(""));
        const expected = wire.toString().split("\n");
        if (expected.at(-1) === "") expected.pop();
        const unterminated = parts.length > 0 && !wire.toString().endsWith("\n");
        const ends = expected.map((line, index) =>
          unterminated && index === expected.length - 1 ? line : line.replace(/\r$/, ""),
        );
        expect(await lines(wire, cuts)).toEqual(ends);
      }),
    );
  });
});

describe("bytes() and text()", () => {
  it("read to the end and close", async () => {
    const source = chunkSource(["a", [Buffer.from("b"), Buffer.from("\uFEFFc")]]);
    expect(await new ByteStream(source).text()).toBe("ab\uFEFFc");
    expect(source.closed).toBe(1);
  });

  it("stop at maxBytes with a RangeError and close", async () => {
    const source = chunkSource(Array.from({ length: 100 }, () => "0123456789"));
    await expect(new ByteStream(source).bytes({ maxBytes: 25 })).rejects.toBeInstanceOf(RangeError);
    expect(source).toMatchObject({ closed: 1, reads: 3 });
    expect(await new ByteStream(chunkSource(["0123456789"])).text({ maxBytes: 10 })).toBe("0123456789");
  });

  it.each([{ maxbytes: 3 }, { signal: new AbortController().signal }, null, 3])(
    "refuse %o for options and close",
    async (options) => {
      const source = chunkSource(["0123456789"]);
      const asked = new ByteStream(source).text(options as object); // JavaScript has no types
      await expect(asked).rejects.toThrow(/stream\.text\(\) (has no option|must be an object)/);
      await expect(asked).rejects.toThrow(TypeError);
      expect(source).toMatchObject({ closed: 1, reads: 0 });
    },
  );

  it.each([Number.NaN, -1, "3"])("refuse %j for maxBytes and close", async (maxBytes) => {
    const source = chunkSource(["0123456789"]);
    const asked = new ByteStream(source).bytes({ maxBytes: maxBytes as number }); // JavaScript has no types
    await expect(asked).rejects.toThrow(
      new TypeError(`Argument "maxBytes" must be a number of bytes: ${maxBytes}`),
    );
    expect(source).toMatchObject({ closed: 1, reads: 0 });
  });

  it("throw the error of the connection and close", async () => {
    const gone = new Error("gone");
    const source = chunkSource(["a", gone]);
    await expect(new ByteStream(source).text()).rejects.toBe(gone);
    expect(source.closed).toBe(1);
  });

  it("do not take a stream closed meanwhile for a whole one", async () => {
    const stream = new ByteStream(quietSource("half"));
    const text = stream.text();
    setImmediate(() => stream.close());
    await expect(text).rejects.toMatchObject({ name: "AbortError" });
  });
});

describe("a stream", () => {
  it("is read once, in one of its ways", async () => {
    const stream = new ByteStream(chunkSource(["a"]));
    await stream.text();
    expect(() => stream.lines()).toThrow(TypeError);
    expect(() => stream[Symbol.asyncIterator]()).toThrow(TypeError);
    await expect(stream.bytes()).rejects.toBeInstanceOf(TypeError);
    expect(() => stream.toReadable()).toThrow(TypeError);
    expect(() => stream.toWeb()).toThrow(TypeError);
  });

  it.each<[string, (stream: ByteStream) => Promise<unknown>]>([
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
      async (stream) => finished(stream.toReadable().destroy()).catch(() => 0),
    ],
    [
      "destroying the Readable while it waits",
      async (stream) => {
        for await (const _ of stream.toReadable()) return;
      },
    ],
    ["cancelling the web stream before it is read", async (stream) => stream.toWeb().cancel()],
    [
      "cancelling the web stream while it waits",
      async (stream) => {
        const reader = stream.toWeb().getReader();
        await reader.read();
        const pending = reader.read();
        await reader.cancel();
        expect(await pending).toEqual({ done: true, value: undefined });
      },
    ],
  ])("is closed by %s", async (_, leave) => {
    const source = quietSource("first\n");
    await leave(new ByteStream(source));
    expect(source.closed).toBeGreaterThan(0);
  });

  it("becomes a Node stream and a web stream with all of its bytes, and closes", async () => {
    const parts = ["a", "b", "c"];
    const forNode = chunkSource(parts);
    const chunks: Buffer[] = [];
    for await (const chunk of new ByteStream(forNode).toReadable()) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString()).toBe("abc");
    expect(forNode.closed).toBe(1);

    const forWeb = chunkSource(parts);
    expect(await new Response(new ByteStream(forWeb).toWeb()).text()).toBe("abc");
    expect(forWeb.closed).toBe(1);
  });

  it("passes its error on to a Node stream and a web stream", async () => {
    const gone = new Error("gone");
    await expect(finished(new ByteStream(chunkSource([gone])).toReadable().resume())).rejects.toBe(gone);
    await expect(new ByteStream(chunkSource([gone])).toWeb().getReader().read()).rejects.toBe(gone);
  });

  it("is not read before its reader asks", async () => {
    const source = chunkSource(["a", "b"]);
    new ByteStream(source).toWeb();
    await new Promise((resolve) => setImmediate(resolve));
    expect(source.reads).toBe(0);
  });
});
