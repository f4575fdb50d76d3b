import { Operation } from "../../operation.ts";
import type { OutputChunk } from "../../streams/multiplex.ts";
import { limitKinds } from "../../streams/byte-limit.ts";
import { OutputCollector, type CollectOptions } from "../../streams/output-collector.ts";
import type { Caller, RequestBytes } from "../../transport/call.ts";
import { bytesOrText, type Check } from "../../values/argument.ts";
import { optionsOf } from "../../values/options.ts";
import type { Images } from "../images/images.ts";
import { abandon, leftBehind, once } from "./abandon.ts";
import { abortedLater } from "./aborted-later.ts";
import { attach } from "./attach.ts";
import type { Container } from "./container.ts";
import { create, createKinds, type ContainerCreateOptions } from "./create.ts";
import type { ExecResult } from "./exec.ts";
import { exitError } from "./exit-error.ts";
import { containerKinds, toCreateRequest, type ContainerOptions } from "./options.ts";

/** What to run to its end, and how. */
export interface RunOptions extends ContainerOptions, ContainerCreateOptions, CollectOptions {
  /** Written to the process's stdin, which is then closed, with a `tty` by Ctrl-D. Default: it has no stdin. */
  readonly input?: RequestBytes | undefined;
  /** Removes the container with its anonymous volumes at the end. Default `true`. */
  readonly remove?: boolean | undefined;
  /** `false` returns a non-zero exit instead of throwing. Default `true`. */
  readonly check?: boolean | undefined;
}

/** Takes {@link RunOptions}. */
export const runOptions: Check = optionsOf<RunOptions>(
  '{ image: "alpine", command: ["ls", "-l"] }',
  {
    ...containerKinds,
    ...createKinds,
    ...limitKinds,
    input: bytesOrText("input", 'createReadStream("dump.sql")'),
    remove: "boolean",
    check: "boolean",
  },
  "image",
);

/** How the container ended, and what it wrote. */
export interface RunResult extends ExecResult {
  /** The container; it is gone unless `remove` was `false`. */
  readonly container: Container;
}

/**
 * Runs a container to its end. The order matters: its output is attached and its end awaited before it starts, so
 * that neither can be missed however short it lives; a wait that begins later may find it gone (20.10.24).
 */
export function run(caller: Caller, images: Images, options: RunOptions): Operation<OutputChunk, RunResult> {
  const { input, remove = true, check = true } = options;
  const base = toCreateRequest(options);
  const started = {
    ...base,
    ...(input !== undefined && { OpenStdin: true, StdinOnce: true, AttachStdin: true }),
  };
  return new Operation(async function* (signal) {
    const collector = new OutputCollector(options.maxBytes);
    await caller.apiVersion(signal);
    // Podman forgets the exit code with the container: asked after it, 4.3 tells 0 and 5.4 sometimes fails.
    const removesItself = remove && caller.podman === undefined;
    const request = { ...started, HostConfig: { ...started.HostConfig, AutoRemove: removesItself } };
    const container = await create(caller, images, request, { ...options, signal });
    let over = false;
    const leave = once(() => abandon(container, remove));
    using last = caller.disposal.add(leave);
    try {
      // Of a pinned version nothing was asked, so that the first answer may have told of Podman.
      const until = removesItself && caller.podman === undefined ? "removed" : "next-exit";
      await using process = await attach(caller, container.id, { stdin: input !== undefined, signal }, until);
      signal.throwIfAborted();
      using later = abortedLater(signal);
      await container.start({ signal: remove ? signal : later.signal });
      signal.throwIfAborted();
      const fed = process.feed(input);
      yield* collector.pass(process.output);
      fed.throwIfFailed();
      const exitCode = await process.exitCode();
      over = removesItself || !remove;
      const result = { exitCode, ...collector.result() };
      if (check && exitCode !== 0)
        throw exitError("ContainerStart", options.command ?? [], container.id, result);
      return { ...result, container };
    } catch (error) {
      throw over || (await leave()) ? error : leftBehind(error, container, last.begun);
    } finally {
      if (!over) await leave();
    }
  }, options.signal);
}
