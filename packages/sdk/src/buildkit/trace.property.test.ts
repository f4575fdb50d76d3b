import { create, type MessageInitShape } from "@bufbuild/protobuf";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { patience, tries } from "test-support/hostile-bytes";
import { StatusResponseSchema } from "../generated/buildkit/control_pb.ts";
import { Trace } from "./trace.ts";

type Init = MessageInitShape<typeof StatusResponseSchema>;

const digest = fc.constantFrom("", "sha256:a", "sha256:b");
const time = fc.constantFrom(undefined, { seconds: 0n }, { seconds: -1n, nanos: -5 }, { seconds: 2n ** 62n });
const text = fc.oneof(
  fc.constantFrom(
    "",
    "[1/2] FROM x",
    "[stage 2/3] RUN make",
    "[internal] load",
    "exit code: 7",
    "context canceled",
  ),
  fc.string({ maxLength: 12 }),
);
const number = fc.constantFrom(0n, 5n, -1n, 2n ** 63n - 1n);
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 12 }),
  fc.constant(Buffer.from("[output clipped, log limit 2MiB reached]\n")),
);
const response: fc.Arbitrary<Init> = fc.record({
  vertexes: fc.array(
    fc.record({ digest, name: text, cached: fc.boolean(), started: time, completed: time, error: text }),
    { maxLength: 3 },
  ),
  statuses: fc.array(
    fc.record({ id: text, vertex: digest, name: text, current: number, total: number, completed: time }),
    { maxLength: 3 },
  ),
  logs: fc.array(fc.record({ vertex: digest, stream: number, msg: bytes }), { maxLength: 3 }),
  warnings: fc.array(
    fc.record({ vertex: digest, short: bytes, detail: fc.array(bytes, { maxLength: 2 }), url: text }),
    { maxLength: 2 },
  ),
}) as fc.Arbitrary<Init>; // protobuf-es takes undefined for what is left out

describe("whatever BuildKit tells", { timeout: patience }, () => {
  test("a step begins at most once, ends after that, and only a failure takes an end back", () => {
    const property = fc.property(fc.array(response, { maxLength: 5 }), (responses) => {
      const trace = new Trace();
      const states = new Map<string, string[]>();
      for (const one of responses) {
        for (const event of trace.read(create(StatusResponseSchema, one))) {
          if (event.type !== "step") continue;
          states.set(event.step.id, [...(states.get(event.step.id) ?? []), event.state]);
        }
      }
      for (const [first, end, correction, ...more] of states.values()) {
        expect(first).toBe("started");
        expect(end).not.toBe("started");
        expect(["failed", undefined]).toContain(correction);
        expect(more).toEqual([]);
      }
      expect(trace.toError("it failed", "ImageBuild").message).toBe("it failed");
    });
    fc.assert(property, tries);
  });
});
