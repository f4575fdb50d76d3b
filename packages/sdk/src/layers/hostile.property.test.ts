import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { arriving, patience, tampered, tries, type Arrival } from "test-support/hostile-bytes";
import { DockerError } from "../errors.ts";
import { ByteReader } from "./byte-reader.ts";
import { joinContents } from "./image-contents.ts";
import { readLayer } from "./layer-content.ts";
import { readSavedImage } from "./saved-image.ts";
import { TarReader } from "./tar-reader.ts";

const octal = (value: number, length: number): string => value.toString(8).padStart(length - 1, "0") + "\0";

/** One entry as a writer makes it, with the checksum right whatever the fields are. */
function entry(
  name: string,
  typeFlag: string,
  content: Uint8Array,
  size: string = octal(content.length, 12),
): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0, 100);
  header.write(octal(0o644, 8) + octal(0, 8) + octal(0, 8), 100, "latin1");
  header.write(size, 124, 12, "latin1");
  header.write(octal(1_700_000_000, 12), 136, "latin1");
  header.write("        ", 148, "latin1");
  header.write(typeFlag, 156, 1, "latin1");
  if (typeFlag === "1" || typeFlag === "2") header.write("a/b", 157);
  header.write("ustar\x0000", 257, "latin1");
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(octal(sum, 7) + " ", 148, "latin1");
  return Buffer.concat([header, content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}

const name = fc.constantFrom(
  "a",
  "a/b",
  "a/",
  "../x",
  "/etc/passwd",
  ".wh.a",
  "a/.wh..wh..opq",
  ".wh..wh.plnk",
  "",
  "é",
  "a//b/../c",
);
const pax = fc
  .array(
    fc.tuple(
      fc.constantFrom("path", "linkpath", "size", "uid", "mtime", "x"),
      fc.constantFrom("a/b", "3", "-1", "1e9", "", "99999999999999999999", "NaN"),
    ),
    { maxLength: 3 },
  )
  .map((all) => {
    const lines = all.map(([key, value]) => {
      const rest = ` ${key}=${value}\n`;
      return `${rest.length + (rest.length + 2 > 99 ? 3 : rest.length + 1 > 9 ? 2 : 1)}${rest}`;
    });
    return Buffer.from(lines.join(""));
  });
const content = fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ minLength: 510, maxLength: 520 }));
const sizes = fc.constantFrom(
  undefined,
  undefined,
  undefined,
  octal(7, 12),
  "77777777777\0",
  "\x80\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff",
  "-1",
  "zz",
);
const tarEntry = fc.oneof(
  fc
    .tuple(name, fc.constantFrom("0", "0", "1", "2", "5", "6", "3", "7", "S", "g", "Z", "\0"), content, sizes)
    .map(([path, type, bytes, size]) => entry(path, type, bytes, size)),
  fc
    .tuple(fc.constantFrom("x", "g"), pax, sizes)
    .map(([type, bytes, size]) => entry("pax", type, bytes, size)),
  fc.tuple(fc.constantFrom("L", "K"), name).map(([type, path]) => entry("long", type, Buffer.from(path))),
);
const tar = fc
  .tuple(fc.array(tarEntry, { maxLength: 5 }), fc.constantFrom(0, 512, 1024, 1024, 10_240))
  .map(([entries, zeros]) => Buffer.concat([...entries, Buffer.alloc(zeros)]));

/** What was read, or which error of this library ended it; any other error fails. */
async function outcome<T>(reading: Promise<T>): Promise<{ readonly value: T } | { readonly error: string }> {
  try {
    return { value: await reading };
  } catch (error) {
    if (!DockerError.is(error)) throw error;
    return { error: `${error.name}: ${error.message}` };
  }
}

