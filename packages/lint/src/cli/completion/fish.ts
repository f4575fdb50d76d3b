/** Completions for fish. */
import { COMMAND_NAMES, COMMANDS, type OptionSpec } from "../options.ts";
import { operandWords, valueWords } from "./words.ts";

/** The script for `dflint completion fish | source`. */
export function fishScript(rules: readonly string[]): string {
  const lines = ["complete -c dflint -e"];
  const others = COMMAND_NAMES.filter((name) => name !== "check").join(" ");
  for (const name of COMMAND_NAMES) {
    const { help, options } = COMMANDS[name];
    lines.push(`complete -c dflint -n __fish_use_subcommand -a ${name} -d ${quote(help)}`);
    // A command line without a command is one of check.
    const seen =
      name === "check" ? `not __fish_seen_subcommand_from ${others}` : `__fish_seen_subcommand_from ${name}`;
    const here = `complete -c dflint -n ${quote(seen)}`;
    for (const [option, spec] of Object.entries(options))
      lines.push(`${here} ${optionOf(option, spec, rules)}`);
    const operands = operandWords(name, rules);
    if (operands.length > 0) lines.push(`${here} -f -a ${quote(operands.join(" "))}`);
  }
  return `${lines.join("\n")}\n`;
}

function optionOf(name: string, spec: OptionSpec, rules: readonly string[]): string {
  const words = valueWords(spec, rules);
  return [
    `-l ${name}`,
    ...(spec.short === undefined ? [] : [`-s ${spec.short}`]),
    // Where no words are known, files are as good a guess as any.
    ...(spec.value === undefined ? [] : words.length === 0 ? ["-r"] : ["-x", `-a ${quote(words.join(" "))}`]),
    `-d ${quote(spec.help)}`,
  ].join(" ");
}

function quote(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
