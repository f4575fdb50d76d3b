/** The help, made from the table of options. */
import { COMMANDS, COMMAND_NAMES, type CommandName, type OptionSpec } from "./options.ts";

/** What dflint does, and its commands. */
export function generalHelp(): string {
  const width = Math.max(...COMMAND_NAMES.map((name) => COMMANDS[name].usage.length));
  const rows = COMMAND_NAMES.map((name) => `  ${COMMANDS[name].usage.padEnd(width)}  ${COMMANDS[name].help}`);
  return `dflint: finds and fixes what is wrong in Dockerfiles.

${rows.join("\n")}

Options of "dflint check"; "dflint COMMAND --help" shows those of the others:

${optionRows(COMMANDS.check.options)}

Exit status: 0 nothing to report, 1 findings, 2 wrong usage or configuration, 3 no file matched, 4 no engine,
5 a fix did not verify, 130 interrupted.
`;
}

/** The help of one command. */
export function commandHelp(name: CommandName): string {
  const { usage, help, options } = COMMANDS[name];
  return `${usage}\n${help}\n\n${optionRows(options)}\n`;
}

function optionRows(options: Readonly<Record<string, OptionSpec>>): string {
  const rows = Object.entries(options).map(([name, { short, value, help, multiple }]) => {
    const names = `${short === undefined ? "   " : `-${short},`} --${name}${value === undefined ? "" : ` ${value}`}`;
    return [names, `${help}${multiple === true ? " (repeatable)" : ""}`] as const;
  });
  const width = Math.max(...rows.map(([names]) => names.length));
  return rows.map(([names, help]) => `  ${names.padEnd(width)}  ${help}`).join("\n");
}
