import { buildFailure } from "../../buildkit/build-failure.ts";
import { planCaches } from "../../buildkit/cache/local-caches.ts";
import { openControl } from "../../buildkit/control-connection.ts";
import { newId } from "../../buildkit/session.ts";
import type { ReceivedOutput } from "../../buildkit/services/file-send.ts";
import { prepareSolveInput } from "../../buildkit/solve-input.ts";
import { solve } from "../../buildkit/solve.ts";
import { Trace } from "../../buildkit/trace.ts";
import { UnsupportedError } from "../../errors.ts";
import type { BuildEvent } from "../../progress/event.ts";
import { compareApiVersions } from "../../transport/api-version.ts";
import type { BuildTools } from "../images/build-tools.ts";
import { cacheAttributes } from "../images/build-cache.ts";
import { checkCacheExports } from "../images/cache-support.ts";
import { BuildSession } from "../images/buildkit-session.ts";
import type { SolveEntry, SolveExporter, SolveOptions, SolveResult } from "./solve-options.ts";

const operation = "Grpc";

export async function* runSolve(
  tools: BuildTools,
  options: SolveOptions & { readonly signal: AbortSignal },
): AsyncGenerator<BuildEvent, SolveResult, void> {
  const { signal, ref = newId(), frontend = "dockerfile.v0", entitlements = [] } = options;
  const given = options.exporters ?? [];
  const exporters = given.map(toEntry);
  const outputs = outputsOf(given);
  const version = await tools.caller.apiVersion(signal);
  if (given.length > 1 && compareApiVersions(version, "1.44") < 0) {
    const needs = "API 1.44 (Docker 25)";
    throw new UnsupportedError("This engine takes one exporter.", {
      operation,
      needs,
      has: `API ${version}`,
    });
  }
  await checkCacheExports(tools.caller, (options.cacheExports ?? []).map(toEntry), signal);
  const imports = (options.cacheImports ?? []).map(toEntry);
  const caches = await planCaches(imports, (options.cacheExports ?? []).map(toEntry));
  const input = await prepareSolveInput(options);
  using session = await BuildSession.open(tools, input, options, {
    outputs,
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

/** Which of them send to this side, by their place. @throws TypeError when nobody would take it: it would wait. */
function outputsOf(exporters: readonly SolveExporter[]): ReadonlyMap<number, ReceivedOutput> {
  const outputs = new Map<number, ReceivedOutput>();
  for (const [place, { type, to }] of exporters.entries()) {
    const wanted = sending[type];
    const isRight = wanted === undefined ? to === undefined : to !== undefined && wanted in to;
    if (!isRight) {
      const what =
        wanted === undefined ? "takes no" : `needs ${wanted === "local" ? "a folder" : "an archive"} in`;
      throw new TypeError(`exporters: one of type "${type}" ${what} "to"`);
    }
    if (to !== undefined) outputs.set(place, to);
  }
  return outputs;
}

const sending: Readonly<Record<string, "local" | "tar">> = {
  local: "local",
  tar: "tar",
  oci: "tar",
  docker: "tar",
};
