import type { Span } from "../../source/span.ts";
import { fitted } from "../../source/fitted.ts";
import type { ShellWord } from "../nodes.ts";
import type { Place } from "./place.ts";
import type { ShellVariables } from "../variables.ts";

/** A part of a word, as far as its value goes. */
interface WordPartSource {
  readonly type: string;
  readonly text: string;
  readonly value?: string;
  readonly parts?: readonly WordPartSource[] | undefined;
  readonly parameter?: string;
  readonly prefix?: unknown;
  readonly index?: unknown;
  readonly operation?: unknown;
}

/** A word whose meaning is to be worked out, as the parser gives it; to ask it for `parts` is costly. */
export interface WordSource {
  readonly value: unknown;
  readonly parts?: readonly WordPartSource[] | undefined;
}

const QUOTES = /["'\\]/;
const SPECIAL = /[$`[\]{}"'\\~<>()!]/;
const GLOB = /[*?]/;
const PLAIN: readonly string[] = [];

/** Whether each word of a text means what is written: no quotes, no variables, no patterns but `*` and `?`. */
export function isPlain(text: string): boolean {
  return !SPECIAL.test(text);
}

interface Meaning {
  readonly value: string | undefined;
  readonly prefix: string;
  readonly variables: readonly string[];
  readonly glob: boolean;
}

/** A word whose meaning is worked out when it is asked for. */
export class WordNode implements ShellWord {
  declare readonly text: string;
  readonly #place: Place;
  readonly #start: number;
  readonly #end: number;
  // Undefined for a plain word, and again when its meaning is known: it holds on to much of what the parser made.
  #source: WordSource | undefined;
  #meaning: Meaning | undefined;

  constructor(text: string, place: Place, start: number, end: number, source: WordSource | undefined) {
    this.text = text;
    this.#place = place;
    this.#start = start;
    this.#end = end;
    this.#source = source;
    this.#meaning = undefined;
  }

  get span(): Span {
    return this.#place.span(this.#start, this.#end);
  }

  // Both spare most words the call, which have nothing to be worked out: nothing is asked as often.
  get value(): string | undefined {
    const meaning = this.#source === undefined ? this.#meaning : WordNode.#mean(this);
    return meaning === undefined ? this.text : meaning.value;
  }

  get prefix(): string {
    const meaning = this.#source === undefined ? this.#meaning : WordNode.#mean(this);
    return meaning === undefined ? this.text : meaning.prefix;
  }

  get variables(): readonly string[] {
    return WordNode.#mean(this)?.variables ?? PLAIN;
  }

  get glob(): boolean {
    return WordNode.#mean(this)?.glob ?? GLOB.test(this.text);
  }

  get quoted(): boolean {
    return QUOTES.test(this.text);
  }

  // Static, since private methods cost V8 a field in each instance.
  static #mean(word: WordNode): Meaning | undefined {
    if (word.#source === undefined) return word.#meaning;
    word.#meaning = meaningOf(word.#source, word.text, word.#place.variables);
    word.#source = undefined;
    return word.#meaning;
  }
}

function meaningOf(source: WordSource, text: string, variables: ShellVariables): Meaning {
  const { parts } = source;
  if (!parts) {
    const plain = typeof source.value === "string" ? source.value : text;
    return { value: plain, prefix: plain, variables: PLAIN, glob: false };
  }
  const collected = new PartCollector(variables);
  collected.add(parts);
  return collected.meaning();
}

class PartCollector {
  readonly #known: ShellVariables;
  readonly #names: string[] = [];
  #prefix = "";
  #unknown = false;
  #glob = false;

  constructor(known: ShellVariables) {
    this.#known = known;
  }

  add(parts: readonly WordPartSource[]): void {
    for (const part of parts) this.#part(part);
  }

  meaning(): Meaning {
    return {
      value: this.#unknown ? undefined : this.#prefix,
      prefix: this.#prefix,
      variables: fitted(this.#names),
      glob: this.#glob,
    };
  }

  #part(part: WordPartSource): void {
    switch (part.type) {
      case "Literal":
      case "SingleQuoted":
      case "AnsiCQuoted":
        this.#literal(part.value ?? part.text);
        break;
      case "DoubleQuoted":
      case "LocaleString":
        this.add(part.parts ?? []);
        break;
      case "Glob":
      case "ExtendedGlob":
      case "BraceExpansion":
        this.#glob = true;
        this.#literal(part.value ?? part.text);
        break;
      case "SimpleExpansion":
        this.#variable(part.text.slice(1), true);
        break;
      case "ParameterExpansion":
        this.#variable(part.parameter ?? "", !part.operation && !part.index && !part.prefix);
        break;
      default:
        this.#unknown = true;
    }
  }

  #literal(text: string): void {
    if (!this.#unknown) this.#prefix += text;
  }

  #variable(name: string, plain: boolean): void {
    this.#names.push(name);
    const value = plain ? this.#known.value(name) : undefined;
    if (value === undefined) this.#unknown = true;
    else this.#literal(value);
  }
}
