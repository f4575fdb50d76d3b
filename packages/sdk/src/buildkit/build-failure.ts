import { fromBinary } from "@bufbuild/protobuf";
import { EngineGoneError } from "../errors.ts";
import { StatusSchema } from "../generated/buildkit/status_pb.ts";
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
export function buildFailure(error: unknown, trace: Trace, operation: string, host: string): unknown {
  if (!(error instanceof GrpcError)) return error;
  const { code, message, details } = error;
  if (code === grpcCodes.unavailable) {
    // The end of the connection may be that of a build that failed with too much to say; the steps tell.
    const failed = trace.failure;
    if (failed !== undefined) return trace.toError(failed, operation, { cause: error });
    const text = `The Docker Engine at ${host} closed the connection during a build: ${message}.`;
    return new EngineGoneError(text, { operation, host, cause: error });
  }
  if (code === grpcCodes.dataLoss) {
    const text = `BuildKit broke off without saying why, as it does where that would quote what is not UTF-8: a Dockerfile, or a context that is no tar.`;
    return trace.toError(trace.failure ?? text, operation, { cause: error });
  }
  return trace.toError(message, operation, { ...readDetails(details), cause: error });
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
