import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chunkSource, cutAt, piecesOf, quietSource } from "test-support/chunk-source";
import { ProtocolError, StreamTruncatedError } from "../errors.ts";
import { JsonLines } from "./json-lines.ts";

/** The values read, and what was thrown after them. */
async function read(
  reads: Parameters<typeof chunkSource>[0],
): Promise<{ values: unknown[]; error?: unknown }> {
  const values: unknown[] = [];
  const source = chunkSource(reads);
  try {
    for await (const value of new JsonLines(source, "SystemEvents")) values.push(value);
  } catch (error) {
    expect(source.closed).toBe(1);
    return { values, error };
  }
  expect(source.closed).toBe(1);
  return { values };
}

describe("JsonLines", () => {
  it("reads any values, cut anywhere, one or many chunks a read", async () => {
    const value = fc.record({ stream: fc.string({ unit: "grapheme" }), any: fc.jsonValue() });
    await fc.assert(
      fc.asyncProperty(
        fc.array(value),
        fc.array(fc.nat(500)),
        fc.constantFrom("\n", "\r\n", "\n\n", " \r\n"),
        fc.boolean(),
        async (values, cuts, end, atOnce) => {
          const wire = Buffer.from(values.map((one) => JSON.stringify(one) + end).join(""));
          const chunks = cutAt(wire, cuts);
          const expected = values.map((one) => JSON.parse(JSON.stringify(one)) as unknown);
          expect(await read(atOnce ? [chunks] : chunks)).toEqual({ values: expected });
        },
      ),
    );
  });

  it("reads a last value without its line end", async () => {
    expect(await read(['{"a":1}\n{"b":2}'])).toEqual({ values: [{ a: 1 }, { b: 2 }] });
  });

  it.each(['{"a":1}\n{"b":', '{"a":1}\n{"b":"é'])(
    "says that %j ends inside a value, after the first",
    async (text) => {
      for (const size of [1, 3, 1000]) {
        const { values, error } = await read(piecesOf(Buffer.from(text), size));
        expect(values).toEqual([{ a: 1 }]);
        expect(error).toBeInstanceOf(StreamTruncatedError);
        expect(error).toMatchObject({ operation: "SystemEvents" });
      }
    },
  );

  it("gives the values before a line that is not JSON, and then a ProtocolError", async () => {
    const text = `{"a":1}\n<html>${"x".repeat(1000)}\n{"b":2}\n`;
    for (const size of [1, 20, 10_000]) {
      const { values, error } = await read(piecesOf(Buffer.from(text), size));
      expect(values).toEqual([{ a: 1 }]);
      expect(error).toBeInstanceOf(ProtocolError);
      expect((error as Error).message.length).toBeLessThan(300);
    }
  });

  it.each(["null", "7", '"text"', "true"])(
    "gives the objects before %s, and then a ProtocolError",
    async (line) => {
      for (const end of ["", "\n"]) {
        const { values, error } = await read([`{"a":1}\n${line}${end}`]);
        expect(values).toEqual([{ a: 1 }]);
        expect(error).toBeInstanceOf(ProtocolError);
      }
    },
  );

  it("gives the values before the error of the connection", async () => {
    const gone = new Error("gone");
    expect(await read(['{"a":1}\n{"b":2}\n', gone])).toEqual({ values: [{ a: 1 }, { b: 2 }], error: gone });
  });

  it("reads a line of 8 MiB, and refuses one that never ends", async () => {
    const long = { stream: "x".repeat(8 * 1024 * 1024) };
    const wire = Buffer.from(`${JSON.stringify(long)}\n`);
    expect((await read(piecesOf(wire, 65536))).values).toEqual([long]);

    const megabyte = Buffer.alloc(1024 * 1024, "x");
    const endless = Array.from({ length: 1000 }, () => megabyte);
    const source = chunkSource(['{"a":1}\n', ...endless]);
    const values = new JsonLines(source)[Symbol.asyncIterator]();
    expect(await values.next()).toEqual({ done: false, value: { a: 1 } });
    await expect(values.next()).rejects.toBeInstanceOf(ProtocolError);
    expect(source.reads).toBeLessThan(40);
    expect(source.closed).toBe(1);
  });

  it("closes its source when it is left, and is read once", async () => {
    const source = chunkSource(['{"a":1}\n{"b":2}\n']);
    const values = new JsonLines(source);
    for await (const _ of values) break;
    expect(source.closed).toBe(1);
    expect(() => values[Symbol.asyncIterator]()).toThrow(TypeError);
  });

  it("ends quietly when it is closed inside a value", async () => {
    const values = new JsonLines(quietSource('{"a":1}\n{"b"'));
    const seen: unknown[] = [];
    for await (const value of values) {
      seen.push(value);
      setImmediate(() => values.close());
    }
    expect(seen).toEqual([{ a: 1 }]);
  });

  it("gives the first value alone", async () => {
    const source = chunkSource(['{"a":1}\n{"b":2}\n']);
    expect(await new JsonLines(source).first()).toEqual({ a: 1 });
    expect(source.closed).toBe(1);
    await expect(new JsonLines(chunkSource([])).first()).rejects.toBeInstanceOf(StreamTruncatedError);
  });
});
