import { buildFailure } from "../../buildkit/build-failure.ts";
import { openControl } from "../../buildkit/control-connection.ts";
import type { GrpcClient } from "../../buildkit/grpc/client.ts";
import { GrpcError } from "../../buildkit/grpc/grpc-error.ts";
import { newId } from "../../buildkit/session.ts";
import { prepareSolveInput } from "../../buildkit/solve-input.ts";
import { Trace } from "../../buildkit/trace.ts";
import { ProtocolError, UnsupportedError } from "../../errors.ts";
import { Control } from "../../generated/buildkit/control_pb.ts";
import { LLBBridge } from "../../generated/buildkit/gateway_pb.ts";
import { definedOnly } from "../../values/defined.ts";
import { toPlatformText } from "../../values/platform.ts";
import type { BuildTools } from "../images/build-tools.ts";
import { BuildSession } from "../images/buildkit-session.ts";
import type {
  LintResult,
  OutlineResult,
  SourceRange,
  SubrequestOptions,
  TargetsResult,
} from "./subrequest-results.ts";

export async function lint(tools: BuildTools, options: SubrequestOptions): Promise<LintResult> {
  const { json, text } = await ask(tools, options, "frontend.lint");
  const { warnings, buildError } = json as WireLint;
  return {
    warnings: (warnings ?? []).map(({ ruleName, description, url, detail, location }) => ({
      rule: ruleName,
      description: description ?? "",
      url,
      detail: detail ?? "",
      ranges: toRanges(location),
    })),
    error:
      buildError === undefined
        ? undefined
        : { message: buildError.message, ranges: toRanges(buildError.location) },
    text,
  };
}

export async function outline(tools: BuildTools, options: SubrequestOptions): Promise<OutlineResult> {
  const { json, text } = await ask(tools, options, "frontend.outline");
  const { name, description, args, secrets, ssh } = json as Partial<OutlineResult>;
  return { name, description, args: args ?? [], secrets: secrets ?? [], ssh: ssh ?? [], text };
}

export async function targets(tools: BuildTools, options: SubrequestOptions): Promise<TargetsResult> {
  const { json, text } = await ask(tools, options, "frontend.targets");
  const { targets } = json as Partial<TargetsResult>;
  return { targets: targets ?? [], text };
}

interface WireLocation {
  readonly ranges?: readonly { readonly start: { line: number }; readonly end: { line: number } }[];
}

interface WireLint {
  readonly warnings?: readonly {
    readonly ruleName: string;
    readonly description?: string;
    readonly url?: string;
    readonly detail?: string;
    readonly location?: WireLocation;
  }[];
  readonly buildError?: { readonly message: string; readonly location?: WireLocation };
}

function toRanges(location: WireLocation | undefined): readonly SourceRange[] {
  return (location?.ranges ?? []).map(({ start, end }) => ({ start: start.line, end: end.line }));
}

interface Answer {
  /** Of the shape that the question has; the engine's frontend makes it. */
  readonly json: object;
  readonly text: string;
}

type Question = "frontend.lint" | "frontend.outline" | "frontend.targets";

/** Which engines and which frontends answer. */
const since: Readonly<Record<Question, { readonly engine: string; readonly frontend: string }>> = {
  "frontend.lint": { engine: "Docker 27 (API 1.46)", frontend: "docker/dockerfile:1.8" },
  "frontend.outline": { engine: "Docker 23 (API 1.42)", frontend: "docker/dockerfile:1.5" },
  "frontend.targets": { engine: "Docker 23 (API 1.42)", frontend: "docker/dockerfile:1.5" },
};

async function ask(tools: BuildTools, options: SubrequestOptions, question: Question): Promise<Answer> {
  const { signal = new AbortController().signal, target, platform, buildArgs = {} } = options;
  const input = await prepareSolveInput({ ...options, signal });
  const frontendOpt: Record<string, string | undefined> = {
    ...input.attributes,
    target,
    platform: toPlatformText(platform),
    requestid: question,
  };
  for (const [name, value] of Object.entries(buildArgs))
    frontendOpt[`build-arg:${name}`] = value ?? undefined;
  using session = await BuildSession.open(tools, input, { signal }, { uploaded: input.uploaded });
  const control = await openControl(tools.caller, signal);
  try {
    const answer = await askFrontend(control, session.id, definedOnly(frontendOpt), session.signal);
    session.throwIfFailed();
    return answer;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof GrpcError && /unsupported request/.test(error.message)) {
      const has = `API ${await tools.caller.apiVersion(signal)}`;
      const { engine, frontend } = since[question];
      const text =
        `The BuildKit of this engine (${has}) does not answer ${question}: that needs ${engine} or newer and, ` +
        `where the Dockerfile has a line "# syntax=", ${frontend} or newer there. Upgrade the engine.`;
      throw new UnsupportedError(text, { operation: "Grpc", needs: engine, has, cause: error });
    }
    throw session.explain(await buildFailure(error, new Trace(), "Grpc", tools.caller));
  } finally {
    control.close();
  }
}

/** An answer comes only to whoever takes the place of a frontend, inside a build that is otherwise empty. */
async function askFrontend(
  control: GrpcClient,
  session: string,
  frontendOpt: Record<string, string>,
  signal: AbortSignal,
): Promise<Answer> {
  const ref = newId();
  const metadata = { "buildkit-controlapi-buildid": ref };
  const build = control.unary(Control.method.solve, { ref, session }, { signal });
  build.catch(() => undefined); // awaited below, if it comes to that
  await control.unary(LLBBridge.method.ping, {}, { metadata, signal });
  const request = {
    frontend: "dockerfile.v0",
    frontendOpt,
    allowResultReturn: true,
    allowResultArrayRef: true,
  };
  const { result } = await control.unary(LLBBridge.method.solve, request, { metadata, signal });
  // The outer build ends with this only; on a failure it ends with the connection.
  await control.unary(LLBBridge.method.return, { result: { ref: {} } }, { metadata, signal });
  await build;
  const read = (name: string): string => Buffer.from(result?.metadata[name] ?? []).toString("utf8");
  try {
    return { json: JSON.parse(read("result.json")) as object, text: read("result.txt") };
  } catch (cause) {
    throw new ProtocolError(`BuildKit answered ${frontendOpt["requestid"]} with what is not JSON.`, {
      operation: "Grpc",
      cause,
    });
  }
}
