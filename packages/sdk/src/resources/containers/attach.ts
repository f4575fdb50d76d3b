import type { IncomingHttpHeaders } from "node:http";
import type { ByteSource } from "../../streams/byte-source.ts";
import { OutputStream } from "../../streams/output-stream.ts";
import { socketSource } from "../../streams/socket-source.ts";
import type { Caller } from "../../transport/call.ts";
import type { UpgradedConnection } from "../../transport/transport.ts";
import { confirmEnd, engineGone } from "../confirm-end.ts";
import { AttachedProcess, type ProcessExit, type TerminalSize } from "./process.ts";
import { beginWait, exitCodeOf, wait, type BegunWait, type WaitOptions } from "./wait.ts";

/** Which streams of a container are connected. */
export interface AttachOptions {
  /** Connects stdin; the container must have been created with `OpenStdin`. Default `false`. */
  readonly stdin?: boolean | undefined;
  /** Default `true`. */
  readonly stdout?: boolean | undefined;
  /** Default `true`. */
  readonly stderr?: boolean | undefined;
  /** Sends what was written before as well. Default `false`. */
  readonly logs?: boolean | undefined;
  /** Keys that detach a terminal, e.g. `ctrl-p,ctrl-q`. */
  readonly detachKeys?: string | undefined;
  /** Aborts the call and cuts the connection; its `reason` is thrown unchanged. */
  readonly signal?: AbortSignal | undefined;
}

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

/**
 * What comes out of a hijacked connection. A killed engine ends it cleanly, so its end is confirmed.
 * @param ask asks the engine about the process.
 */
export function outputOf(
  caller: Caller,
  { socket }: UpgradedConnection,
  signal: AbortSignal | undefined,
  ask: () => Promise<unknown>,
): ByteSource {
  const explain = (error: Error): unknown =>
    isUnreadInput(caller, error) ? undefined : engineGone(caller, error);
  return confirmEnd(caller, socketSource(socket, explain, signal), ask);
}

/**
 * Whether a socket of this machine was closed while input was in it that the process did not read: Linux tells a
 * reset instead of the end (seen on 20.10.24), after all that the engine wrote. Over TCP a reset comes where no end
 * has, and what was under way may be lost.
 */
function isUnreadInput({ host }: Caller, error: NodeJS.ErrnoException): boolean {
  return host.startsWith("unix:") && error.code === "ECONNRESET" && error.syscall === "read";
}

/** Resizes the terminal of a container. */
export async function resizeContainer(
  caller: Caller,
  id: string,
  { rows, columns }: TerminalSize,
): Promise<void> {
  await caller.call("ContainerResize", { path: { id }, query: { h: rows, w: columns } });
}

/** Whether a container has a TTY, from the engine. */
export async function containerTty(
  caller: Caller,
  id: string,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const { Config } = await caller.call("ContainerInspect", { path: { id }, signal });
  // What is no engine may leave it out.
  return (Config as typeof Config | null | undefined)?.Tty === true;
}

/**
 * Whether the output is that of a TTY, from the answer's content type: decided from API 1.42; before, attach and
 * exec say `raw-stream` in either case and logs say nothing (seen on 20.10.24).
 */
export function ttyOf(headers: IncomingHttpHeaders): boolean | undefined {
  return headers["content-type"] === "application/vnd.docker.multiplexed-stream" ? false : undefined;
}
