import { dockerfileSize, isApart } from "../../build-context/dockerfile.ts";
import { ProtocolError } from "../../errors.ts";
import { Operation } from "../../operation.ts";
import type { BuildEvent } from "../../progress/event.ts";
import { compareApiVersions } from "../../transport/api-version.ts";
import type { Caller } from "../../transport/call.ts";
import { hasCacheEntries } from "./build-cache.ts";
import type { BuildOptions, ExportBuildOptions, RunningBuildOptions } from "./build-options.ts";
import { toBuildQuery, type BuildQuery } from "./build-query.ts";
import type { BuildTools } from "./build-tools.ts";
import { chooseBuilder } from "./choose-builder.ts";
import { buildClassic } from "./classic-build.ts";
import { Image } from "./image.ts";

/** @throws TypeError or RangeError for a malformed option. */
export function build(tools: BuildTools, options: BuildOptions): Operation<BuildEvent, Image> {
  const query = toBuildQuery(options);
  const { caller, credentials } = tools;
  return new Operation(async function* (signal) {
    const id = yield* run(tools, query, { ...options, signal });
    if (id === undefined) {
      throw new ProtocolError("BuildKit told no digest of the image it built.", { operation: "ImageBuild" });
    }
    return new Image(caller, credentials, id);
  }, options.signal);
}

/** @throws TypeError or RangeError for a malformed option. */
export function buildTo(tools: BuildTools, options: ExportBuildOptions): Operation<BuildEvent, void> {
  const query = toBuildQuery(options);
  return new Operation(async function* (signal) {
    yield* run(tools, query, { ...options, signal });
  }, options.signal);
}

/** Returns the id of the image; none when the result goes elsewhere. */
async function* run(
  tools: BuildTools,
  query: BuildQuery,
  options: RunningBuildOptions,
): AsyncGenerator<BuildEvent, string | undefined, void> {
  if ((await chooseBuilder(tools.caller, options)) === "classic") {
    return yield* buildClassic(tools.caller, tools.credentials, query, options);
  }
  // Loaded when it is needed: half of this library is about BuildKit.
  const { buildWithBuildkit, solveBuild } = await import("./buildkit-build.ts");
  if (needsSolve(options) || (await tellsMore(tools.caller, options)))
    return yield* solveBuild(tools, query, options);
  return yield* buildWithBuildkit(tools, query, options);
}

// Bytes. An error holds the Dockerfile several times, and no connection takes one of more than 64 KiB.
const longestTold = 20_000;

/** Since Docker 23 BuildKit's own API tells the line of the Dockerfile that a failed step is from. */
async function tellsMore(
  caller: Caller,
  { context, dockerfile, signal }: RunningBuildOptions,
): Promise<boolean> {
  if (compareApiVersions(await caller.apiVersion(signal), "1.42") < 0) return false;
  return ((await dockerfileSize(context, dockerfile)) ?? 0) <= longestTold;
}

/** Whether something is asked that `POST /build` has no parameter for. */
function needsSolve(options: RunningBuildOptions): boolean {
  const { context, dockerfile, output = "image", contexts = {}, cacheTo, noCache, cacheFrom } = options;
  return (
    isApart(context, dockerfile) ||
    output !== "image" ||
    Object.keys(contexts).length > 0 ||
    cacheTo !== undefined ||
    (noCache !== undefined && typeof noCache !== "boolean") ||
    hasCacheEntries(cacheFrom)
  );
}
