import { lazyOutput } from "../../streams/lazy-source.ts";
import { OutputStream } from "../../streams/output-stream.ts";
import type { Caller } from "../../transport/call.ts";
import type { Check } from "../../values/argument.ts";
import type { CallOptions } from "../../values/call-options.ts";
import { optionsOf } from "../../values/options.ts";
import { toEngineTime, type Time } from "../../values/time.ts";
import { ttyOf } from "../containers/terminal.ts";

/** Which part of the logs is read. */
export interface SwarmLogsOptions extends CallOptions {
  /** Goes on with what is written later. Default `false`. */
  readonly follow?: boolean | undefined;
  /** What was written to stdout. Default `true`. */
  readonly stdout?: boolean | undefined;
  /** What was written to stderr. Default `true`. */
  readonly stderr?: boolean | undefined;
  /** Only what was written at this moment or later. Default: from the beginning. */
  readonly since?: Time | undefined;
  /** Number of lines from the end, of each task. Default all. */
  readonly tail?: number | undefined;
  /** Gives each line its time. Default `false`. */
  readonly timestamps?: boolean | undefined;
  /** Gives each line the ids of its node, service and task, and the attributes of the log driver. Default `false`. */
  readonly details?: boolean | undefined;
}

/** Takes {@link SwarmLogsOptions}. */
export const swarmLogsOptions: Check = optionsOf<SwarmLogsOptions>("{ follow: true }", {
  follow: "boolean",
  stdout: "boolean",
  stderr: "boolean",
  since: "time",
  tail: "integer",
  timestamps: "boolean",
  details: "boolean",
});

/** The log of a service or task, brought together from the nodes; asked for at the first read. */
export function logs(
  caller: Caller,
  operation: "ServiceLogs" | "TaskLogs",
  id: string,
  hasTty: () => Promise<boolean>,
  options: SwarmLogsOptions = {},
): OutputStream {
  const { follow, stdout = true, stderr = true, timestamps = false, details = false, tail } = options;
  const source = lazyOutput(async (signal) => {
    const since = toEngineTime("since", options.since);
    const query = { follow, stdout, stderr, timestamps, details, tail, since };
    const response = await caller.send(operation, { path: { id }, query, signal });
    try {
      return { source: response.body, tty: ttyOf(response.headers) ?? (await hasTty()) };
    } catch (error) {
      response.body.close();
      throw error;
    }
  }, options.signal);
  return new OutputStream(source, { timestamps, details });
}
