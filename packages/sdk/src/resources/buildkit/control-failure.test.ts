import { startFakeEngine } from "test-support/fake-engine";
import { expect, test } from "vitest";
import { GrpcError, grpcCodes } from "../../buildkit/grpc/grpc-error.ts";
import { UnsupportedError } from "../../errors.ts";
import { ApiVersion } from "../../transport/api-version.ts";
import { Caller } from "../../transport/call.ts";
import { Transport } from "../../transport/transport.ts";
import { connectTo } from "../../connection/endpoint.ts";
import { controlFailure } from "./control-failure.ts";

test.each([
  ["Info", "Docker 23 (API 1.42)"],
  ["ListenBuildHistory", "Docker 23 (API 1.42)"],
  ["Newest", "a newer Docker"],
])(
  "of %s, which an old engine does not have, it is told who has it, and what to do",
  async (method, needs) => {
    await using fake = await startFakeEngine();
    const transport = new Transport({ ...connectTo({ host: fake.host, source: "test" }, {}), tried: [] });
    const caller = new Caller(transport, new ApiVersion(transport, "1.41"));
    const unknown = new GrpcError(grpcCodes.unimplemented, "unknown method");
    const error = await controlFailure(unknown, caller, method);
    expect(error).toBeInstanceOf(UnsupportedError);
    expect(error).toMatchObject({ needs, has: "API 1.41", cause: unknown });
    expect((error as UnsupportedError).message).toContain(`that needs ${needs}. Upgrade the engine.`);
    await transport.destroy();
  },
);
