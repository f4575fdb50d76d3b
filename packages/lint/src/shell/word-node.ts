import type { Span } from "../source/span.ts";
import type { ShellWord } from "./nodes.ts";
import type { ShellVariables } from "./variables.ts";

/** A part of a word, as far as its value goes. */
export interface WordPartSource {
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
  readonly parts?: readonly WordPartSource[] | undefined;
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
  readonly text: string;
  readonly span: Span;
  readonly #source: WordSource;
  readonly #variables: ShellVariables;
  #meaning: Meaning | undefined;

  constructor(source: WordSource, span: Span, variables: ShellVariables) {
    this.text = source.text;
    this.span = span;
    this.#source = source;
    this.#variables = variables;
  }

  get value(): string | undefined {
    return this.#mean().value;
  }

  get prefix(): string {
    return this.#mean().prefix;
  }

  get variables(): readonly string[] {
    return this.#mean().variables;
  }

  get glob(): boolean {
    return this.#mean().glob;
  }

  get quoted(): boolean {
    return QUOTES.test(this.text);
  }

  #mean(): Meaning {
    this.#meaning ??= SPECIAL.test(this.text)
      ? this.#workOut()
      : { value: this.text, prefix: this.text, variables: PLAIN, glob: false };
    return this.#meaning;
  }

  #workOut(): Meaning {
    const { parts, value, text } = this.#source;
    if (!parts) {
      const plain = typeof value === "string" ? value : text;
      return { value: plain, prefix: plain, variables: PLAIN, glob: false };
    }
    const collected = new PartCollector(this.#variables);
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
