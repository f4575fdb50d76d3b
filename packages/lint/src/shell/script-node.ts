import type { Span } from "../source/span.ts";
import type { LogicalText } from "../syntax/logical-text.ts";
import type { Script, ShellCommand, ShellProblem } from "./nodes.ts";
import type { ShellVariables } from "./variables.ts";

/** What a script is made of. */
type ScriptParts = Pick<
  Script,
  "form" | "text" | "dialect" | "errexit" | "pipefail" | "span" | "commands" | "hasPipe" | "problems"
>;

/** Where a script comes from; undefined for a JSON array, which has one place and sets nothing. */
interface ScriptSource {
  readonly code: LogicalText;
  readonly variables: ShellVariables;
}

/** The code of an instruction. Both forms are of one class, since V8 is quicker with what looks alike. */
export class ScriptNode implements Script {
  declare readonly form: Script["form"];
  declare readonly text: string;
  declare readonly dialect: Script["dialect"];
  declare readonly errexit: boolean;
  declare readonly pipefail: boolean;
  declare readonly span: Span;
  declare readonly commands: readonly ShellCommand[];
  declare readonly hasPipe: boolean;
  declare readonly problems: readonly ShellProblem[];
  declare readonly kept: object[];
  readonly #source: ScriptSource | undefined;

  constructor(parts: ScriptParts, source: ScriptSource | undefined) {
    this.form = parts.form;
    this.text = parts.text;
    this.dialect = parts.dialect;
    this.errexit = parts.errexit;
    this.pipefail = parts.pipefail;
    this.span = parts.span;
    this.commands = parts.commands;
    this.hasPipe = parts.hasPipe;
    this.problems = parts.problems;
    this.kept = [];
    this.#source = source;
  }

  spanOf(start: number, end: number): Span {
    return this.#source === undefined ? this.span : this.#source.code.span(start, end);
  }

  variable(name: string): string | undefined {
    return this.#source?.variables.value(name);
  }

  sets(name: string): boolean {
    return this.#source?.variables.sets(name) ?? false;
  }
}
