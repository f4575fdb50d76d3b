import { buildFailure } from "../../buildkit/build-failure.ts";
import { prepareInput } from "../../buildkit/build-input.ts";
import { openControl } from "../../buildkit/control-connection.ts";
import { newId } from "../../buildkit/session.ts";
import { solve } from "../../buildkit/solve.ts";
import { Trace } from "../../buildkit/trace.ts";
import { UnsupportedError } from "../../errors.ts";
import type { BuildEvent } from "../../progress/event.ts";
import type { BuildTools } from "../images/build.ts";
import { BuildSession } from "../images/buildkit-session.ts";
import type { SolveEntry, SolveOptions, SolveResult } from "./solve.ts";

const operation = "Grpc";

export async function* runSolve(
  tools: BuildTools,
  options: SolveOptions & { readonly signal: AbortSignal },
): AsyncGenerator<BuildEvent, SolveResult, void> {
  const { signal, ref = newId(), frontend = "dockerfile.v0", entitlements = [] } = options;
  const exporters = (options.exporters ?? []).map(toEntry);
  const input = await prepareInput(options);
  if (input.body !== undefined) {
    const needs = "a folder, files or a URL as the context";
    throw new UnsupportedError("solve takes no tar as its context.", { operation, needs, has: "a tar" });
  }
  using session = await BuildSession.open(tools, input, options);
  const control = await openControl(tools.caller, signal);
  const trace = new Trace();
  const request = {
    ref,
    session: session.id,
    frontend,
    frontendAttrs: {
      ...(input.dockerfile !== undefined && { filename: input.dockerfile }),
      ...(input.remote !== undefined && input.remote !== "client-session" && { context: input.remote }),
      ...options.attributes,
    },
    exporters,
    // Engines before 26 read only these.
    exporterDeprecated: exporters[0]?.type ?? "",
    exporterAttrsDeprecated: exporters[0]?.attrs ?? {},
    cache: { exports: (options.cacheExports ?? []).map(toEntry) },
    entitlements: [...entitlements],
  };
  try {
    return { ref, response: yield* solve(control, request, trace, signal) };
  } catch (error) {
    signal.throwIfAborted();
    throw session.explain(buildFailure(error, trace, operation, tools.caller.host));
  } finally {
    control.close();
  }
}

function toEntry({ type, attrs = {} }: SolveEntry): { type: string; attrs: Record<string, string> } {
  return { type, attrs: { ...attrs } };
}
