import type { Span } from "../../source/span.ts";
import type { Word } from "../../syntax/nodes.ts";
import type { ShellWord } from "../nodes.ts";

const NONE: readonly string[] = [];

/** A word that no shell reads: it means what it is. */
export class LiteralNode implements ShellWord {
  declare readonly text: string;
  readonly #word: Word;

  constructor(word: Word) {
    this.text = word.text;
    this.#word = word;
  }

  get value(): string {
    return this.text;
  }

  get prefix(): string {
    return this.text;
  }

  get quoted(): boolean {
    return true;
  }

  get glob(): boolean {
    return false;
  }

  get variables(): readonly string[] {
    return NONE;
  }

  get span(): Span {
    return this.#word.span;
  }
}
