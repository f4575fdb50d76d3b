import { buildFailure } from "../../buildkit/build-failure.ts";
import { planCaches } from "../../buildkit/cache/local-caches.ts";
import { openControl } from "../../buildkit/control-connection.ts";
import { newId } from "../../buildkit/session.ts";
import { prepareSolveInput } from "../../buildkit/solve-input.ts";
import { solve } from "../../buildkit/solve.ts";
import { Trace } from "../../buildkit/trace.ts";
import type { BuildEvent } from "../../progress/event.ts";
import type { BuildTools } from "../images/build.ts";
import { cacheAttributes } from "../images/build-cache.ts";
import { BuildSession } from "../images/buildkit-session.ts";
import type { SolveEntry, SolveOptions, SolveResult } from "./solve.ts";

const operation = "Grpc";

export async function* runSolve(
  tools: BuildTools,
  options: SolveOptions & { readonly signal: AbortSignal },
): AsyncGenerator<BuildEvent, SolveResult, void> {
  const { signal, ref = newId(), frontend = "dockerfile.v0", entitlements = [] } = options;
  const exporters = (options.exporters ?? []).map(toEntry);
  const imports = (options.cacheImports ?? []).map(toEntry);
  const caches = await planCaches(imports, (options.cacheExports ?? []).map(toEntry));
  const input = await prepareSolveInput(options);
  using session = await BuildSession.open(tools, input, options, {
    uploaded: input.uploaded,
    stores: caches.stores,
  });
  const control = await openControl(tools.caller, signal);
  const trace = new Trace();
  const request = {
    ref,
    session: session.id,
    frontend,
    frontendAttrs: {
      ...input.attributes,
      ...cacheAttributes(caches.imports),
      ...options.attributes,
    },
    exporters,
    // Engines before 26 read only these.
    exporterDeprecated: exporters[0]?.type ?? "",
    exporterAttrsDeprecated: exporters[0]?.attrs ?? {},
    cache: { exports: caches.exports.map(toEntry) },
    entitlements: [...entitlements],
  };
  try {
    for (const message of caches.warnings) yield { type: "warning", message };
    const response = yield* solve(control, request, trace, session.signal);
    session.throwIfFailed();
    await caches.finish(response);
    return { ref, response };
  } catch (error) {
    signal.throwIfAborted();
    throw session.explain(await buildFailure(error, trace, operation, tools.caller));
  } finally {
    control.close();
  }
}

function toEntry({ type, attrs = {} }: SolveEntry): { type: string; attrs: Record<string, string> } {
  return { type, attrs: { ...attrs } };
}
