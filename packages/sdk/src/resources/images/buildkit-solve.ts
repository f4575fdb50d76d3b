import { buildFailure } from "../../buildkit/build-failure.ts";
import { planCaches } from "../../buildkit/cache/local-caches.ts";
import { openControl } from "../../buildkit/control-connection.ts";
import type { SyncedFolder } from "../../buildkit/services/file-sync.ts";
import { newId } from "../../buildkit/session.ts";
import { prepareSolveInput } from "../../buildkit/solve-input.ts";
import { solve, type SolveRequest } from "../../buildkit/solve.ts";
import { Trace } from "../../buildkit/trace.ts";
import { realFolder } from "../../build-context/folder-context.ts";
import type { BuildEvent } from "../../progress/event.ts";
import { toList } from "../../values/list.ts";
import { formatReference, withDefaultTag } from "../../values/reference.ts";
import { cacheAttributes, cacheExports, cacheImports } from "./build-cache.ts";
import type { RunningBuildOptions } from "./build-options.ts";
import type { BuildTools } from "./build-tools.ts";
import type { BuildQuery } from "./build-query.ts";
import { hostsAttribute } from "./buildkit-hosts.ts";
import { BuildSession } from "./buildkit-session.ts";
import { checkCacheExports } from "./cache-support.ts";
import { parseTarget } from "./target.ts";

const operation = "ImageBuild";

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
  const exports = cacheExports(options.cacheTo);
  await checkCacheExports(tools.caller, exports, signal);
  const caches = await planCaches(cacheImports(options.cacheFrom), exports);
  const input = await prepareSolveInput(options);
  const named = await namedContexts(contexts);
  const folders = new Map([...input.folders, ...named.folders]);
  using session = await BuildSession.open(tools, { ...input, folders }, options, {
    outputs: typeof output === "object" ? new Map([[0, output]]) : undefined,
    uploaded: input.uploaded,
    stores: caches.stores,
  });
  const control = await openControl(tools.caller, signal);
  const trace = new Trace();
  try {
    const request: SolveRequest = {
      ref: newId(),
      session: session.id,
      frontend: "dockerfile.v0",
      frontendAttrs: {
        ...input.attributes,
        ...frontendAttributes(query, options),
        ...(await hostsAttribute(control, [query.extrahosts ?? []].flat(), signal)),
        ...cacheAttributes(caches.imports),
        ...named.attributes,
      },
      cache: { exports: caches.exports.map(({ type, attrs }) => ({ type, attrs: { ...attrs } })) },
      entitlements: options.network === "host" ? ["network.host"] : [],
      ...exporters(options),
    };
    for (const message of caches.warnings) yield { type: "warning", message };
    const building = solve(control, request, trace, session.signal);
    const response = yield* withWarnings(building, session);
    session.throwIfFailed();
    await caches.finish(response);
    const id = output === "image" ? response["containerimage.digest"] : undefined;
    if (id !== undefined) yield { type: "image", id };
    return id;
  } catch (error) {
    signal.throwIfAborted();
    throw session.explain(await buildFailure(error, trace, operation, tools.caller));
  } finally {
    control.close();
  }
}

/** The events of a build, each after what there is to say of the session. Whoever leaves ends the build. */
async function* withWarnings<Result>(
  building: AsyncGenerator<BuildEvent, Result, void>,
  session: BuildSession,
): AsyncGenerator<BuildEvent, Result, void> {
  let isOver = false;
  try {
    for (;;) {
      const next = await building.next();
      isOver = next.done === true;
      yield* session.warnings();
      if (next.done === true) return next.value;
      yield next.value;
    }
  } finally {
    // Not of a build that is over, which has a result; any will do for one that is left.
    if (!isOver) await building.return(undefined as never);
  }
}

/** In the old fields, too: engines before 26 read only those. */
function exporters({ output = "image", tags }: RunningBuildOptions): Exporters {
  if (output === "none") return { exporters: [], exporterDeprecated: "", exporterAttrsDeprecated: {} };
  const names = toList(tags).map((tag) => formatReference(withDefaultTag(parseTarget(tag, "tags"))));
  const type = output === "image" ? "moby" : "local" in output ? "local" : "tar";
  const attrs: Record<string, string> =
    names.length === 0 || type !== "moby" ? {} : { name: names.join(",") };
  return { exporters: [{ type, attrs }], exporterDeprecated: type, exporterAttrsDeprecated: attrs };
}

interface Exporters {
  readonly exporters: { type: string; attrs: Record<string, string> }[];
  readonly exporterDeprecated: string;
  readonly exporterAttrsDeprecated: Record<string, string>;
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
  return Object.fromEntries(
    Object.entries(attributes).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
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