async function* given(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array, void, undefined> {
  yield* pieces;
}

/** Reads the whole and the pieces, which must come to the same. */
async function sameHowever(
  { bytes, pieces }: Arrival,
  read: (bytes: AsyncIterable<Uint8Array>) => Promise<unknown>,
): Promise<void> {
  const whole = await outcome(read(given([bytes])));
  expect(await outcome(read(given(pieces)))).toEqual(whole);
}

async function entriesOf(bytes: AsyncIterable<Uint8Array>): Promise<unknown> {
  const reader = new TarReader(new ByteReader(bytes), "The tar");
  const entries: unknown[] = [];
  for (let header = await reader.next(); header !== undefined; header = await reader.next()) {
    const parts: Uint8Array[] = [];
    // Every second one is passed over.
    if (entries.length % 2 === 0) for await (const part of reader.content()) parts.push(Buffer.from(part));
    entries.push([header, Buffer.concat(parts).toString("hex")]);
  }
  return entries;
}

describe("whatever tar comes, in whatever pieces", { timeout: patience }, () => {
  test("it is read entry by entry, or refused", async () => {
    await fc.assert(
      fc.asyncProperty(arriving(tampered(tar)), async (arrival) => {
        await expect(sameHowever(arrival, entriesOf)).resolves.toBeUndefined();
      }),
      tries,
    );
  });

  test("it is a layer, or refused", async () => {
    await fc.assert(
      fc.asyncProperty(arriving(tampered(tar)), async (arrival) => {
        await expect(sameHowever(arrival, (bytes) => readLayer(bytes, "layer"))).resolves.toBeUndefined();
      }),
      tries,
    );
  });

  test("an image with such layers is joined, or refused", async () => {
    const blob = fc
      .tuple(tar, fc.boolean())
      .chain(([bytes, isWhole]) =>
        fc.tuple(
          fc.constant(bytes),
          isWhole ? fc.constant(gzipSync(bytes)) : tampered(fc.constant(gzipSync(bytes))),
        ),
      );
    const documents = fc.constantFrom<unknown>(
      undefined,
      null,
      [null],
      {},
      [{ Config: 7, Layers: "x" }],
      [{ Config: "config.json", Layers: null }],
      { manifests: [null, { digest: 7 }] },
    );
    const config = fc.constantFrom<unknown>(
      null,
      [],
      7,
      { rootfs: null },
      { rootfs: { diff_ids: 7 }, history: 3 },
      { history: [null] },
    );
    const saved = fc
      .tuple(fc.array(blob, { minLength: 1, maxLength: 2 }), documents, fc.option(config))
      .map(([blobs, document, broken]) => {
        const diffIds = blobs.map(([plain]) => `sha256:${createHash("sha256").update(plain).digest("hex")}`);
        const Layers = blobs.map((_, index) => `layer-${index}`);
        const text = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
        const bytes = Buffer.concat([
          ...blobs.map(([, packed], index) => entry(`layer-${index}`, "0", packed)),
          entry(
            "config.json",
            "0",
            text(broken ?? { rootfs: { diff_ids: diffIds }, history: [{ created_by: "RUN x" }] }),
          ),
          entry("manifest.json", "0", text(document ?? [{ Config: "config.json", Layers }])),
          entry("index.json", "0", text(document ?? {})),
          Buffer.alloc(1024),
        ]);
        return { bytes, diffIds };
      });
    const arriven = saved.chain(({ bytes, diffIds }) =>
      fc.tuple(arriving(fc.oneof(fc.constant(bytes), tampered(fc.constant(bytes)))), fc.constant(diffIds)),
    );
    await fc.assert(
      fc.asyncProperty(arriven, async ([arrival, diffIds]) => {
        const read = async (bytes: AsyncIterable<Uint8Array>): Promise<unknown> => {
          const reading = await outcome(
            readSavedImage(bytes, diffIds).then((image) => joinContents(image, 1)),
          );
          // How much of a broken blob is unpacked before that shows depends on its pieces, and so does the error.
          return "error" in reading ? "refused" : reading;
        };
        await expect(sameHowever(arrival, read)).resolves.toBeUndefined();
      }),
      // A blob is packed, unpacked and read three times over.
      { ...tries, numRuns: Math.ceil(tries.numRuns / 4) },
    );
  });
});
