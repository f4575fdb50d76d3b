import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chunkSource, frame } from "test-support/chunk-source";
import { arriving, patience, tampered, tries, type Arrival } from "test-support/hostile-bytes";
import { DockerError } from "../errors.ts";
import { ByteStream } from "./byte-stream.ts";
import { JsonLines } from "./json-lines.ts";
import { OutputStream } from "./output-stream.ts";

/** What a reader got, and the error that ended it: only errors of this library are let through. */
interface Outcome<T> {
  readonly values: readonly T[];
  readonly error: string | undefined;
}

async function outcome<T>(values: AsyncIterable<T>): Promise<Outcome<T>> {
  const got: T[] = [];
  try {
    for await (const value of values) got.push(value);
  } catch (error) {
    if (!DockerError.is(error)) throw error;
    return { values: got, error: `${error.name}: ${error.message}` };
  }
  return { values: got, error: undefined };
}

/** That what `read` makes of the bytes does not depend on how they arrive, and that the source is closed. */
async function sameHowever(
  { bytes, pieces }: Arrival,
  read: (source: ReturnType<typeof chunkSource>) => Promise<unknown>,
): Promise<void> {
  const whole = chunkSource([bytes]);
  const expected = await read(whole);
  for (const reads of [[pieces], pieces]) {
    const source = chunkSource(reads.filter((one) => one.length > 0));
    expect(await read(source)).toEqual(expected);
    expect(source.closed).toBeGreaterThan(0);
  }
}

const text = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 20 }),
  fc.constantFrom("\n", "\r\n", "\r", "a\n", "2024-01-01T00:00:00.000000000Z a=b,c=d line\n", ""),
);
const frames = fc
  .array(fc.tuple(fc.constantFrom(0, 1, 1, 2, 2, 3), text), { maxLength: 8 })
  .map((all) => Buffer.concat(all.map(([type, data]) => frame(type, data))));
const jsonLines = fc
  .array(fc.tuple(fc.jsonValue({ maxDepth: 3 }), fc.constantFrom("\n", "\r\n", "", " ", "\n\n")), {
    maxLength: 6,
  })
  .map((all) => Buffer.from(all.map(([value, end]) => JSON.stringify(value) + end).join("")));
const lines = fc.array(text, { maxLength: 10 }).map((all) => Buffer.from(all.join("")));

describe("whatever bytes come, however they are cut", { timeout: patience }, () => {
  test("multiplexed output is decoded or refused", async () => {
    const prefixes = fc.record({ timestamps: fc.boolean(), details: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(arriving(tampered(frames)), fc.boolean(), prefixes, async (arrival, tty, prefix) => {
        const open = (source: ReturnType<typeof chunkSource>): OutputStream =>
          new OutputStream(
            { ...source, read: () => source.read(), close: () => source.close(), tty },
            prefix,
          );
        await sameHowever(arrival, (source) => outcome(open(source).lines()));
        await sameHowever(arrival, async (source) => {
          const { values, error } = await outcome(open(source));
          const of = (name: string): string =>
            Buffer.concat(values.filter(({ stream }) => stream === name).map(({ data }) => data)).toString(
              "hex",
            );
          return { error, stdout: of("stdout"), stderr: of("stderr") };
        });
        await sameHowever(arrival, async (source) => {
          const output = open(source);
          const both = await Promise.all([outcome(output.stdout), outcome(output.stderr)]);
          return both.map(({ values, error }) => [Buffer.concat(values).toString("hex"), error]);
        });
      }),
      tries,
    );
  });

  test("lines of JSON are values or refused", async () => {
    await fc.assert(
      fc.asyncProperty(arriving(tampered(jsonLines)), (arrival) =>
        sameHowever(arrival, (source) => outcome(new JsonLines(source, "SystemEvents"))),
      ),
      tries,
    );
  });

  test("lines of text are those of the whole text", async () => {
    await fc.assert(
      fc.asyncProperty(arriving(tampered(lines)), async (arrival) => {
        const whole = new TextDecoder("utf-8", { ignoreBOM: true }).decode(arrival.bytes);
        const expected = whole
          .split("\n")
          .map((line, index, all) => (index < all.length - 1 ? line.replace(/\r$/, "") : line));
        if (expected.at(-1) === "") expected.pop();
        await sameHowever(arrival, async (source) => {
          const { values } = await outcome(new ByteStream(source).lines());
          expect(values).toEqual(expected);
        });
      }),
      tries,
    );
  });
});
