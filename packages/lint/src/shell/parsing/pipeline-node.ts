import type { Span } from "../../source/span.ts";
import type { ShellCommand, ShellPipeline } from "../nodes.ts";
import type { Place } from "./place.ts";

/** Commands joined by `|`. */
export class PipelineNode implements ShellPipeline {
  declare readonly length: number;
  /** Grows while the pipeline is read. */
  declare commands: ShellCommand[];
  readonly #place: Place;
  readonly #start: number;
  readonly #end: number;

  constructor(length: number, place: Place, start: number, end: number) {
    this.length = length;
    this.commands = [];
    this.#place = place;
    this.#start = start;
    this.#end = end;
  }

  get span(): Span {
    return this.#place.span(this.#start, this.#end);
  }
}
