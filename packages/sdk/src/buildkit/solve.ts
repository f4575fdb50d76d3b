import { Control } from "../generated/buildkit/control_pb.ts";
import type { BuildEvent } from "../progress/event.ts";
import type { GrpcClient } from "./grpc/client.ts";
import type { Trace } from "./trace.ts";

/** An exporter or a cache in BuildKit's words. */
interface Entry {
  readonly type: string;
  readonly attrs: Record<string, string>;
}

/** What is to come of a build. Engines before 26 read only the old fields, which hold the first exporter. */
export interface SolveExporters {
  readonly exporters: Entry[];
  readonly exporterDeprecated: string;
  readonly exporterAttrsDeprecated: Record<string, string>;
}

/** What BuildKit is asked to build. */
export interface SolveRequest extends SolveExporters {
  readonly ref: string;
  readonly session: string;
  readonly frontend: string;
  readonly frontendAttrs: Record<string, string>;
  readonly cache: { readonly exports: Entry[] };
  readonly entitlements: string[];
}

export function toSolveExporters(
  exporters: readonly {
    readonly type: string;
    readonly attrs?: Readonly<Record<string, string>> | undefined;
  }[],
): SolveExporters {
  const entries = exporters.map(({ type, attrs = {} }) => ({ type, attrs: { ...attrs } }));
  const [first = { type: "", attrs: {} }] = entries;
  return { exporters: entries, exporterDeprecated: first.type, exporterAttrsDeprecated: first.attrs };
}

// Milliseconds. After a build has failed its last steps are still to be told; after a refusal nothing ever comes.
const patience = 1000;

/**
 * Has BuildKit build, and tells its progress. Leaving the loop or aborting stops the build.
 *
 * @returns what the exporters say, e.g. `containerimage.digest`.
 * @throws GrpcError when the build fails.
 */
export async function* solve(
  control: GrpcClient,
  request: SolveRequest,
  trace: Trace,
  signal: AbortSignal,
): AsyncGenerator<BuildEvent, Readonly<Record<string, string>>, void> {
  const leaving = new AbortController();
  const both = AbortSignal.any([signal, leaving.signal]);
  const telling = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const solving = control.unary(Control.method.solve, request, { signal: both });
  solving.catch(() => {
    timer = setTimeout(() => telling.abort(new Error("The build is over.")), patience);
  });
  const status = control.stream(
    Control.method.status,
    { ref: request.ref },
    { signal: AbortSignal.any([both, telling.signal]) },
  );
  try {
    try {
      for await (const response of status) yield* trace.read(response);
    } catch {
      // How the build ended is told by the other call.
    }
    const { exporterResponse } = await solving;
    return exporterResponse;
  } finally {
    clearTimeout(timer);
    leaving.abort(new Error("The build was left."));
  }
}
