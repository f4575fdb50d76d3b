import type { Span } from "../../source/span.ts";
import type { LogicalText } from "../../syntax/logical-text.ts";
import type { ShellVariables } from "../variables.ts";

/** Where code stands. Everything that is read from it shares one, so that ranges are made only where they are asked for. */
export class Place {
  declare readonly code: LogicalText;
  declare readonly variables: ShellVariables;
  /** The range of everything in it, where things cannot be found one by one. */
  declare readonly whole: Span | undefined;

  constructor(code: LogicalText, variables: ShellVariables, whole: Span | undefined) {
    this.code = code;
    this.variables = variables;
    this.whole = whole;
  }

  /** The range in the file of a part of the code. */
  span(start: number, end: number): Span {
    if (this.whole !== undefined) return this.whole;
    const { length } = this.code.text;
    return this.code.span(Math.min(start, length), Math.min(end, length));
  }
}
