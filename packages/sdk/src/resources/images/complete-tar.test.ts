import { expect, test } from "vitest";
import { StreamTruncatedError, TransferError } from "../../errors.ts";
import { readAll, type ByteSource } from "../../streams/byte-source.ts";
import { CompleteTar } from "./complete-tar.ts";

const tar = Buffer.concat([Buffer.alloc(512, "h"), Buffer.alloc(5120, "d"), Buffer.alloc(1024)]);

function inPieces(bytes: Uint8Array, size: number): ByteSource {
  let at = 0;
  return {
    read: async () => (at < bytes.length ? [bytes.subarray(at, (at += size))] : undefined),
    close: () => undefined,
  };
}

test.each([1, 7, 511, 512, 1024, 4096, 10_000])("a whole tar in pieces of %i bytes", async (size) => {
  expect(Buffer.from(await readAll(new CompleteTar(inPieces(tar, size), "x")))).toEqual(tar);
});

test.each([0, 1, 512, 5000, 5632, 6143, 6144, 6655])("cut after %i bytes", async (length) => {
  await expect(
    readAll(new CompleteTar(inPieces(tar.subarray(0, length), 700), "ImageGetAll")),
  ).rejects.toThrow(StreamTruncatedError);
});

test.each([3, 4096, 10_000])("the engine's error behind the tar, in pieces of %i bytes", async (size) => {
  const error = '{"errorDetail":{"message":"disk \\"x\\" broke"},"error":"disk \\"x\\" broke"}\r\n';
  const bytes = Buffer.concat([tar.subarray(0, 5632), Buffer.from(error)]);
  const reading = readAll(new CompleteTar(inPieces(bytes, size), "ImageGetAll"));
  await expect(reading).rejects.toThrow(TransferError);
  await expect(reading).rejects.toThrow('disk "x" broke');
});

test("a reader that leaves is told nothing", async () => {
  const checked = new CompleteTar({ read: async () => undefined, close: () => undefined }, "x");
  checked.close();
  expect(await checked.read()).toBeUndefined();
});
