import type { Span } from "../../source/span.ts";
import type { ShellBlock } from "../nodes.ts";
import type { Place } from "./place.ts";

/** What commands stand in. */
export class BlockNode implements ShellBlock {
  declare readonly kind: ShellBlock["kind"];
  declare readonly parent: ShellBlock | undefined;
  readonly #place: Place;
  readonly #start: number;
  readonly #end: number;

  constructor(
    kind: ShellBlock["kind"],
    parent: ShellBlock | undefined,
    place: Place,
    start: number,
    end: number,
  ) {
    this.kind = kind;
    this.parent = parent;
    this.#place = place;
    this.#start = start;
    this.#end = end;
  }

  get span(): Span {
    return this.#place.span(this.#start, this.#end);
  }
}
