import type { ContainerWaitResponse } from "../../generated/models.ts";
import { EngineGoneError, OperationError, StreamTruncatedError } from "../../errors.ts";
import { Operation } from "../../operation.ts";
import { readAll } from "../../streams/byte-source.ts";
import type { OutputChunk } from "../../streams/multiplex.ts";
import { OutputCollector } from "../../streams/output-collector.ts";
import type { Caller, RequestBytes } from "../../transport/call.ts";
import { attach } from "./attach.ts";
import type { Container } from "./container.ts";
import { exitError, type ExecResult } from "./exec.ts";
import type { CreateOptions } from "./create.ts";
import { toCreateRequest, type ContainerOptions } from "./options.ts";

export interface RunOptions extends ContainerOptions, CreateOptions {
  /** Written to the process's stdin, which is then closed. */
  readonly input?: RequestBytes | undefined;
  /** Removes the container with its anonymous volumes at the end. Default `true`. */
  readonly remove?: boolean | undefined;
  /** `false` returns a non-zero exit instead of throwing. Default `true`. */
  readonly check?: boolean | undefined;
  /** Kept of stdout and of stderr, each, for the result. Default 16 MiB. */
  readonly maxBytes?: number | undefined;
}

/** How the container ended, and what it wrote. */
export interface RunResult extends ExecResult {
  /** The container; it is gone unless `remove` was `false`. */
  readonly container: Container;
}

/**
 * Runs a container to its end. The order matters: its output is attached and its end awaited before it starts, so
 * that neither can be missed however short it lives; a wait that begins later may find it gone (20.10.24).
 */
export function run(
  caller: Caller,
  create: (request: ReturnType<typeof toCreateRequest>, options: CreateOptions) => Promise<Container>,
  options: RunOptions,
): Operation<OutputChunk, RunResult> {
  const { input, remove = true, check = true } = options;
  const base = toCreateRequest(options);
  const request = {
    ...base,
    ...(input !== undefined && { OpenStdin: true, StdinOnce: true, AttachStdin: true }),
    HostConfig: { ...base.HostConfig, AutoRemove: remove },
  };
  return new Operation(async function* (signal) {
    const container = await create(request, { ...options, signal });
    const { id } = container;
    let over = false;
    try {
      await using process = await attach(caller, id, { stdin: input !== undefined, signal });
      const exit = await waitForExit(caller, id, remove, signal);
      await container.start({ signal });
      const fed = process.feed(input);
      const collector = new OutputCollector(options.maxBytes);
      yield* collector.pass(process.output);
      fed.throwIfFailed();
      const { StatusCode: exitCode, Error: failure } = await exit();
      over = true;
      if (failure?.Message !== undefined && failure.Message !== "") {
        throw new OperationError(`The engine could not end the container: ${failure.Message}`, {
          operation: "ContainerWait",
        });
      }
      const result = { exitCode, ...collector.result() };
      if (check && exitCode !== 0) throw exitError(list(options.command), id, result);
      return { ...result, container };
    } finally {
      if (!over) await abandon(container, remove);
    }
  }, options.signal);
}

/**
 * Begins to wait and returns when the engine has begun to, so that no later end can be missed. The answer is read
 * by the function returned.
 */
async function waitForExit(
  caller: Caller,
  id: string,
  remove: boolean,
  signal: AbortSignal,
): Promise<() => Promise<ContainerWaitResponse>> {
  const response = await caller.send("ContainerWait", {
    path: { id },
    query: { condition: remove ? "removed" : "next-exit" },
    signal,
  });
  const body = readAll(response.body);
  body.catch(() => undefined); // told by the function below, if it is called
  return async () => {
    const text = new TextDecoder().decode(await body);
    if (text.trim() === "") {
      // An engine that is shut down ends the answer without one.
      throw new EngineGoneError(`The Docker Engine at ${caller.host} went away while a container ran.`, {
        host: caller.host,
        operation: "ContainerWait",
        cause: new StreamTruncatedError("The answer of ContainerWait is empty."),
      });
    }
    return JSON.parse(text) as ContainerWaitResponse; // as the API documents
  };
}

/** Leaves nothing running behind: the caller's abort must not stop this, nor its failure hide what went wrong. */
async function abandon(container: Container, remove: boolean): Promise<void> {
  try {
    if (remove) await container.remove({ force: true, volumes: true });
    else await container.kill();
  } catch {
    // Gone, never started, or the engine is: the error already under way says more.
  }
}

function list(command: ContainerOptions["command"]): readonly string[] {
  return typeof command === "string" ? [command] : (command ?? []);
}
