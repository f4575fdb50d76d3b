import type { HeredocOpening } from "./heredoc.ts";
import { isInstructionName } from "./instruction.ts";
import type { LineReader } from "./line-reader.ts";
import type { Heredoc } from "./nodes.ts";
import type { ProblemSink } from "./problem.ts";

const TAB = 9;

/** Reads the bodies of heredocs from the lines after an instruction. */
export class HeredocBodies {
  readonly #text: string;
  readonly #lines: LineReader;
  readonly #problems: ProblemSink;
  // The offset of the last line of each content, made when a terminator is missing for the first time: without it, a
  // file of heredocs that never end would be searched to its end again and again.
  #lastLines: Map<string, number> | undefined;

  constructor(text: string, lines: LineReader, problems: ProblemSink) {
    this.#text = text;
    this.#lines = lines;
    this.#problems = problems;
  }

  /** Reads the bodies in order. One without a terminator ends before the next line that begins like an instruction. */
  read(openings: readonly HeredocOpening[], startLine: number): Heredoc[] {
    this.#lines.blame = startLine;
    const heredocs = openings.map((opening) => this.#body(opening, startLine));
    this.#lines.blame = undefined;
    return heredocs;
  }

  #body(opening: HeredocOpening, startLine: number): Heredoc {
    const lines = this.#lines;
    const start = lines.nextStart;
    const before = lines.line;
    if (this.#mayEnd(opening, start)) {
      while (lines.next()) {
        const at = opening.stripTabs ? this.#skipTabs(lines.start, lines.end) : lines.start;
        if (lines.end - at !== opening.name.length || !this.#text.startsWith(opening.name, at)) continue;
        const bodySpan = { start, end: lines.start };
        return this.#heredoc(opening, bodySpan, { start: at, end: lines.end });
      }
    }
    this.#problems.push({
      code: "unterminated-heredoc",
      phase: "parser",
      message: "unterminated heredoc",
      advice: opening.name.startsWith("<")
        ? "Write << without blanks around it if it is no heredoc."
        : `End it with a line that holds ${opening.name} and nothing else; if << is an operator, put no blanks around it.`,
      span: opening.word.span,
      line: startLine,
    });
    this.#lastLines ??= this.#indexLines();
    return this.#recover(opening, start, before);
  }

  /** Takes lines up to one that begins like an instruction. */
  #recover(opening: HeredocOpening, start: number, before: number): Heredoc {
    const lines = this.#lines;
    lines.rewind(before, start);
    let end = start;
    let line = before;
    while (lines.next()) {
      const word = /^[A-Z]+(?=[\t ]|$)/.exec(
        this.#text.slice(lines.start, Math.min(lines.end, lines.start + 16)),
      );
      if (word && isInstructionName(word[0])) {
        lines.rewind(line, lines.start);
        break;
      }
      end = lines.nextStart;
      line = lines.line;
    }
    return this.#heredoc(opening, { start, end }, undefined);
  }

  #heredoc(
    opening: HeredocOpening,
    bodySpan: Heredoc["bodySpan"],
    terminator: Heredoc["terminator"],
  ): Heredoc {
    const { name, fd, quoted, stripTabs, word } = opening;
    const content = this.#text.slice(bodySpan.start, bodySpan.end);
    return { name, fd, quoted, stripTabs, word, content, bodySpan, terminator };
  }

  #mayEnd(opening: HeredocOpening, from: number): boolean {
    if (!this.#lastLines) return true;
    const last = this.#lastLines.get(opening.name) ?? -1;
    const lastTabbed = opening.stripTabs ? (this.#lastLines.get(`\t${opening.name}`) ?? -1) : -1;
    return Math.max(last, lastTabbed) >= from;
  }

  /** Keys are the contents of lines; one tab stands for any number of them at the start. */
  #indexLines(): Map<string, number> {
    const text = this.#text;
    const index = new Map<string, number>();
    for (let start = 0; start < text.length;) {
      const newline = text.indexOf("\n", start);
      let end = newline === -1 ? text.length : newline;
      const next = end + 1;
      while (end > start && text.charCodeAt(end - 1) === 13) end -= 1;
      const content = this.#skipTabs(start, end);
      if (content === start) index.set(text.slice(start, end), start);
      else index.set(`\t${text.slice(content, end)}`, start);
      start = next;
    }
    return index;
  }

  #skipTabs(start: number, end: number): number {
    let at = start;
    while (at < end && this.#text.charCodeAt(at) === TAB) at += 1;
    return at;
  }
}
