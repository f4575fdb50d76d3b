import type { Span } from "../../source/span.ts";
import type { LogicalText } from "../logical-text.ts";
import type { Comment, Flag, Heredoc, InstructionBase, OnbuildInstruction } from "../nodes.ts";
import type { Word } from "../word.ts";

/** An instruction cut into its parts, before its heredocs are known. */
export interface InstructionParts {
  readonly logical: LogicalText;
  readonly name: Word;
  readonly flags: readonly Flag[];
  readonly rest: Word;
  readonly args: readonly Word[];
  readonly json: boolean;
}

/** What an instruction has beside its joined text. */
export interface Surroundings {
  readonly span: Span;
  readonly startLine: number;
  readonly endLine: number;
  readonly heredocs: readonly Heredoc[];
  readonly comments: readonly Comment[];
  readonly innerComments: readonly Comment[];
  readonly blankLines: readonly number[];
}

/** What a node is made of. */
export interface NodeSource {
  readonly parts: InstructionParts;
  readonly around: Surroundings;
  readonly onbuild: OnbuildInstruction | undefined;
}

/**
 * What all instructions have. The fields are declared and not defined, here and in other classes with many instances:
 * to define them first and to set them then takes V8 three times as long.
 */
export class InstructionNode implements InstructionBase {
  declare readonly name: Word;
  declare readonly span: Span;
  declare readonly startLine: number;
  declare readonly endLine: number;
  declare readonly logical: LogicalText;
  declare readonly flags: readonly Flag[];
  declare readonly rest: Word;
  declare readonly args: readonly Word[];
  declare readonly json: boolean;
  declare readonly heredocs: readonly Heredoc[];
  declare readonly comments: readonly Comment[];
  declare readonly innerComments: readonly Comment[];
  declare readonly blankLines: readonly number[];
  declare readonly onbuild: OnbuildInstruction | undefined;

  constructor(
    { parts, around, onbuild }: NodeSource,
    args: readonly Word[] = parts.args,
    json: boolean = parts.json,
  ) {
    this.name = parts.name;
    this.span = onbuild ? { start: parts.name.span.start, end: around.span.end } : around.span;
    this.startLine = around.startLine;
    this.endLine = around.endLine;
    this.logical = parts.logical;
    this.flags = parts.flags;
    this.rest = parts.rest;
    this.args = args;
    this.json = json;
    this.heredocs = around.heredocs;
    this.comments = around.comments;
    this.innerComments = around.innerComments;
    this.blankLines = around.blankLines;
    this.onbuild = onbuild;
  }
}
