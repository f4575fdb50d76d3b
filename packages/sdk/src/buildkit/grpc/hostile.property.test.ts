import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { arriving, patience, tampered, tries } from "test-support/hostile-bytes";
import { GetSecretResponseSchema } from "../../generated/buildkit/secrets_pb.ts";
import { encodeFrame, FrameReader } from "./frames.ts";
import { GrpcError } from "./grpc-error.ts";

const frames = fc
  .array(fc.uint8Array({ maxLength: 30 }), { maxLength: 5 })
  .map((all) => Buffer.concat(all.map((data) => encodeFrame(GetSecretResponseSchema, { data }))));

/** What comes out of the pieces, and what ended it. */
function read(pieces: readonly Buffer[]): unknown {
  const reader = new FrameReader(GetSecretResponseSchema);
  const messages: unknown[] = [];
  try {
    for (const piece of pieces) {
      for (const { data } of reader.push(piece)) messages.push(Buffer.from(data).toString("hex"));
    }
  } catch (error) {
    if (!(error instanceof GrpcError)) throw error;
    return { messages, error: error.code };
  }
  return { messages, isInside: reader.isInside };
}

// Only messages: of some frames that break HTTP/2's own rules Node 20 itself dies (`~Http2Session() … Assertion failed`).
describe("whatever bytes come, in whatever pieces", { timeout: patience }, () => {
  test("frames are the same messages, or refused", () => {
    fc.assert(
      fc.property(arriving(tampered(frames)), ({ bytes, pieces }) => {
        expect(read(pieces)).toEqual(read([bytes]));
      }),
      tries,
    );
  });
});
