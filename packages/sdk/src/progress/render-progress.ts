import type { Operation } from "../operation.ts";
import { wrongKind, type Check } from "../values/argument.ts";
import type { BuildEvent } from "./event.ts";
import { SwitchingDisplay } from "./display.ts";
import { PlainDisplay } from "./plain-display.ts";
import { PlainSteps } from "./plain-steps.ts";
import type { ProgressOutput } from "./progress-output.ts";
import { ansiColours, noColours } from "./progress-text.ts";
import { TerminalDisplay } from "./terminal-display.ts";
import { TerminalSteps } from "./terminal-steps.ts";

const isOperation: Check = (value, of) => {
  const isObject = typeof value === "object" && value !== null;
  // Awaited, it is its result.
  if (isObject && "then" in value && Symbol.asyncIterator in value) return;
  throw wrongKind(
    "operation",
    'an operation that is not awaited yet, such as docker.images.pull("busybox")',
    value,
    of,
  );
};

const isOutput: Check = (value, of) => {
  const isStream =
    typeof value === "object" && value !== null && "write" in value && typeof value.write === "function";
  if (!isStream) throw wrongKind("output", "a stream such as process.stdout", value, of);
};

/**
 * Shows a build, pull, push, save to a file, load or import to people while it works: bars on a terminal, plain lines elsewhere.
 * Takes the place of `await`, and throws what that would throw. Colours are left out when `NO_COLOR` is set.
 *
 * ```ts
 * const image = await renderProgress(docker.images.pull("busybox"));
 * ```
 *
 * @param output default `process.stderr`
 */
export async function renderProgress<Result>(
  operation: Operation<BuildEvent, Result>,
  output: ProgressOutput = process.stderr,
): Promise<Result> {
  isOperation(operation, "renderProgress()");
  isOutput(output, "renderProgress()");
  const { NO_COLOR: noColour = "", TERM: terminal } = process.env;
  const isTerminal = output.isTTY === true && terminal !== "dumb";
  const paint = noColour === "" ? ansiColours : noColours;
  const display = isTerminal
    ? new SwitchingDisplay(
        new TerminalDisplay(output, noColour === ""),
        () => new TerminalSteps(output, paint),
      )
    : new SwitchingDisplay(new PlainDisplay(output), () => new PlainSteps(output));
  try {
    for await (const event of operation) await display.show(event);
  } finally {
    await display.end();
  }
  return await operation;
}
