import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutAt, piecesOf } from "test-support/chunk-source";
import { decodeUtf8, Utf8Decoder } from "./utf8.ts";

const reference = (bytes: Uint8Array): string => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);

/** Text, and bytes that are none. */
const mixed = fc
  .array(
    fc.oneof(
      fc.string().map((text) => Buffer.from(text)),
      fc.string({ unit: "grapheme" }).map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 6 }).map((bytes) => Buffer.from(bytes)),
    ),
  )
  .map((parts) => Buffer.concat(parts));

describe("Utf8Decoder", () => {
  it("gives the same text wherever it is cut", () => {
    fc.assert(
      fc.property(mixed, fc.array(fc.nat(60)), (bytes, cuts) => {
        const decoder = new Utf8Decoder();
        const text = cutAt(bytes, cuts).map((piece) => decoder.push(piece));
        expect([...text, decoder.end()].join("")).toBe(reference(bytes));
      }),
    );
  });

  it("ends a character that is cut off by what follows, by nothing and by the end", () => {
    const euro = Buffer.from("€");
    const decoder = new Utf8Decoder();
    const pieces = [
      euro.subarray(0, 2),
      Buffer.alloc(0),
      euro.subarray(2),
      euro.subarray(0, 1),
      Buffer.from("a"),
    ];
    expect(pieces.map((piece) => decoder.push(piece)).join("")).toBe("€\uFFFDa");
    expect(decoder.push(euro.subarray(0, 1)) + decoder.end()).toBe("\uFFFD");
  });
});

it("decodes long text, whatever is in it and wherever it is cut", () => {
  const texts = ["größe ", "層", "😀", "a", "\uFEFF", "\r\n"].map((text) => text.repeat(400));
  const broken = Buffer.concat([
    Buffer.from("ä".repeat(600)),
    Buffer.of(0xff, 0xe5, 0xb1),
    Buffer.from("ö".repeat(600)),
  ]);
  const long = Buffer.concat([...texts.map((text) => Buffer.from(text)), broken, Buffer.of(0xf0, 0x9f)]);
  for (const size of [1024, 1500, 2001, 4099, long.length]) {
    const decoder = new Utf8Decoder();
    const text = piecesOf(long, size).map((piece) => decoder.push(piece));
    expect([...text, decoder.end()].join("")).toBe(reference(long));
  }
  const cuts = fc.array(fc.nat(long.length), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(cuts, (at) => {
      const decoder = new Utf8Decoder();
      const text = cutAt(long, at).map((piece) => decoder.push(piece));
      expect([...text, decoder.end()].join("")).toBe(reference(long));
    }),
  );
});

it("decodes what is whole, in arrays of any kind", () => {
  fc.assert(fc.property(mixed, (bytes) => decodeUtf8(bytes) === reference(bytes)));
  const inside = new Uint8Array(Buffer.from("..text..")).subarray(2, 6);
  expect(decodeUtf8(inside)).toBe("text");
  expect(decodeUtf8(Buffer.from("\uFEFFx"))).toBe("\uFEFFx");
});
