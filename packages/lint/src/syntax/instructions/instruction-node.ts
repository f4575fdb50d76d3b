import type { Span } from "../../source/span.ts";
import type { LogicalText } from "../logical-text.ts";
import type { Comment, Flag, Heredoc, InstructionBase, OnbuildInstruction } from "../nodes.ts";
import type { Word } from "../word.ts";
import { cut } from "../words.ts";

/** An instruction cut into its parts, before its heredocs are known. */
export interface InstructionParts {
  readonly logical: LogicalText;
  /** Offsets in the joined text. */
  readonly nameStart: number;
  readonly nameEnd: number;
  readonly restStart: number;
  readonly restEnd: number;
  readonly flags: readonly Flag[];
  readonly args: readonly Word[];
  readonly json: boolean;
}

/** What an instruction has beside its joined text. */
export interface Surroundings {
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
 * to define them first and to set them then takes V8 three times as long. What can be cut from the joined text is cut
 * when it is asked for: a large file has a hundred thousand instructions, and most of what is kept for each is copied
 * twice by the garbage collector.
 */
export class InstructionNode implements InstructionBase {
  declare readonly startLine: number;
  declare readonly endLine: number;
  declare readonly logical: LogicalText;
  declare readonly flags: readonly Flag[];
  declare readonly args: readonly Word[];
  declare readonly json: boolean;
  declare readonly heredocs: readonly Heredoc[];
  declare readonly comments: readonly Comment[];
  declare readonly innerComments: readonly Comment[];
  declare readonly blankLines: readonly number[];
  declare readonly onbuild: OnbuildInstruction | undefined;
  declare private readonly nameStart: number;
  declare private readonly nameEnd: number;
  declare private readonly restStart: number;
  declare private readonly restEnd: number;

  constructor(
    { parts, around, onbuild }: NodeSource,
    args: readonly Word[] = parts.args,
    json: boolean = parts.json,
  ) {
    this.startLine = around.startLine;
    this.endLine = around.endLine;
    this.logical = parts.logical;
    this.flags = parts.flags;
    this.args = args;
    this.json = json;
    this.heredocs = around.heredocs;
    this.comments = around.comments;
    this.innerComments = around.innerComments;
    this.blankLines = around.blankLines;
    this.onbuild = onbuild;
    this.nameStart = parts.nameStart;
    this.nameEnd = parts.nameEnd;
    this.restStart = parts.restStart;
    this.restEnd = parts.restEnd;
  }

  get name(): Word {
    return cut(this.logical, this.nameStart, this.nameEnd);
  }

  get rest(): Word {
    return cut(this.logical, this.restStart, this.restEnd);
  }

  get span(): Span {
    return { start: this.logical.toFile(this.nameStart), end: this.end() };
  }

  // Not `#`, which costs V8 a field in each instance.
  private end(): number {
    if (this.onbuild) return this.onbuild.span.end;
    const { logical, heredocs, restStart, restEnd } = this;
    const last = heredocs.at(-1);
    if (last?.terminator) return last.terminator.end;
    const textEnd =
      restStart < restEnd
        ? logical.span(restStart, restEnd).end
        : (this.flags.at(-1)?.span.end ?? logical.span(this.nameStart, this.nameEnd).end);
    return Math.max(textEnd, last?.bodySpan.end ?? 0);
  }
}
