/** Reads a command line: which command, which options, which operands. */
import { parseArgs } from "node:util";
import { didYouMean } from "../linter/nearest.ts";
import { COMMANDS, COMMAND_NAMES, type CommandName, type OptionSpec } from "./options.ts";
import { UsageError } from "./usage-error.ts";

/** The values of options by name: switches and texts. */
export class Options {
  /** What was given, by name. */
  readonly values: ReadonlyMap<string, readonly string[]>;

  constructor(values: ReadonlyMap<string, readonly string[]>) {
    this.values = values;
  }

  /** Whether an option is given. */
  has(name: string): boolean {
    return this.values.has(name);
  }

  /** The value of an option; the last one where it is given more than once. */
  text(name: string): string | undefined {
    return this.values.get(name)?.at(-1);
  }

  /** All values of an option; undefined where it is not given. */
  list(name: string): readonly string[] | undefined {
    return this.values.get(name);
  }

  /** A whole number from 0. Throws a {@link UsageError}. */
  count(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (!/^\d+$/.test(text)) throw new UsageError(`--${name} takes a whole number, not "${text}".`);
    return Number(text);
  }
}

/** A command line, taken apart. */
export interface CommandLine {
  readonly command: CommandName;
  /** Whether the command is named, and not taken by default. */
  readonly isNamed: boolean;
  readonly options: Options;
  readonly operands: readonly string[];
}

/** Takes the arguments after the program's name apart. Throws a {@link UsageError}. */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  const [first] = argv;
  const named = COMMAND_NAMES.find((name) => name === first);
  const command = named ?? "check";
  const specs: Readonly<Record<string, OptionSpec>> = COMMANDS[command].options;
  const { tokens } = parseArgs({
    args: named === undefined ? [...argv] : argv.slice(1),
    options: Object.fromEntries(
      Object.entries(specs).map(([name, { short, value }]) => [
        name,
        {
          type: value === undefined ? ("boolean" as const) : ("string" as const),
          ...(short !== undefined && { short }),
        },
      ]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const values = new Map<string, string[]>();
  const operands: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") operands.push(token.value);
    if (token.kind !== "option") continue;
    const spec = Object.hasOwn(specs, token.name) ? specs[token.name] : undefined;
    if (spec === undefined) throw unknownOption(token, named, argv);
    const list = values.get(token.name) ?? [];
    values.set(token.name, list);
    list.push(...valuesOf(token.rawName, token.value, spec));
  }
  // Who names the text of standard input means it.
  if (operands.length === 0 && values.has("stdin-filename")) operands.push("-");
  return { command, isNamed: named !== undefined, options: new Options(values), operands };
}

function valuesOf(name: string, value: string | undefined, spec: OptionSpec): readonly string[] {
  if (spec.value === undefined) {
    if (value !== undefined) throw new UsageError(`${name} takes no value.`);
    return [];
  }
  if (value === undefined) throw new UsageError(`${name} needs a value: ${name} ${spec.value}.`);
  // A variable of a script that is not set; as a path it would mean the working folder.
  if (value === "" && /^(?:DIR|FILE|PATH)/.test(spec.value)) {
    throw new UsageError(`${name} needs a value, and got an empty one: ${name} ${spec.value}.`);
  }
  const items = spec.list === true ? value.split(",").filter((item) => item !== "") : [value];
  for (const item of items) {
    if (spec.values === undefined || spec.values.includes(item)) continue;
    throw new UsageError(
      `${name} takes ${spec.values.join(", ")}, not "${item}".${didYouMean(item, spec.values)}`,
    );
  }
  return items;
}

function unknownOption(
  { name, rawName }: { readonly name: string; readonly rawName: string },
  command: CommandName | undefined,
  argv: readonly string[],
): UsageError {
  const hint = hintOnOption(name, rawName, command, argv);
  return new UsageError(`There is no option ${rawName}.${hint}`);
}

function hintOnOption(
  name: string,
  rawName: string,
  command: CommandName | undefined,
  argv: readonly string[],
): string {
  const late = COMMAND_NAMES.find(
    (other) => argv.includes(other) && Object.hasOwn(COMMANDS[other].options, name),
  );
  if (command === undefined && late !== undefined)
    return ` The command comes first: "dflint ${late} ${rawName}".`;
  const specs: Readonly<Record<string, OptionSpec>> = COMMANDS[command ?? "check"].options;
  const letter = Object.values(specs).find(
    ({ short }) => `-${short}` === rawName.toUpperCase() || `-${short}` === rawName.toLowerCase(),
  )?.short;
  if (letter !== undefined) return ` Did you mean "-${letter}"?`;
  const help = command === undefined ? "dflint --help" : `dflint ${command} --help`;
  const names = Object.keys(specs).map((spec) => `--${spec}`);
  return didYouMean(rawName, names) || ` "${help}" lists them.`;
}
