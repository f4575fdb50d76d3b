import { lazyOutput } from "../../streams/lazy-source.ts";
import { OutputStream } from "../../streams/output-stream.ts";
import type { Caller } from "../../transport/call.ts";
import type { Check } from "../../values/argument.ts";
import type { CallOptions } from "../../values/call-options.ts";
import { optionsOf } from "../../values/options.ts";
import { toEngineTime, type Time } from "../../values/time.ts";
import { confirmEnd } from "../confirm-end.ts";
import { containerTty, ttyOf } from "./terminal.ts";

/** Which part of a container's logs is read. */
export interface LogsOptions extends CallOptions {
  /** Goes on with what is written later, until the container ends. Default `false`. */
  readonly follow?: boolean | undefined;
  /** What was written to stdout. Default `true`. */
  readonly stdout?: boolean | undefined;
  /** What was written to stderr. Default `true`. */
  readonly stderr?: boolean | undefined;
  /** Only what was written at this moment or later. Default: from the beginning. */
  readonly since?: Time | undefined;
  /** Only what was written before this moment. Default: up to now, or the end. */
  readonly until?: Time | undefined;
  /** Number of lines from the end. Default all. */
  readonly tail?: number | undefined;
  /** Gives each line its time. Default `false`. */
  readonly timestamps?: boolean | undefined;
  /** Gives each line the attributes of the log driver. Default `false`. */
  readonly details?: boolean | undefined;
}

/** Takes {@link LogsOptions}. */
export const logsOptions: Check = optionsOf<LogsOptions>("{ follow: true }", {
  follow: "boolean",
  stdout: "boolean",
  stderr: "boolean",
  since: "time",
  until: "time",
  tail: "integer",
  timestamps: "boolean",
  details: "boolean",
});

/** The log of a container; asked for at the first read. */
export function logs(caller: Caller, id: string, options: LogsOptions = {}): OutputStream {
  const { follow, stdout = true, stderr = true, timestamps = false, details = false, tail } = options;
  const source = lazyOutput(async (signal) => {
    const response = await caller.send("ContainerLogs", {
      path: { id },
      query: {
        follow,
        stdout,
        stderr,
        timestamps,
        details,
        tail,
        since: toEngineTime("since", options.since),
        until: toEngineTime("until", options.until),
      },
      signal,
    });
    const ask = (): Promise<unknown> => caller.call("ContainerInspect", { path: { id }, signal });
    try {
      return {
        source: confirmEnd(caller, response.body, ask),
        tty: ttyOf(response.headers) ?? (await containerTty(caller, id, signal)),
      };
    } catch (error) {
      response.body.close();
      throw error;
    }
  }, options.signal);
  return new OutputStream(source, { timestamps, details });
}
