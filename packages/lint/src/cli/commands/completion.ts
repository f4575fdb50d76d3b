/** `dflint completion bash|zsh|fish`: a script for a shell to source. */
import { didYouMean } from "../../linter/nearest.ts";
import { rules } from "../../rules/index.ts";
import type { Options } from "../arguments.ts";
import { bashScript, zshScript } from "../completion/bash.ts";
import { fishScript } from "../completion/fish.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { SHELLS } from "../options.ts";
import { UsageError } from "../usage-error.ts";

const SCRIPTS: Readonly<Record<(typeof SHELLS)[number], (rules: readonly string[]) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

/** Runs the command. */
export function completion(_: Options, operands: readonly string[], host: Host): ExitCode {
  const [name = "", extra] = operands;
  const shell = SHELLS.find((known) => known === name);
  if (shell === undefined || extra !== undefined) {
    throw new UsageError(`Name a shell: "dflint completion ${SHELLS.join("|")}".${didYouMean(name, SHELLS)}`);
  }
  host.out(SCRIPTS[shell](rules.flatMap((rule) => [rule.code, rule.name])));
  return EXIT.clean;
}
