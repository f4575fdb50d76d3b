import type { SyncedFolder } from "../../buildkit/services/file-sync.ts";
import { newId } from "../../buildkit/session.ts";
import { toSolveExporters, type SolveExporters } from "../../buildkit/solve.ts";
import { realFolder } from "../../build-context/folder-context.ts";
import type { BuildEvent } from "../../progress/event.ts";
import { definedOnly } from "../../values/defined.ts";
import { toList } from "../../values/list.ts";
import { formatReference, withDefaultTag } from "../../values/reference.ts";
import { cacheExports, cacheImports } from "./build-cache.ts";
import type { RunningBuildOptions } from "./build-options.ts";
import type { BuildTools } from "./build-tools.ts";
import type { BuildQuery } from "./build-query.ts";
import { hostsAttribute } from "./buildkit-hosts.ts";
import { solveInSession } from "./buildkit-session-solve.ts";
import { parseTarget } from "./target.ts";

/**
 * A build through BuildKit's own API, for what `POST /build` has no parameter for. Returns the id of the image; none
 * when the result goes elsewhere.
 */
export async function* solveBuild(
  tools: BuildTools,
  query: BuildQuery,
  options: RunningBuildOptions,
): AsyncGenerator<BuildEvent, string | undefined, void> {
  const { signal, output = "image", contexts = {} } = options;
  const named = await namedContexts(contexts);
  const response = yield* solveInSession(tools, {
    operation: "ImageBuild",
    options,
    folders: named.folders,
    outputs: typeof output === "object" ? new Map([[0, output]]) : new Map(),
    cacheImports: cacheImports(options.cacheFrom),
    cacheExports: cacheExports(options.cacheTo),
    request: async (attributes, control) => ({
      ref: newId(),
      frontend: "dockerfile.v0",
      frontendAttrs: {
        ...attributes,
        ...frontendAttributes(query, options),
        ...(await hostsAttribute(control, [query.extrahosts ?? []].flat(), signal)),
        ...named.attributes,
      },
      entitlements: options.network === "host" ? ["network.host"] : [],
      ...exporters(options),
    }),
  });
  const id = output === "image" ? response["containerimage.digest"] : undefined;
  if (id !== undefined) yield { type: "image", id };
  return id;
}

function exporters({ output = "image", tags }: RunningBuildOptions): SolveExporters {
  if (output === "none") return toSolveExporters([]);
  if (output !== "image") return toSolveExporters([{ type: "local" in output ? "local" : "tar" }]);
  const names = toList(tags).map((tag) => formatReference(withDefaultTag(parseTarget(tag, "tags"))));
  return toSolveExporters([{ type: "moby", attrs: names.length === 0 ? {} : { name: names.join(",") } }]);
}

function frontendAttributes(query: BuildQuery, options: RunningBuildOptions): Record<string, string> {
  const { noCache } = options;
  const stages = typeof noCache === "boolean" ? [] : toList(noCache);
  const attributes: Record<string, string | undefined> = {
    target: query.target,
    platform: query.platform,
    "image-resolve-mode": query.pull === true ? "pull" : undefined,
    // Without a name it is all of them.
    "no-cache": noCache === true || stages.length > 0 ? stages.join(",") : undefined,
    "force-network-mode": query.networkmode === "default" ? undefined : query.networkmode,
    "shm-size": query.shmsize?.toString(),
    ulimit: query.ulimits?.map(({ Name, Soft, Hard }) => `${Name}=${Soft}:${Hard}`).join(","),
    "cgroup-parent": query.cgroupparent,
    ...(cacheExports(options.cacheTo).some(({ type }) => type === "inline") && {
      "build-arg:BUILDKIT_INLINE_CACHE": "1",
    }),
  };
  for (const [name, value] of Object.entries(query.labels ?? {})) attributes[`label:${name}`] = value;
  for (const [name, value] of Object.entries(query.buildargs ?? {})) {
    if (value !== null) attributes[`build-arg:${name}`] = value;
  }
  return definedOnly(attributes);
}

interface NamedContexts {
  readonly folders: ReadonlyMap<string, SyncedFolder>;
  readonly attributes: Readonly<Record<string, string>>;
}

/** A folder is asked for under a name of its own; anything else has a scheme and is fetched by the engine. */
async function namedContexts(contexts: Readonly<Record<string, string>>): Promise<NamedContexts> {
  const folders = new Map<string, SyncedFolder>();
  const attributes: Record<string, string> = {};
  for (const [name, source] of Object.entries(contexts)) {
    const isFolder = !/^[\w+-]+:\/\//.test(source);
    attributes[`context:${name}`] = isFolder ? `local:named-${name}` : source;
    if (isFolder) folders.set(`named-${name}`, { root: await realFolder(source) });
  }
  return { folders, attributes };
}
