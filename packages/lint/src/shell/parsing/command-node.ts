import type { Span } from "../../source/span.ts";
import type {
  Joiner,
  ShellAssignment,
  ShellBlock,
  ShellCommand,
  ShellPipeline,
  ShellRedirect,
  ShellWord,
} from "../nodes.ts";
import { baseName } from "../../source/path.ts";
import type { Place } from "./place.ts";

/** What a command is made of. */
export interface CommandParts extends Omit<ShellCommand, "name" | "pipeline" | "span"> {
  readonly pipeline: ShellPipeline | undefined;
  readonly place: Place;
  /** Where it begins and ends in the place. */
  readonly start: number;
  readonly end: number;
}

/** A command whose name and range are worked out when they are asked for. */
export class CommandNode implements ShellCommand {
  declare readonly index: number;
  declare readonly words: readonly ShellWord[];
  declare readonly assignments: readonly ShellAssignment[];
  declare readonly redirects: readonly ShellRedirect[];
  declare readonly block: ShellBlock;
  declare readonly before: Joiner;
  declare readonly after: Joiner;
  declare readonly negated: boolean;
  readonly #place: Place;
  readonly #start: number;
  readonly #end: number;
  readonly #pipeline: ShellPipeline | undefined;

  constructor(parts: CommandParts) {
    this.index = parts.index;
    this.words = parts.words;
    this.assignments = parts.assignments;
    this.redirects = parts.redirects;
    this.block = parts.block;
    this.before = parts.before;
    this.after = parts.after;
    this.negated = parts.negated;
    this.#place = parts.place;
    this.#start = parts.start;
    this.#end = parts.end;
    this.#pipeline = parts.pipeline;
  }

  get span(): Span {
    return this.#place.span(this.#start, this.#end);
  }

  get name(): string | undefined {
    return baseName(this.words[0]?.value);
  }

  get pipeline(): ShellPipeline {
    return this.#pipeline ?? { length: 1, commands: [this], span: this.span };
  }
}
