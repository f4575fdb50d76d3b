import type { Dispatcher } from "undici";
import type { RequestBytes } from "./request-body.ts";

export interface EngineRequest {
  /** Operation id, for errors. */
  readonly operation: string;
  readonly method: Dispatcher.HttpMethod;
  /** Path and query, encoded. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>> | undefined;
  readonly body?: RequestBytes | undefined;
  readonly signal?: AbortSignal | undefined;
  /**
   * How long the request may take by its nature. `short` ones share a few connections; `long` ones (streams, waits,
   * anything that changes the engine) get a connection each; `single` gets one that nothing else uses before or after.
   */
  readonly duration: "short" | "long" | "single";
  /**
   * A disposal of the client waits for its answer, for some seconds: only that tells what has been made, and has to be
   * removed. Default `false`.
   */
  readonly spared?: boolean | undefined;
}
