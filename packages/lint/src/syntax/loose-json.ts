/** JSON arrays as people write them: with single quotes, without commas, with a comment at the end. */
import type { Word } from "./word.ts";

/** What is wrong with an array. */
export interface LooseFault {
  /** What it is: "single quotes". */
  readonly what: string;
  /** Offsets in the word's text. */
  readonly start: number;
  readonly end: number;
}

/** An array that was meant. */
export interface LooseArray {
  readonly elements: readonly string[];
  /** How the first element was written. */
  readonly first: "quoted" | "bare" | "none";
  /** Whether every element is in quotes. */
  readonly quoted: boolean;
  /** What follows the first element: `,`, `]`, or anything else. */
  readonly afterFirst: string;
  /** The first thing that is wrong; undefined if it is JSON. */
  readonly fault: LooseFault | undefined;
  /** What stands behind the closing bracket; undefined if it is never closed. */
  readonly rest: string | undefined;
}

/** Reads a text that begins with `[`; undefined for any other. Never refuses anything. */
export function readLooseArray({ text }: Word): LooseArray | undefined {
  const open = text.search(/\S/);
  if (text[open] !== "[") return undefined;
  return new LooseReader(text, open + 1).read();
}

class LooseReader {
  readonly #text: string;
  #at: number;
  readonly #elements: string[] = [];
  #fault: LooseFault | undefined;

  constructor(text: string, start: number) {
    this.#text = text;
    this.#at = start;
  }

  read(): LooseArray {
    let first: LooseArray["first"] = "none";
    let quoted = true;
    let afterFirst = "";
    let rest: string | undefined;
    let isAfterComma = true;
    let comma = this.#at;
    while (this.#skipBlanks() < this.#text.length) {
      const character = this.#text[this.#at];
      if (character === "]") {
        if (isAfterComma && this.#elements.length > 0) this.#blame("a comma too many", comma, comma + 1);
        this.#at += 1;
        const end = this.#skipBlanks();
        rest = this.#text.slice(end);
        if (rest !== "") this.#blame("text behind the closing bracket", end, this.#text.length);
        break;
      }
      if (character === ",") {
        if (isAfterComma) this.#blame("a comma too many", this.#at, this.#at + 1);
        isAfterComma = true;
        comma = this.#at;
        this.#at += 1;
        continue;
      }
      const start = this.#at;
      const isQuoted = character === '"' || character === "'";
      const element = isQuoted ? this.#readQuoted(character) : this.#readBare();
      quoted &&= isQuoted;
      if (!isAfterComma) this.#blame("no comma between the elements", start, this.#at);
      isAfterComma = false;
      this.#elements.push(element);
      if (this.#elements.length > 1) continue;
      first = isQuoted ? "quoted" : "bare";
      afterFirst = this.#text[this.#skipBlanks()] ?? "";
    }
    if (rest === undefined)
      this.#blame("no closing bracket", Math.max(0, this.#text.length - 1), this.#text.length);
    return { elements: this.#elements, first, quoted, afterFirst, fault: this.#fault, rest };
  }

  #readQuoted(quote: string): string {
    const start = this.#at;
    let value = "";
    for (let at = start + 1; at < this.#text.length; at += 1) {
      const character = this.#text[at] ?? "";
      if (character === quote) {
        this.#at = at + 1;
        if (quote === "'") this.#blame("single quotes", start, this.#at);
        return value;
      }
      if (character < " ") this.#blame("a raw tab or control character", at, at + 1);
      if (character !== "\\" || quote === "'") {
        value += character;
        continue;
      }
      const escape = /^\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/.exec(this.#text.slice(at, at + 6))?.[0];
      if (escape === undefined) {
        this.#blame(`the escape ${this.#text.slice(at, at + 2)}, which JSON does not know`, at, at + 2);
        value += character;
      } else {
        value += String(JSON.parse(`"${escape}"`));
        at += escape.length - 1;
      }
    }
    this.#at = this.#text.length;
    this.#blame("a quote without its end", start, this.#at);
    return value;
  }

  #readBare(): string {
    const start = this.#at;
    while (this.#at < this.#text.length && !/[\s,\]]/.test(this.#text[this.#at] ?? "")) this.#at += 1;
    const text = this.#text.slice(start, this.#at);
    const curly = /^[“”„‘’](.*)[“”‘’]$/.exec(text);
    this.#blame(curly ? "typographic quotes" : "an element without quotes", start, this.#at);
    return curly?.[1] ?? text;
  }

  #skipBlanks(): number {
    while (this.#at < this.#text.length && /\s/.test(this.#text[this.#at] ?? "")) this.#at += 1;
    return this.#at;
  }

  /** Keeps what comes first in the text. */
  #blame(what: string, start: number, end: number): void {
    if (this.#fault === undefined || start < this.#fault.start) this.#fault = { what, start, end };
  }
}
