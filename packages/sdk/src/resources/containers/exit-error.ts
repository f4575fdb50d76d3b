import { ContainerExitError } from "../../errors.ts";
import type { CollectedOutput } from "../../streams/output-collector.ts";

// A message is read by people, and written to logs.
const longestReason = 2000;

/** The error of a process that ended with a code other than 0. @param operation the call that started it */
export function exitError(
  operation: "ContainerStart" | "ExecStart",
  command: readonly string[],
  container: string,
  result: CollectedOutput & { readonly exitCode: number },
): ContainerExitError {
  const name = command.length === 0 ? "The container's process" : JSON.stringify(command.join(" "));
  // Why an exec could not be started the engine writes to stdout (seen on all, 20.10.24 to 28.5.2).
  const notStarted = result.exitCode === 126 || result.exitCode === 127;
  const said = result.stderr === "" && notStarted ? result.stdout : result.stderr;
  const last = clipped(said.trimEnd().split("\n").at(-1) ?? "");
  return new ContainerExitError(
    `${name} exited with code ${result.exitCode}${last === "" ? "." : `: ${last}`}`,
    { ...result, operation, container },
  );
}

/** A line may be as long as all that is kept. */
function clipped(line: string): string {
  return line.length > longestReason ? `${line.slice(0, longestReason)}…` : line;
}
