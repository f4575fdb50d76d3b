/** `dflint lsp --stdio`: the language server for editors. */
import { serve } from "../../lsp/server.ts";
import type { Options } from "../arguments.ts";
import type { ExitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { UsageError } from "../usage-error.ts";
import { refuseOperands } from "../linting/check-options.ts";
import { documentedRules } from "../documented-rules.ts";

/** Runs the command: it ends with the process, when the editor says so, or goes away. */
export function languageServer(
  options: Options,
  operands: readonly string[],
  { version }: Host,
): Promise<ExitCode> {
  refuseOperands(operands, "lsp");
  if (!options.has("stdio")) {
    throw new UsageError('The language server talks over standard input and output: "dflint lsp --stdio".');
  }
  serve({ rules: documentedRules, version, input: process.stdin, output: process.stdout });
  return new Promise(() => undefined);
}
