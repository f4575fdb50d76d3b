import { Operation } from "../../operation.ts";
import type { OutputChunk } from "../../streams/multiplex.ts";
import { limitKinds } from "../../streams/byte-limit.ts";
import {
  OutputCollector,
  type CollectedOutput,
  type CollectOptions,
} from "../../streams/output-collector.ts";
import type { Caller, RequestBytes } from "../../transport/call.ts";
import { bytesOrText, type Check } from "../../values/argument.ts";
import { optionsOf } from "../../values/options.ts";
import { exitError } from "./exit-error.ts";
import { processKinds, spawn, type SpawnOptions } from "./spawn.ts";

/** How a further process of a container is run to its end. */
export interface ExecOptions extends Omit<SpawnOptions, "stdin">, CollectOptions {
  /** Written to the process's stdin, which is then closed, with a `tty` by Ctrl-D. Default: it has no stdin. */
  readonly input?: RequestBytes | undefined;
  /** `false` returns a non-zero exit instead of throwing. Default `true`. */
  readonly check?: boolean | undefined;
}

/** Takes {@link ExecOptions}. */
export const execOptions: Check = optionsOf<ExecOptions>('{ user: "root" }', {
  ...processKinds,
  ...limitKinds,
  input: bytesOrText("input", 'createReadStream("dump.sql")'),
  check: "boolean",
});

/** How a process in a container ended, and what it wrote. */
export interface ExecResult extends CollectedOutput {
  /** 128 and the signal's number when a signal ended it; 126 and 127 when it could not be started. */
  readonly exitCode: number;
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
      if (check && result.exitCode !== 0) throw exitError("ExecStart", command, container, result);
      return result;
    } finally {
      process.close();
    }
  }, options.signal);
}
