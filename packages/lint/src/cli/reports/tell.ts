/** What is to be known beside the findings. */
import { printable } from "../../report/printable.ts";
import type { Options } from "../arguments.ts";
import type { Host } from "../host.ts";
import type { LintedFiles } from "../linting/linted-files.ts";

/** Tells warnings, what could not be looked at, and that there was nothing to look at. */
export function tell(linted: LintedFiles, options: Options, host: Host): void {
  const { count, unchanged, errors, warnings, empty } = linted;
  for (const message of [...warnings, ...errors]) host.err(`dflint: ${printable(message)}\n`);
  if (count > 0 || errors.length > 0) return;
  const revision = options.text("changed-since");
  host.err(unchanged > 0 ? `dflint: No Dockerfile has changed since ${revision}.\n` : nothingFound(empty));
}

/** The message where none of the operands holds a Dockerfile. */
export function nothingFound(operands: readonly string[]): string {
  const places = operands.map((path) => (path === "." ? "this folder" : printable(path))).join(", ");
  return `dflint: No Dockerfile found in ${places}: name one, or say under "include" in .dflint.yaml which files are.\n`;
}
