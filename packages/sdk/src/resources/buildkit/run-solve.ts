import type { BuildCacheEntry } from "../../buildkit/cache/cache-entry.ts";
import { newId } from "../../buildkit/session.ts";
import type { ReceivedOutput } from "../../buildkit/services/file-send.ts";
import { toSolveExporters } from "../../buildkit/solve.ts";
import { UnsupportedError } from "../../errors.ts";
import type { BuildEvent } from "../../progress/event.ts";
import { compareApiVersions } from "../../transport/api-version.ts";
import type { BuildTools } from "../images/build-tools.ts";
import { solveInSession } from "../images/buildkit-session-solve.ts";
import type { SolveEntry, SolveExporter, SolveOptions, SolveResult } from "./solve-options.ts";

const operation = "Grpc";

export async function* runSolve(
  tools: BuildTools,
  options: SolveOptions & { readonly signal: AbortSignal },
): AsyncGenerator<BuildEvent, SolveResult, void> {
  const { signal, ref = newId(), frontend = "dockerfile.v0", exporters = [], entitlements = [] } = options;
  const outputs = outputsOf(exporters);
  const version = await tools.caller.apiVersion(signal);
  if (exporters.length > 1 && compareApiVersions(version, "1.44") < 0) {
    throw new UnsupportedError("This engine takes one exporter: more need Docker 25. Upgrade the engine.", {
      operation,
      needs: "API 1.44 (Docker 25)",
      has: `API ${version}`,
    });
  }
  const response = yield* solveInSession(tools, {
    operation,
    options,
    outputs,
    cacheImports: (options.cacheImports ?? []).map(toCache),
    cacheExports: (options.cacheExports ?? []).map(toCache),
    request: async (attributes) => ({
      ref,
      frontend,
      frontendAttrs: { ...attributes, ...options.attributes },
      entitlements: [...entitlements],
      ...toSolveExporters(exporters),
    }),
  });
  return { ref, response };
}

function toCache({ type, attrs = {} }: SolveEntry): BuildCacheEntry {
  return { type, attrs };
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
      throw new TypeError(`Argument "exporters": one of type "${type}" ${what} "to".`);
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
