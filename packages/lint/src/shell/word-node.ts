import type { Span } from "../source/span.ts";
import type { LogicalText } from "../syntax/logical-text.ts";
import type { ShellWord } from "./nodes.ts";
import type { ShellVariables } from "./variables.ts";

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

/** A word as the parser gives it; `parts` is costly and undefined for plain words. */
export interface WordSource {
  readonly text: string;
  readonly value: unknown;
  readonly pos: number;
  readonly end: number;
  readonly parts?: readonly WordPartSource[] | undefined;
}

/** Where words stand: all words of a script share it. */
export interface WordPlace {
  readonly code: LogicalText;
  /** The range of all of them, if they cannot be found one by one. */
  readonly whole: Span | undefined;
  readonly variables: ShellVariables;
}

const QUOTES = /["'\\]/;
const SPECIAL = /[$`*?[\]{}"'\\~<>()!@+]/;
const PLAIN: readonly string[] = [];

interface Meaning {
  readonly value: string | undefined;
  readonly prefix: string;
  readonly variables: readonly string[];
  readonly glob: boolean;
}

/** A word whose meaning is worked out when it is asked for. */
export class WordNode implements ShellWord {
  declare readonly text: string;
  readonly #source: WordSource;
  readonly #place: WordPlace;
  #meaning: Meaning | undefined;
  #plain: boolean | undefined;

  constructor(source: WordSource, place: WordPlace) {
    this.text = source.text;
    this.#source = source;
    this.#place = place;
  }

  get span(): Span {
    const { code, whole } = this.#place;
    return whole ?? code.span(this.#source.pos, this.#source.end);
  }

  get value(): string | undefined {
    return this.#isPlain() ? this.text : this.#mean().value;
  }

  get prefix(): string {
    return this.#isPlain() ? this.text : this.#mean().prefix;
  }

  get variables(): readonly string[] {
    return this.#isPlain() ? PLAIN : this.#mean().variables;
  }

  get glob(): boolean {
    return !this.#isPlain() && this.#mean().glob;
  }

  get quoted(): boolean {
    return QUOTES.test(this.text);
  }

  #isPlain(): boolean {
    this.#plain ??= !SPECIAL.test(this.text);
    return this.#plain;
  }

  #mean(): Meaning {
    this.#meaning ??= this.#workOut();
    return this.#meaning;
  }

  #workOut(): Meaning {
    const { parts, value, text } = this.#source;
    if (!parts) {
      const plain = typeof value === "string" ? value : text;
      return { value: plain, prefix: plain, variables: PLAIN, glob: false };
    }
    const collected = new PartCollector(this.#place.variables);
    collected.add(parts);
    return collected.meaning();
  }
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
      variables: this.#names,
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
