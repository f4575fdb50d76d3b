import type { Span } from "../../source/span.ts";
import type { Script, ShellCommand, ShellProblem } from "../nodes.ts";
import type { Place } from "./place.ts";

/** How a script is run. */
export type ScriptOptions = Pick<Script, "dialect" | "errexit" | "pipefail">;

/** What a script is made of. */
interface ScriptParts extends Pick<Script, "form" | "text" | "commands" | "hasPipe" | "problems"> {
  readonly options: ScriptOptions;
  readonly place: Place;
}

/** The code of an instruction. Both forms are of one class, since V8 is quicker with what looks alike. */
export class ScriptNode implements Script {
  declare readonly form: Script["form"];
  declare readonly text: string;
  declare readonly commands: readonly ShellCommand[];
  declare readonly hasPipe: boolean;
  declare readonly problems: readonly ShellProblem[];
  declare kept: unknown[] | undefined;
  readonly #options: ScriptOptions;
  readonly #place: Place;

  constructor(parts: ScriptParts) {
    this.form = parts.form;
    this.text = parts.text;
    this.commands = parts.commands;
    this.hasPipe = parts.hasPipe;
    this.problems = parts.problems;
    this.kept = undefined;
    this.#options = parts.options;
    this.#place = parts.place;
  }

  get dialect(): Script["dialect"] {
    return this.#options.dialect;
  }

  get errexit(): boolean {
    return this.#options.errexit;
  }

  get pipefail(): boolean {
    return this.#options.pipefail;
  }

  get span(): Span {
    return this.#place.span(0, this.text.length);
  }

  spanOf(start: number, end: number): Span {
    return this.#place.span(start, end);
  }

  variable(name: string): string | undefined {
    return this.#place.variables.value(name);
  }

  sets(name: string): boolean {
    return this.#place.variables.sets(name);
  }
}
