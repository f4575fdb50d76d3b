import type { Span } from "../source/span.ts";
import type {
  Joiner,
  ShellAssignment,
  ShellBlock,
  ShellCommand,
  ShellPipeline,
  ShellRedirect,
  ShellWord,
} from "./nodes.ts";

/** What a command is made of. */
export interface CommandParts extends Omit<ShellCommand, "name" | "pipeline"> {
  readonly pipeline: ShellPipeline | undefined;
}

/** A command whose name is worked out when it is asked for. */
export class CommandNode implements ShellCommand {
  declare readonly index: number;
  declare readonly words: readonly ShellWord[];
  declare readonly assignments: readonly ShellAssignment[];
  declare readonly redirects: readonly ShellRedirect[];
  declare readonly span: Span;
  declare readonly block: ShellBlock;
  declare readonly before: Joiner;
  declare readonly after: Joiner;
  declare readonly negated: boolean;
  #pipeline: ShellPipeline | undefined;
  #name: string | undefined;

  constructor(parts: CommandParts) {
    this.index = parts.index;
    this.words = parts.words;
    this.assignments = parts.assignments;
    this.redirects = parts.redirects;
    this.span = parts.span;
    this.block = parts.block;
    this.before = parts.before;
    this.after = parts.after;
    this.negated = parts.negated;
    this.#pipeline = parts.pipeline;
  }

  get name(): string | undefined {
    const value = this.words[0]?.value;
    if (value === undefined) return undefined;
    this.#name ??= value.slice(value.lastIndexOf("/") + 1);
    return this.#name;
  }

  get pipeline(): ShellPipeline {
    this.#pipeline ??= { length: 1, commands: [this], span: this.span };
    return this.#pipeline;
  }
}
