/**
 * Reads a Dockerfile as BuildKit's parser does, line by line. It never throws and never gives up: where BuildKit stops,
 * this notes a problem and goes on.
 */
import { SourceFile } from "../source/source-file.ts";
import { trimSpaceEnd } from "./blank.ts";
import { DirectiveReader } from "./directives.ts";
import { heredocsIn } from "./heredoc.ts";
import { HeredocBodies } from "./heredoc-bodies.ts";
import { mayOpenHeredocs, readHead, readInstruction } from "./instruction.ts";
import { LineReader } from "./line-reader.ts";
import { LogicalText } from "./logical-text.ts";
import type { Comment, Dockerfile, Heredoc, Instruction } from "./nodes.ts";
import type { Problem } from "./problem.ts";

const HASH = 35;
const NO_COMMENTS: readonly Comment[] = [];
const NO_LINES: readonly number[] = [];
const NO_HEREDOCS: readonly Heredoc[] = [];

/**
 * Reads a Dockerfile. Pure; never throws. What BuildKit would refuse is in `problems`, what can be read is read:
 * one bad instruction does not hide the rest.
 */
export function parseDockerfile(text: string): Dockerfile {
  return new Parser(text).parse();
}

class Parser {
  readonly #text: string;
  readonly #lines: LineReader;
  readonly #directives: DirectiveReader;
  readonly #bodies: HeredocBodies;
  readonly #problems: Problem[] = [];
  readonly #comments: Comment[] = [];
  readonly #instructions: Instruction[] = [];
  // The comments that will belong to the next instruction.
  #pending: Comment[] = [];
  #inStage = false;

  constructor(text: string) {
    this.#text = text;
    this.#lines = new LineReader(text, this.#problems);
    this.#directives = new DirectiveReader(text, this.#problems);
    this.#bodies = new HeredocBodies(text, this.#lines, this.#problems);
  }

  parse(): Dockerfile {
    const lines = this.#lines;
    while (lines.next()) {
      if (this.#text.charCodeAt(lines.contentStart) === HASH && lines.contentStart < lines.end) {
        this.#comment();
      } else {
        if (!this.#directives.done)
          this.#directives.read(lines.line, lines.start, lines.contentStart, lines.end);
        if (lines.contentStart < lines.end) this.#instruction();
      }
    }
    return {
      source: new SourceFile(this.#text),
      escape: this.#directives.escape,
      directives: this.#directives.directives,
      comments: this.#comments,
      instructions: this.#instructions,
      problems: this.#finishProblems(),
    };
  }

  #comment(): void {
    const lines = this.#lines;
    const comment = this.#readComment(false);
    const { done } = this.#directives;
    if (!done && this.#directives.read(lines.line, lines.start, lines.contentStart, lines.end)) {
      this.#pending = [];
    } else if (comment.text === "" && !comment.indented) {
      this.#pending = [];
    } else {
      this.#pending.push(comment);
    }
  }

  #readComment(inner: boolean): Comment {
    const { contentStart, end, line, start } = this.#lines;
    const textEnd = trimSpaceEnd(this.#text, contentStart + 1, end);
    const comment = {
      text: this.#text.slice(contentStart + 1, textEnd).trim(),
      span: { start: contentStart, end: textEnd },
      line,
      indented: contentStart > start,
      inner,
    };
    this.#comments.push(comment);
    return comment;
  }

  /** Reads an instruction from the current line on: continued lines, comments between them, heredocs. */
  #instruction(): void {
    const lines = this.#lines;
    const startLine = lines.line;
    let pieceStart = lines.contentStart;
    let pieceEnd = this.#continuedAt(pieceStart);
    let logical: LogicalText;
    let innerComments = NO_COMMENTS;
    let blankLines = NO_LINES;
    if (pieceEnd === -1) {
      logical = new LogicalText(this.#text.slice(pieceStart, lines.end), pieceStart);
    } else {
      const pieces: string[] = [this.#text.slice(pieceStart, pieceEnd)];
      const map = [0, pieceStart];
      let length = pieceEnd - pieceStart;
      const comments: Comment[] = [];
      const blanks: number[] = [];
      while (pieceEnd !== -1 && lines.next()) {
        if (lines.contentStart >= lines.end) {
          blanks.push(lines.line);
        } else if (this.#text.charCodeAt(lines.contentStart) === HASH) {
          comments.push(this.#readComment(true));
        } else {
          pieceStart = lines.start;
          pieceEnd = this.#continuedAt(pieceStart);
          const piece = this.#text.slice(pieceStart, pieceEnd === -1 ? lines.end : pieceEnd);
          if (piece === "") continue;
          if (length === 0) map.length = 0;
          map.push(length, pieceStart);
          pieces.push(piece);
          length += piece.length;
        }
      }
      // Without the room for more that pushing leaves.
      logical = new LogicalText(pieces.join(""), map.slice());
      if (comments.length > 0) innerComments = comments;
      if (blanks.length > 0) blankLines = blanks;
    }
    this.#finishInstruction(logical, startLine, innerComments, blankLines);
  }

  #finishInstruction(
    logical: LogicalText,
    startLine: number,
    innerComments: readonly Comment[],
    blankLines: readonly number[],
  ): void {
    const head = readHead(logical, this.#directives.escape);
    let heredocs = NO_HEREDOCS;
    if (logical.text.includes("<<") && mayOpenHeredocs(head)) {
      const openings = heredocsIn(logical);
      if ("error" in openings) {
        this.#problems.push({
          code: "invalid-heredoc",
          phase: "parser",
          message: openings.error,
          advice: "Write a plain name after <<.",
          span: openings.word.span,
          line: startLine,
        });
      } else if (openings.length > 0) {
        heredocs = this.#bodies.read(openings, startLine);
      }
    }
    const comments = this.#pending.length > 0 ? this.#pending : NO_COMMENTS;
    const around = {
      startLine,
      endLine: this.#lines.line,
      heredocs,
      comments,
      innerComments,
      blankLines,
    };
    this.#pending = [];
    const instruction = readInstruction(head, around, this.#problems);
    if (instruction.keyword === "FROM") this.#inStage = true;
    else if (!this.#inStage) this.#checkPlacement(instruction);
    this.#instructions.push(instruction);
  }

  #checkPlacement(instruction: Instruction): void {
    const { keyword } = instruction;
    if (keyword === "ARG" || keyword === "UNKNOWN") return;
    this.#problems.push({
      code: "no-stage",
      phase: "placement",
      message: "no build stage in current context",
      advice: "Write FROM above it: only ARG may come first.",
      span: instruction.name.span,
      line: instruction.startLine,
    });
  }

  /** Where the escape character that continues the current line is; -1 if the line is not continued. */
  #continuedAt(start: number): number {
    const text = this.#text;
    let at = this.#lines.end - 1;
    while (at >= start) {
      const code = text.charCodeAt(at);
      if (code !== 32 && code !== 9) break;
      at -= 1;
    }
    const { escape } = this.#directives;
    if (at < start || text[at] !== escape) return -1;
    return at === start || text[at - 1] !== escape ? at : -1;
  }

  #finishProblems(): Problem[] {
    const problems = this.#problems;
    if (this.#instructions.length === 0) {
      problems.push({
        code: "no-instructions",
        phase: "parser",
        message: "file with no instructions",
        advice: "Write FROM image to begin with.",
        span: { start: 0, end: 0 },
        line: this.#lines.line || undefined,
      });
    }
    if (problems.length < 2) return problems;
    return [
      ...problems.filter((problem) => problem.phase === "parser"),
      ...problems.filter((problem) => problem.phase !== "parser"),
    ];
  }
}
