import { readdir, readFile, writeFile } from "node:fs/promises";
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { patience, tries } from "test-support/hostile-bytes";
import { tempDir } from "test-support/temp-dir";
import { ContextError, DockerError } from "../../errors.ts";
import { PacketSchema, type Packet } from "../../generated/buildkit/filesync_pb.ts";
import { GrpcError } from "../grpc/grpc-error.ts";
import { Metadata } from "../grpc/metadata.ts";
import { packetType } from "./packet-type.ts";
import { receiveFiles } from "./receive-files.ts";
import { sendFiles } from "./send-files.ts";

type Init = MessageInitShape<typeof PacketSchema>;

const path = fc
  .constantFrom(
    "a",
    "a",
    "b",
    "a/b",
    "a/b/c",
    "b/a",
    "../secret",
    "/secret",
    "",
    ".",
    "a/../b",
    "x\0y",
    "é",
    "n".repeat(300),
  )
  .map((text) => Buffer.from(text));
const mode = fc.constantFrom(
  0o644,
  0o000,
  2 ** 31 + 0o755,
  2 ** 31,
  2 ** 27 + 0o777,
  2 ** 26 + 0o666,
  2 ** 25,
  2 ** 23 + 0o755,
  2 ** 32 - 1,
);
const modTime = fc.constantFrom(0n, -1n, 1_700_000_000_000_000_000n, 2n ** 63n - 1n, -(2n ** 63n));
const linkname = fc
  .constantFrom("", "", "a", "../secret", "/secret", "b", "a/b", "a\0")
  .map((text) => Buffer.from(text));
const id = fc.nat(4);
const packet: fc.Arbitrary<Init> = fc.oneof(
  fc
    .record({ path, mode, modTime, linkname })
    .map((stat): Init => ({ type: packetType.stat, stat: { ...stat, size: 3n } })),
  fc.constant<Init>({ type: packetType.stat }),
  fc
    .tuple(id, fc.constantFrom("", "abc", "x".repeat(2000)))
    .map(([of, data]): Init => ({ type: packetType.data, id: of, data: Buffer.from(data) })),
  id.map((of): Init => ({ type: packetType.request, id: of })),
  fc.constantFrom<Init>(
    { type: packetType.finish },
    { type: packetType.error, data: Buffer.from("no") },
    { type: 99 },
  ),
);

async function* coming(packets: readonly Init[]): AsyncGenerator<Packet, void, void> {
  for (const one of packets) yield create(PacketSchema, one);
}

const openFiles = async (): Promise<number> => (await readdir("/proc/self/fd")).length;

describe("whatever packets come", { timeout: patience }, () => {
  test("a folder is received or refused, nothing outside of it is touched, and no file stays open", async () => {
    const before = await openFiles();
    const property = fc.asyncProperty(fc.array(packet, { maxLength: 12 }), async (packets) => {
      await using around = await tempDir();
      await writeFile(around.join("secret"), "safe");
      const call = { metadata: new Metadata([]), requests: coming(packets), send: async () => undefined };
      try {
        await receiveFiles(call, around.join("root"));
      } catch (error) {
        if (!(error instanceof GrpcError || DockerError.is(error))) throw error;
      }
      expect((await readdir(around.path)).toSorted()).toEqual(["root", "secret"]);
      expect(await readFile(around.join("secret"), "utf8")).toBe("safe");
    });
    await fc.assert(property, tries);
    expect(await openFiles()).toBeLessThanOrEqual(before + 20);
  });

  test("files are sent or refused", async () => {
    await using around = await tempDir();
    await writeFile(around.join("small"), "abc");
    const source = (size: number, from: string | Uint8Array) => ({
      path: "small",
      type: "file" as const,
      mode: 0o644,
      uid: 0,
      gid: 0,
      mtime: 0,
      size,
      source: from,
    });
    const entries = fc.constantFrom(
      [],
      [source(3, around.join("small"))],
      [source(3, Buffer.from("abc")), undefined],
      [source(9, around.join("small"))],
      [source(100_000, around.join("missing"))],
    );
    const property = fc.asyncProperty(fc.array(packet, { maxLength: 8 }), entries, async (packets, sent) => {
      const call = { metadata: new Metadata([]), requests: coming(packets), send: async () => undefined };
      try {
        await sendFiles(call, sent);
      } catch (error) {
        if (!(error instanceof GrpcError || error instanceof ContextError)) throw error;
      }
    });
    await fc.assert(property, tries);
  });
});
