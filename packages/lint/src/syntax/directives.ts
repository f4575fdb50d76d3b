import type { Directive, EscapeCharacter } from "./nodes.ts";
import type { ProblemSink } from "./problem.ts";

const NAMES: ReadonlySet<string> = new Set(["escape", "syntax", "check"]);

/**
 * Reads the parser directives at the top of a file. Two readers look for them: BuildKit's parser, which wants only
 * `escape`, lets it be indented and is stopped by a `#!` line; and the one for `syntax` and `check`, which is
 * the other way round in both.
 */
export class DirectiveReader {
  readonly directives: Directive[] = [];
  escape: EscapeCharacter = "\\";
  readonly #text: string;
  readonly #problems: ProblemSink;
  readonly #seen = new Set<string>();
  #parserDone = false;
  #frontendDone = false;

  constructor(text: string, problems: ProblemSink) {
    this.#text = text;
    this.#problems = problems;
  }

  /** Whether no further line can hold a directive. */
  get done(): boolean {
    return this.#parserDone && this.#frontendDone;
  }

  /**
   * Reads a line from its first character that is no blank up to its end. True if BuildKit's parser takes it for
   * a directive, which keeps it out of the comments of the next instruction.
   */
  read(line: number, lineStart: number, start: number, end: number): boolean {
    const indented = start > lineStart;
    if (line === 1 && !indented && this.#text.startsWith("#!", start)) {
      this.#parserDone = true;
      return false;
    }
    if (indented) this.#frontendDone = true;
    const directive = directiveIn(this.#text, line, start, end);
    if (!directive) {
      this.#parserDone = true;
      this.#frontendDone = true;
      return false;
    }
    const counts = directive.name === "escape" ? !this.#parserDone : !this.#frontendDone;
    if (this.#seen.has(directive.name) && !this.done) {
      this.#problems.push({
        code: "duplicate-directive",
        phase: "parser",
        message: `only one ${directive.name} parser directive can be used`,
        advice: `Keep one "# ${directive.name}=" line.`,
        span: directive.span,
        line: line - 1 || undefined,
      });
      return true;
    }
    this.#seen.add(directive.name);
    if (counts) this.#apply(directive);
    return !this.#parserDone;
  }

  #apply(directive: Directive): void {
    this.directives.push(directive);
    if (directive.name !== "escape") return;
    if (directive.value === "`" || directive.value === "\\") {
      this.escape = directive.value;
      return;
    }
    this.#problems.push({
      code: "invalid-escape",
      phase: "parser",
      message: `invalid escape token '${directive.value}' does not match \` or \\`,
      advice: "Use ` or \\.",
      span: directive.valueSpan,
      line: directive.line - 1 || undefined,
    });
  }
}

function directiveIn(text: string, line: number, start: number, end: number): Directive | undefined {
  if (text[start] !== "#") return undefined;
  const nameStart = skipBlank(text, start + 1, end);
  let nameEnd = nameStart;
  while (nameEnd < end && isNameCharacter(text.charCodeAt(nameEnd), nameEnd > nameStart)) nameEnd += 1;
  const equals = skipBlank(text, nameEnd, end);
  if (nameEnd === nameStart || equals >= end || text[equals] !== "=") return undefined;
  const name = text.slice(nameStart, nameEnd).toLowerCase();
  if (!isDirectiveName(name)) return undefined;
  let valueStart = skipBlank(text, equals + 1, end);
  let valueEnd = end;
  while (valueEnd > valueStart && isBlank(text.charCodeAt(valueEnd - 1))) valueEnd -= 1;
  // A value has at least one character, be it a blank.
  if (valueEnd === valueStart) {
    if (end === equals + 1) return undefined;
    valueStart = end - 1;
    valueEnd = end;
  }
  return {
    name,
    value: text.slice(valueStart, valueEnd),
    span: { start, end: valueEnd },
    nameSpan: { start: nameStart, end: nameEnd },
    valueSpan: { start: valueStart, end: valueEnd },
    line,
  };
}

function isDirectiveName(name: string): name is Directive["name"] {
  return NAMES.has(name);
}

function isNameCharacter(code: number, digits: boolean): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (digits && code >= 48 && code <= 57);
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9 || code === 10 || code === 12 || code === 13;
}

function skipBlank(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && isBlank(text.charCodeAt(at))) at += 1;
  return at;
}
