import { GrpcError, grpcCodes } from "../../buildkit/grpc/grpc-error.ts";
import { EngineGoneError, OperationError, UnsupportedError } from "../../errors.ts";
import type { Caller } from "../../transport/call.ts";

/** The first engines with methods that not all engines have. */
const since: Readonly<Record<string, string>> = {
  Info: "Docker 23 (API 1.42)",
  ListenBuildHistory: "Docker 23 (API 1.42)",
};

/** What a failed call of BuildKit's API means to the caller; for a build see `buildFailure`. */
export async function controlFailure(error: unknown, caller: Caller, method: string): Promise<unknown> {
  if (!(error instanceof GrpcError)) return error;
  const { code, message } = error;
  const options = { operation: "Grpc", cause: error };
  if (code === grpcCodes.unimplemented) {
    const has = `API ${await caller.apiVersion()}`;
    const needs = since[method] ?? "a newer Docker";
    const text = `The BuildKit of this engine (${has}) knows no ${method}: that needs ${needs}. Upgrade the engine.`;
    return new UnsupportedError(text, { ...options, needs, has });
  }
  if (code === grpcCodes.unavailable || code === grpcCodes.deadlineExceeded) {
    const text = `The Docker Engine at ${caller.host} closed the connection (${method}): ${message}.`;
    return new EngineGoneError(text, { ...options, host: caller.host });
  }
  return new OperationError(message, options);
}
