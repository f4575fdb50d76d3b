import { setTimeout as sleep } from "node:timers/promises";
import { ConnectionError, ContainerExitError, ProtocolError } from "../../errors.ts";
import { Operation } from "../../operation.ts";
import type { OutputChunk } from "../../streams/multiplex.ts";
import {
  OutputCollector,
  type CollectedOutput,
  type CollectOptions,
} from "../../streams/output-collector.ts";
import { OutputStream } from "../../streams/output-stream.ts";
import type { Caller, RequestBytes } from "../../transport/call.ts";
import type { CallOptions } from "../../values/call-options.ts";
import { outputOf, ttyOf } from "./attach.ts";
import { engineGone } from "../confirm-end.ts";
import { toEnv, type ContainerOptions } from "./options.ts";
import { AttachedProcess } from "./process.ts";

// A message is read by people, and written to logs.
const longestReason = 2000;

/** How a further process of a container is started. */
export interface SpawnOptions extends CallOptions {
  /** `{ NAME: "value" }` or `["NAME=value"]`, over the container's. */
  readonly env?: ContainerOptions["env"];
  /** A name or number, also with a group: `1000:1000`. Default: the container's. */
  readonly user?: string | undefined;
  /** An absolute path in the container. Default: the container's. */
  readonly workingDir?: string | undefined;
  /** Gives it all capabilities. Default `false`. */
  readonly privileged?: boolean | undefined;
  /** Gives it a terminal, which makes stdout and stderr one stream. Default `false`. */
  readonly tty?: boolean | undefined;
  /** Connects stdin. Default `false`. */
  readonly stdin?: boolean | undefined;
  /** The keys that detach from a terminal, e.g. `ctrl-p,ctrl-q`. Default: the engine's. */
  readonly detachKeys?: string | undefined;
  /** Aborts the call and cuts the connection; the process itself goes on. Its `reason` is thrown unchanged. */
  readonly signal?: AbortSignal | undefined;
}

/** How a further process of a container is run to its end. */
export interface ExecOptions extends Omit<SpawnOptions, "stdin">, CollectOptions {
  /** Written to the process's stdin, which is then closed. */
  readonly input?: RequestBytes | undefined;
  /** `false` returns a non-zero exit instead of throwing. Default `true`. */
  readonly check?: boolean | undefined;
}

/** How a process in a container ended, and what it wrote. */
export interface ExecResult extends CollectedOutput {
  /** 128 and the signal's number when a signal ended it; 126 and 127 when it could not be started. */
  readonly exitCode: number;
}

/** Starts a further process in a running container and connects to it. */
export async function spawn(
  caller: Caller,
  container: string,
  command: readonly string[],
  options: SpawnOptions = {},
): Promise<AttachedProcess> {
  const { tty = false, stdin = false, signal } = options;
  const { Id: id } = await caller.call("ContainerExec", {
    path: { id: container },
    body: {
      Cmd: command,
      AttachStdin: stdin,
      AttachStdout: true,
      AttachStderr: true,
      Tty: tty,
      Env: toEnv(options.env),
      User: options.user,
      WorkingDir: options.workingDir,
      Privileged: options.privileged,
      DetachKeys: options.detachKeys,
    },
    signal,
  });
  const connection = await caller.upgrade("ExecStart", { path: { id }, body: { Tty: tty }, signal });
  const ask = (): Promise<unknown> => caller.call("ExecInspect", { path: { id }, signal });
  const source = outputOf(caller, connection, signal, ask);
  return new AttachedProcess(
    new OutputStream({ ...source, tty: ttyOf(connection.headers) ?? tty }),
    connection.socket,
    async ({ rows, columns }) => {
      await caller.call("ExecResize", { path: { id }, query: { h: rows, w: columns } });
    },
    { code: () => execExitCode(caller, id, signal), release: () => undefined },
  );
}

/** Runs a further process in a container to its end. */
export function exec(
  caller: Caller,
  container: string,
  command: readonly string[],
  options: ExecOptions = {},
): Operation<OutputChunk, ExecResult> {
  const { check = true } = options;
  return new Operation(async function* (signal) {
    const stdin = options.input !== undefined;
    const collector = new OutputCollector(options.maxBytes);
    const process = await spawn(caller, container, command, { ...options, stdin, signal });
    try {
      const input = process.feed(options.input);
      yield* collector.pass(process.output);
      input.throwIfFailed();
      const result = { exitCode: await process.exitCode(), ...collector.result() };
      if (check && result.exitCode !== 0) throw exitError(command, container, result);
      return result;
    } finally {
      process.close();
    }
  }, options.signal);
}

/** The error of a process that ended with a code other than 0. */
export function exitError(
  command: readonly string[],
  container: string,
  result: ExecResult,
): ContainerExitError {
  const name = command.length === 0 ? "The container's process" : JSON.stringify(command.join(" "));
  // Why an exec could not be started the engine writes to stdout (seen on all, 20.10.24 to 28.5.2).
  const notStarted = result.exitCode === 126 || result.exitCode === 127;
  const said = result.stderr === "" && notStarted ? result.stdout : result.stderr;
  const last = clipped(said.trimEnd().split("\n").at(-1) ?? "");
  return new ContainerExitError(
    `${name} exited with code ${result.exitCode}${last === "" ? "." : `: ${last}`}`,
    { ...result, container },
  );
}

/** A line may be as long as all that is kept. */
function clipped(line: string): string {
  return line.length > longestReason ? `${line.slice(0, longestReason)}…` : line;
}

/** The engine closes the streams a moment before it knows the exit code, so it is asked until it does. */
async function execExitCode(caller: Caller, id: string, signal: AbortSignal | undefined): Promise<number> {
  try {
    for (let pause = 1; ; pause = Math.min(pause * 2, 500)) {
      const { Running, ExitCode } = await caller.call("ExecInspect", { path: { id }, signal });
      if (!Running && typeof ExitCode === "number") return ExitCode;
      // It is null as long as the process has not begun.
      if (!Running && ExitCode !== null)
        throw new ProtocolError("The engine told no exit code of an exec.", { operation: "ExecInspect" });
      await sleep(pause, undefined, { signal }).catch(() => signal?.throwIfAborted());
    }
  } catch (error) {
    throw error instanceof ConnectionError ? engineGone(caller, error) : error;
  }
}
