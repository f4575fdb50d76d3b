/** What is to be known beside the findings. */
import { printable } from "../../report/printable.ts";
import type { Options } from "../arguments.ts";
import type { Host } from "../host.ts";
import type { LintedFiles } from "./linted-files.ts";

/** Tells warnings, what could not be looked at, and that there was nothing to look at. */
export function tell(linted: LintedFiles, options: Options, host: Host): void {
  const { count, unchanged, errors, warnings, empty } = linted;
  for (const message of [...warnings, ...errors]) host.err(`dflint: ${printable(message)}\n`);
  if (count > 0 || errors.length > 0) return;
  const revision = options.text("changed-since");
  const what = unchanged > 0 ? `has changed since ${revision}` : `found in ${printable(empty.join(", "))}`;
  host.err(`dflint: No Dockerfile ${what}.\n`);
}
