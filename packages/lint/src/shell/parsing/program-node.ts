import type { ShellCommand, ShellWord } from "../nodes.ts";

/** A program with its arguments. */
export interface ProgramCall {
  readonly command: ShellCommand;
  /** The program's name without its folder; undefined if it is unknown. */
  readonly name: string | undefined;
  /** The word that names it. */
  readonly word: ShellWord;
  readonly args: readonly ShellWord[];
  /** What stands around it, from the outside: `["sudo", "env"]`. */
  readonly wrappers: readonly string[];
  /** The variables set for it, by the shell and by `env`. `value` is undefined if it is unknown. */
  readonly environment: ReadonlyMap<string, string | undefined>;
}

/** A program whose arguments are put together when they are asked for: most programs are known by their name alone. */
export class ProgramNode implements ProgramCall {
  declare readonly command: ShellCommand;
  declare readonly name: string | undefined;
  declare readonly word: ShellWord;
  declare readonly wrappers: readonly string[];
  declare readonly environment: ReadonlyMap<string, string | undefined>;
  readonly #at: number;
  #args: readonly ShellWord[] | undefined;

  /** @param at which of the command's words names the program. */
  constructor({ command, name, word, wrappers, environment }: Omit<ProgramCall, "args">, at: number) {
    this.command = command;
    this.name = name;
    this.word = word;
    this.wrappers = wrappers;
    this.environment = environment;
    this.#at = at;
    this.#args = undefined;
  }

  get args(): readonly ShellWord[] {
    this.#args ??= this.command.words.slice(this.#at + 1);
    return this.#args;
  }
}
