import { setTimeout as sleep } from "node:timers/promises";
import { ConnectionError, ProtocolError } from "../../errors.ts";
import { OutputStream } from "../../streams/output-stream.ts";
import type { Caller } from "../../transport/call.ts";
import type { Check } from "../../values/argument.ts";
import type { CallOptions } from "../../values/call-options.ts";
import { optionsOf, type Kinds } from "../../values/options.ts";
import { engineGone } from "../confirm-end.ts";
import { outputOf } from "./hijacked-output.ts";
import { toEnv, variables, type ContainerOptions } from "./options.ts";
import { AttachedProcess } from "./process.ts";
import { ttyOf } from "./terminal.ts";

/** How a further process of a container is started. */
export interface SpawnOptions extends CallOptions {
  /** `{ NAME: "value" }` or `["NAME=value"]`, over the container's. Default: the container's. */
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

export const processKinds: Kinds<Omit<SpawnOptions, "stdin" | "signal">> = {
  env: variables,
  user: "text",
  workingDir: "text",
  privileged: "boolean",
  tty: "boolean",
  detachKeys: "text",
};

/** Takes {@link SpawnOptions}. */
export const spawnOptions: Check = optionsOf<SpawnOptions>("{ tty: true }", {
  ...processKinds,
  stdin: "boolean",
});

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
    tty,
    async ({ rows, columns }) => {
      await caller.call("ExecResize", { path: { id }, query: { h: rows, w: columns } });
    },
    { code: () => execExitCode(caller, id, signal), release: () => undefined },
  );
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
