import { buildFailure } from "../../buildkit/build-failure.ts";
import type { BuildInputOptions } from "../../buildkit/build-input.ts";
import type { BuildCacheEntry } from "../../buildkit/cache/cache-entry.ts";
import { planCaches } from "../../buildkit/cache/local-caches.ts";
import { openControl } from "../../buildkit/control-connection.ts";
import type { GrpcClient } from "../../buildkit/grpc/client.ts";
import type { ReceivedOutput } from "../../buildkit/services/file-send.ts";
import type { SyncedFolder } from "../../buildkit/services/file-sync.ts";
import { prepareSolveInput } from "../../buildkit/solve-input.ts";
import { solve, type SolveRequest } from "../../buildkit/solve.ts";
import { Trace } from "../../buildkit/trace.ts";
import type { BuildEvent } from "../../progress/event.ts";
import { cacheAttributes } from "./build-cache.ts";
import type { BuildTools } from "./build-tools.ts";
import { BuildSession, type BuildSessionOptions } from "./buildkit-session.ts";
import { checkCacheExports } from "./cache-support.ts";

type Attributes = Readonly<Record<string, string>>;

/** A build through BuildKit's own API. */
export interface SessionSolve {
  /** Operation id, for errors. */
  readonly operation: string;
  readonly options: BuildInputOptions & BuildSessionOptions;
  /** What the session sends besides the context, by name. */
  readonly folders?: ReadonlyMap<string, SyncedFolder> | undefined;
  /** What comes back to this side, by the exporter's place in the request. */
  readonly outputs: ReadonlyMap<number, ReceivedOutput>;
  readonly cacheImports: readonly BuildCacheEntry[];
  readonly cacheExports: readonly BuildCacheEntry[];
  /**
   * What is asked, but for the session and the caches.
   * @param attributes what the frontend is to know of the context and of the caches
   */
  readonly request: (
    attributes: Attributes,
    control: GrpcClient,
  ) => Promise<Omit<SolveRequest, "session" | "cache">>;
}

/**
 * Has BuildKit build, with a session for what it asks. Leaving the loop or aborting stops the build.
 *
 * @returns what the exporters say, e.g. `containerimage.digest`.
 */
export async function* solveInSession(
  tools: BuildTools,
  { operation, options, folders = new Map(), outputs, cacheImports, cacheExports, request }: SessionSolve,
): AsyncGenerator<BuildEvent, Attributes, void> {
  const { signal } = options;
  await checkCacheExports(tools.caller, cacheExports, signal);
  const caches = await planCaches(cacheImports, cacheExports);
  const input = await prepareSolveInput(options);
  const synced = { ...input, folders: new Map([...input.folders, ...folders]) };
  const services = { outputs, uploaded: input.uploaded, stores: caches.stores };
  using session = await BuildSession.open(tools, synced, options, services);
  const control = await openControl(tools.caller, signal);
  const trace = new Trace();
  try {
    const attributes = { ...input.attributes, ...cacheAttributes(caches.imports) };
    const asked: SolveRequest = {
      ...(await request(attributes, control)),
      session: session.id,
      cache: { exports: caches.exports.map(({ type, attrs }) => ({ type, attrs: { ...attrs } })) },
    };
    for (const message of caches.warnings) yield { type: "warning", message };
    const response = yield* withWarnings(solve(control, asked, trace, session.signal), session);
    session.throwIfFailed();
    await caches.finish(response);
    return response;
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
