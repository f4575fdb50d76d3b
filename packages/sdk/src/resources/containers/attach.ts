import type { ByteSource } from "../../streams/byte-source.ts";
import { OutputStream } from "../../streams/output-stream.ts";
import type { Caller } from "../../transport/call.ts";
import type { UpgradedConnection } from "../../transport/engine-response.ts";
import type { Check } from "../../values/argument.ts";
import type { CallOptions } from "../../values/call-options.ts";
import { optionsOf } from "../../values/options.ts";
import { outputOf } from "./hijacked-output.ts";
import { AttachedProcess, type ProcessExit } from "./process.ts";
import { containerTty, resizeContainer, ttyOf } from "./terminal.ts";
import { beginWait, exitCodeOf, wait, type BegunWait, type WaitOptions } from "./wait.ts";

/** Which streams of a container are connected. */
export interface AttachOptions extends CallOptions {
  /**
   * Connects stdin; the container must have been created with `OpenStdin`, and with `StdinOnce` for the end of what is
   * written to reach the process. Default `false`.
   */
  readonly stdin?: boolean | undefined;
  /** Connects stdout. Default `true`. */
  readonly stdout?: boolean | undefined;
  /** Connects stderr. Default `true`. */
  readonly stderr?: boolean | undefined;
  /** Sends what was written before as well. Default `false`. */
  readonly logs?: boolean | undefined;
  /** Keys that detach a terminal, e.g. `ctrl-p,ctrl-q`. Default: the engine's. */
  readonly detachKeys?: string | undefined;
}

/** Takes {@link AttachOptions}. */
export const attachOptions: Check = optionsOf<AttachOptions>("{ stdin: true }", {
  stdin: "boolean",
  stdout: "boolean",
  stderr: "boolean",
  logs: "boolean",
  detachKeys: "text",
});

/**
 * Connects to the main process of a container. Its end is awaited from the beginning on, since a container may be
 * gone a moment after it.
 * @param until what counts as its end
 */
export async function attach(
  caller: Caller,
  id: string,
  options: AttachOptions = {},
  until: WaitOptions["condition"] = "next-exit",
): Promise<AttachedProcess> {
  const { stdin = false, stdout = true, stderr = true, logs, detachKeys, signal } = options;
  const begun = await beginWait(caller, id, { condition: until, signal });
  let connection: UpgradedConnection | undefined;
  try {
    connection = await caller.upgrade("ContainerAttach", {
      path: { id },
      query: { stream: true, stdin, stdout, stderr, logs, detachKeys },
      signal,
    });
    const tty = ttyOf(connection.headers) ?? (await containerTty(caller, id, signal));
    const exit = exitOf(begun, caller, id, signal);
    const ask = (): Promise<unknown> => caller.call("ContainerInspect", { path: { id }, signal });
    const source = outputOf(caller, connection, signal, ask);
    return new AttachedProcess(
      new OutputStream({ ...whenLeft(source, () => exit.release()), tty }),
      connection.socket,
      tty,
      (size) => resizeContainer(caller, id, size),
      exit,
    );
  } catch (error) {
    begun.close();
    connection?.socket.destroy();
    throw error;
  }
}

/** The wait begun at the start serves who asks for the exit code; once given up, the engine is asked anew. */
function exitOf(begun: BegunWait, caller: Caller, id: string, signal: AbortSignal | undefined): ProcessExit {
  let wanted = false;
  let released = false;
  return {
    async code() {
      if (released && !wanted) return exitCodeOf(await wait(caller, id, { signal }));
      wanted = true;
      return exitCodeOf(await begun.answer());
    },
    release() {
      released = true;
      if (!wanted) begun.close();
    },
  };
}

/** Tells when the reader closes a source before its end. */
function whenLeft(source: ByteSource, left: () => void): ByteSource {
  let ended = false;
  return {
    ...source,
    async read() {
      const chunks = await source.read();
      ended ||= chunks === undefined;
      return chunks;
    },
    close() {
      source.close();
      if (!ended) left();
    },
  };
}
