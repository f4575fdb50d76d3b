/** The shell code of a file: each instruction's parsed once, whoever asks. */
import { lastBefore } from "../source/count-before.ts";
import type { Model, ShellState } from "../semantics/model.ts";
import { mayHideNames, mentions } from "../shell/may-call.ts";
import { readShell } from "../shell/programs/shell-command.ts";
import { RUNNING, scriptOf } from "../shell/script.ts";
import type { Script } from "../shell/script.ts";
import type { Instruction } from "../syntax/nodes.ts";

/** A comment that says which shell speaks from its line on. */
export interface ShellDirective {
  readonly line: number;
  readonly shell: string;
}

/** What the instructions of a file run, and in which shells. */
export class FileScripts {
  readonly #model: Model;
  readonly #shells: readonly ShellDirective[];
  readonly #scripts = new Map<Instruction, Script | undefined>();
  #readLast: Instruction | undefined;
  #scriptOfLast: Script | undefined;
  #askedLast: Instruction | undefined;
  #lastMayHide = false;

  /** Takes the directives `shell=` in order of their lines. */
  constructor(model: Model, shells: readonly ShellDirective[]) {
    this.#model = model;
    this.#shells = shells;
  }

  /** The shell code of an instruction, if it holds what is mentioned. */
  scriptOf(instruction: Instruction, mention?: RegExp): Script | undefined {
    if (!RUNNING.has(instruction.keyword)) return undefined;
    if (mention !== undefined && !mentions(instruction, mention) && !this.#mayHideNames(instruction))
      return undefined;
    // One rule after the other asks for the same one.
    if (instruction !== this.#readLast) {
      this.#scriptOfLast = this.#read(instruction);
      this.#readLast = instruction;
    }
    return this.#scriptOfLast;
  }

  #mayHideNames(instruction: Instruction): boolean {
    if (instruction !== this.#askedLast) {
      this.#lastMayHide = mayHideNames(instruction);
      this.#askedLast = instruction;
    }
    return this.#lastMayHide;
  }

  #read(instruction: Instruction): Script | undefined {
    const known = this.#scripts.get(instruction);
    if (known !== undefined || this.#scripts.has(instruction)) return known;
    const script = scriptOf(instruction, this.shellOf(instruction));
    this.#scripts.set(instruction, script);
    return script;
  }

  /** The shell of an instruction: what a directive says, unless a SHELL between the two says otherwise. */
  shellOf(instruction: Instruction): ShellState {
    const own = this.#model.state(instruction).shell;
    if (this.#shells.length === 0) return own;
    const directive = lastBefore(this.#shells, ({ line }) => line < instruction.startLine);
    if (directive === undefined || (own.instruction?.startLine ?? 0) > directive.line) return own;
    const argv = [directive.shell, "-c"];
    const { dialect } = readShell(argv);
    return { argv, dialect, errexit: false, pipefail: false, instruction: undefined };
  }
}
