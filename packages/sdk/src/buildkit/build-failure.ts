import { fromBinary } from "@bufbuild/protobuf";
import { EngineGoneError } from "../errors.ts";
import { StatusSchema } from "../generated/buildkit/status_pb.ts";
import type { Caller } from "../transport/call.ts";
import { GrpcError, grpcCodes } from "./grpc/grpc-error.ts";
import type { Trace } from "./trace.ts";

interface KnownFailure {
  digest?: string | undefined;
  exitCode?: number | undefined;
  line?: number | undefined;
}

/**
 * What a failed call of BuildKit's API means for a build. Engines since 23 tell more than a text: the step, the lines
 * of the Dockerfile, the exit code.
 */
export async function buildFailure(
  error: unknown,
  trace: Trace,
  operation: string,
  caller: Caller,
): Promise<unknown> {
  if (!(error instanceof GrpcError)) return error;
  const { code, message, details } = error;
  const isSilent = code === grpcCodes.deadlineExceeded;
  if (isSilent || code === grpcCodes.unavailable) {
    // The end of the connection may be that of a build that failed with too much to say; the steps tell.
    const failed = trace.failure;
    if (failed !== undefined) return trace.toError(failed, operation, { cause: error });
    if (isSilent && (await answers(caller))) {
      const text = `BuildKit failed and could not say why: that holds the Dockerfile, which is too long for it.`;
      return trace.toError(text, operation, { cause: error });
    }
    const { host } = caller;
    const text = `The Docker Engine at ${host} closed the connection during a build: ${message}.`;
    return new EngineGoneError(text, { operation, host, cause: error });
  }
  if (code === grpcCodes.dataLoss) {
    const text = `BuildKit broke off without saying why, as it does where that would quote what is not UTF-8: a Dockerfile, or a context that is no tar.`;
    return trace.toError(trace.failure ?? text, operation, { cause: error });
  }
  return trace.toError(message, operation, { ...readDetails(details), cause: error });
}

function answers(caller: Caller): Promise<boolean> {
  // Milliseconds.
  return caller.call("SystemPing", { signal: AbortSignal.timeout(5000) }).then(
    () => true,
    () => false,
  );
}

function readDetails(details: Uint8Array | undefined): KnownFailure {
  const known: KnownFailure = {};
  if (details === undefined) return known;
  for (const { typeUrl, value } of fromBinary(StatusSchema, details).details) {
    if (!typeUrl.endsWith("+json")) continue;
    const fact = parse(value);
    if (typeUrl.includes("errdefs.Vertex")) known.digest = asString(fact["digest"]);
    if (typeUrl.includes("ExitMessage")) known.exitCode = asNumber(fact["Code"]);
    if (typeUrl.includes("errdefs.Source")) known.line = firstLine(fact["ranges"]);
  }
  return known;
}

function firstLine(ranges: unknown): number | undefined {
  const [range] = Array.isArray(ranges) ? (ranges as unknown[]) : [];
  return asNumber(asObject(asObject(range)["start"])["line"]);
}

function parse(value: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    return asObject(JSON.parse(Buffer.from(value).toString("utf8")));
  } catch {
    return {}; // the text has already been told
  }
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {}; // fields are checked
}

function asString(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function asNumber(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
