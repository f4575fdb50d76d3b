/** What may stand where on a command line, from the table of options. */
import { COMMANDS, type CommandName, type OptionSpec } from "../options.ts";

/** The values of an option; none where it takes files or anything. `rules` are the rules' names. */
export function valueWords(spec: OptionSpec, rules: readonly string[]): readonly string[] {
  if (spec.value === undefined) return [];
  return spec.values ?? spec.words ?? (spec.value === "RULE" ? rules : []);
}

/** The first operands of a command; none where it takes files. */
export function operandWords(name: CommandName, rules: readonly string[]): readonly string[] {
  const { operands = [] } = COMMANDS[name];
  return operands === "RULE" ? rules : operands;
}

/** The options of a command, as they are written. */
export function optionWords(name: CommandName): readonly string[] {
  return Object.entries(COMMANDS[name].options).flatMap(([option, { short }]) =>
    short === undefined ? [`--${option}`] : [`--${option}`, `-${short}`],
  );
}
