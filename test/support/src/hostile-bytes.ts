/** Bytes as a broken or hostile peer would send them, for properties that must hold of all of them. */
import * as fc from "fast-check";
import { cutAt } from "./chunk-source.ts";

/**
 * How often a property is tried, and from which seed: 2,000 times from a new one, or as `FUZZ_RUNS` and `FUZZ_SEED` say,
 * which `npm run fuzz -- sdk` sets. A failure prints its seed.
 */
export const tries: { readonly numRuns: number; readonly seed?: number } = {
  numRuns: Number(process.env["FUZZ_RUNS"] ?? 2000),
  ...(process.env["FUZZ_SEED"] !== undefined && { seed: Number(process.env["FUZZ_SEED"]) }),
};

/** Milliseconds after which a test of a property counts as hung. */
export const patience: number = 300_000 * Math.ceil(tries.numRuns / 2000);

/** A peer's bytes in the pieces in which they arrive. */
export interface Arrival {
  readonly bytes: Buffer;
  readonly pieces: readonly Buffer[];
}

const splice = fc.record({
  at: fc.nat(),
  cut: fc.oneof(fc.constant(0), fc.nat(4), fc.nat(200)),
  put: fc.oneof(
    fc.uint8Array({ maxLength: 4 }),
    fc
      .constantFrom("\n", "\r\n", "\0", "{", "}", '"', "null", "[[", "-1", "\u00e9", "HTTP/1.1", "0\r\n\r\n")
      .map((text) => Buffer.from(text)),
    fc
      .constantFrom([0xff, 0xff, 0xff, 0xff], [0x7f, 0xff, 0xff, 0xff], [0, 0, 0, 0], [0x80])
      .map((all) => Buffer.from(all)),
  ),
});

/** What comes as it should half of the time, and else has bytes cut out, put in or flipped, or ends early. */
export function tampered(well: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Buffer> {
  const changes = fc.array(splice, { maxLength: 3 });
  const flips = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 2 });
  const end = fc.option(fc.nat());
  return fc.tuple(well, fc.boolean(), changes, flips, end).map(([given, alone, splices, flipped, stop]) => {
    let bytes: Buffer = Buffer.from(given);
    if (alone) return bytes;
    for (const { at, cut, put } of splices) {
      const start = at % (bytes.length + 1);
      bytes = Buffer.concat([bytes.subarray(0, start), put, bytes.subarray(start + cut)]);
    }
    for (const [at, value] of flipped) if (bytes.length > 0) bytes[at % bytes.length] = value;
    return stop === null ? bytes : bytes.subarray(0, stop % (bytes.length + 1));
  });
}

/** The bytes at once, one by one, or cut anywhere. */
export function arriving(bytes: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Arrival> {
  const cuts = fc.oneof(
    fc.constant("whole" as const),
    fc.constant("single" as const),
    fc.array(fc.nat(4000), { maxLength: 12 }),
  );
  return fc.tuple(bytes, cuts).map(([given, how]) => {
    const whole = Buffer.from(given);
    const offsets = how === "whole" ? [] : how === "single" ? Array.from(whole.keys()) : how;
    return { bytes: whole, pieces: cutAt(whole, offsets).map((piece) => Buffer.from(piece)) };
  });
}
