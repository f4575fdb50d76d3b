/**
 * Expansion of a word as BuildKit does it: quotes, escapes, `$name` and `${name…}` with the operators
 * `:- - :+ + :? ? # ## % %% / //`. Errors are data.
 */
import { cutMatch, readPattern, replaceMatches, type Pattern } from "./pattern.ts";
import { endOfName } from "./variable-name.ts";
import { WordList } from "./word-list.ts";

/** Says that a variable may have a value, but which one is not known. */
export const UNKNOWN: unique symbol = Symbol("unknown");

/** Gives the value of a variable: undefined if it is not set. */
export type Lookup = (name: string) => string | undefined | typeof UNKNOWN;

export interface ExpansionOptions {
  /** Keep quotes in the result. Default false. */
  readonly rawQuotes?: boolean;
  /** Keep escape characters in the result. Default false. */
  readonly rawEscapes?: boolean;
  /** Leave variables that are not set as they are. Default false: they become empty. */
  readonly skipUnset?: boolean;
}

/** A use of a variable in a word. */
interface RawUse {
  readonly name: string;
  /** The offsets in the word, from the `$` to the end. */
  readonly start: number;
  readonly end: number;
  /** Whether the word says what to do if the variable is not set. */
  readonly guarded: boolean;
  /** Whether the lookup knew it. */
  readonly set: boolean;
}

/** What a word becomes. */
export interface ExpandedWord {
  /** As one word; empty after an error. */
  readonly text: string;
  /** As words: split at blanks that are neither quoted nor escaped. */
  readonly words: readonly string[];
  /** Where in the source each of `words` starts. */
  readonly starts: readonly number[];
  readonly uses: readonly RawUse[];
  /** Whether the result depends on a value that is not known. */
  readonly unknown: boolean;
  readonly error: string | undefined;
}

const END = -1;
const DOUBLE_QUOTE = 34;
const DOLLAR = 36;
const SINGLE_QUOTE = 39;
const SLASH = 47;
const COLON = 58;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;
// Deeper nesting than any person writes; the recursion has to end before the stack does.
const DEPTH_LIMIT = 500;
// Values that hold values grow beyond all bounds within a few lines: `ENV A=$A$A`.
const LENGTH_LIMIT = 1 << 18;

/** Expands a word. A `$name` that the lookup does not know becomes empty. */
export function expandWord(
  source: string,
  lookup: Lookup,
  escape: string,
  options: ExpansionOptions = {},
): ExpandedWord {
  return new Expander(source, lookup, escape, options).run();
}

class ExpansionError extends Error {}

class Expander {
  readonly #source: string;
  readonly #lookup: Lookup;
  readonly #escape: number;
  readonly #rawQuotes: boolean;
  readonly #skipUnset: boolean;
  #rawEscapes: boolean;
  #at = 0;
  #depth = 0;
  #length = 0;
  #unknown = false;
  readonly #uses: RawUse[] = [];
  readonly #words = new WordList();

  constructor(source: string, lookup: Lookup, escape: string, options: ExpansionOptions) {
    this.#source = source;
    this.#lookup = lookup;
    this.#escape = escape.charCodeAt(0);
    this.#rawQuotes = options.rawQuotes ?? false;
    this.#rawEscapes = options.rawEscapes ?? false;
    this.#skipUnset = options.skipUnset ?? false;
  }

  run(): ExpandedWord {
    let text = "";
    let error: string | undefined;
    try {
      text = this.#upTo(END, this.#rawEscapes, this.#words);
      this.#words.finish();
    } catch (thrown) {
      if (!(thrown instanceof ExpansionError)) throw thrown;
      error = thrown.message;
    }
    const split = error === undefined ? this.#words : new WordList();
    return {
      text: error === undefined ? text : "",
      words: split.words,
      starts: split.starts,
      uses: this.#uses,
      unknown: this.#unknown,
      error,
    };
  }

  #peek(): number {
    return this.#at < this.#source.length ? this.#source.charCodeAt(this.#at) : END;
  }

  #upTo(stop: number, rawEscapes: boolean, words?: WordList): string {
    if (this.#depth >= DEPTH_LIMIT) throw new ExpansionError("substitutions are nested too deeply");
    this.#depth += 1;
    const outer = this.#rawEscapes;
    this.#rawEscapes = rawEscapes;
    const source = this.#source;
    let result = "";
    while (this.#at < source.length) {
      const start = this.#at;
      const code = source.charCodeAt(start);
      if (code === stop) {
        this.#at += 1;
        this.#rawEscapes = outer;
        this.#depth -= 1;
        return result;
      }
      if (code === SINGLE_QUOTE || code === DOUBLE_QUOTE) {
        const quoted = code === SINGLE_QUOTE ? this.#singleQuoted() : this.#doubleQuoted();
        result += quoted;
        words?.addRaw(quoted, start);
      } else if (code === DOLLAR) {
        const value = this.#dollar();
        result += value;
        words?.addSplit(value, start);
      } else if (code === this.#escape) {
        this.#at += 1;
        if (this.#rawEscapes) {
          result += source[start];
          words?.addRaw(source[start] ?? "", start);
        }
        const next = source[this.#at];
        if (next === undefined) break;
        this.#at += 1;
        result += next;
        words?.addRaw(next, start);
      } else {
        const end = this.#plainEnd(stop);
        const plain = source.slice(start, end);
        this.#at = end;
        result += plain;
        words?.addPlain(plain, start);
      }
    }
    this.#rawEscapes = outer;
    this.#depth -= 1;
    if (stop !== END) {
      throw new ExpansionError(
        `unexpected end of statement while looking for matching ${String.fromCharCode(stop)}`,
      );
    }
    return result;
  }

  #plainEnd(stop: number): number {
    const source = this.#source;
    let at = this.#at + 1;
    for (; at < source.length; at += 1) {
      const code = source.charCodeAt(at);
      if (code === SINGLE_QUOTE || code === DOUBLE_QUOTE || code === DOLLAR || code === this.#escape) break;
      if (code === stop) break;
    }
    return at;
  }

  #singleQuoted(): string {
    const close = this.#source.indexOf("'", this.#at + 1);
    if (close === -1) {
      this.#at = this.#source.length;
      throw new ExpansionError("unexpected end of statement while looking for matching single-quote");
    }
    const start = this.#at;
    this.#at = close + 1;
    return this.#rawQuotes ? this.#source.slice(start, close + 1) : this.#source.slice(start + 1, close);
  }

  #doubleQuoted(): string {
    const source = this.#source;
    let result = this.#rawQuotes ? '"' : "";
    this.#at += 1;
    for (;;) {
      const code = this.#peek();
      if (code === END) {
        throw new ExpansionError("unexpected end of statement while looking for matching double-quote");
      }
      if (code === DOUBLE_QUOTE) {
        this.#at += 1;
        return this.#rawQuotes ? `${result}"` : result;
      }
      if (code === DOLLAR) {
        result += this.#dollar();
      } else if (code === this.#escape) {
        this.#at += 1;
        if (this.#rawEscapes) result += String.fromCharCode(code);
        const next = this.#peek();
        if (next === END) continue;
        if (next === DOUBLE_QUOTE || next === DOLLAR || next === this.#escape) {
          result += source[this.#at];
          this.#at += 1;
        } else {
          result += String.fromCharCode(code);
        }
      } else {
        const start = this.#at;
        this.#at = this.#plainEnd(DOUBLE_QUOTE);
        // A single quote ends a plain stretch only outside of double quotes.
        result += source.slice(start, this.#at);
      }
    }
  }

  #dollar(): string {
    const start = this.#at;
    this.#at += 1;
    if (this.#peek() !== OPEN_BRACE) {
      const name = this.#name();
      if (name === "") return "$";
      const value = this.#use(name, start, false);
      return value === undefined ? (this.#skipUnset ? `$${name}` : "") : value;
    }
    this.#at += 1;
    const first = this.#peek();
    if (first === END) throw new ExpansionError("syntax error: missing '}'");
    if (first === OPEN_BRACE || first === CLOSE_BRACE || first === COLON) {
      throw new ExpansionError("syntax error: bad substitution");
    }
    const name = this.#name();
    return this.#braced(name, start);
  }

  /** What follows the name in `${name…}`. */
  #braced(name: string, start: number): string {
    let operator = this.#source[this.#at] ?? "";
    this.#at += 1;
    if (operator === "}") {
      const value = this.#use(name, start, false);
      return value === undefined ? (this.#skipUnset ? `\${${name}}` : "") : value;
    }
    if (operator === "/") return this.#replace(name, start);
    const emptyIsUnset = operator === ":";
    if (emptyIsUnset) {
      operator = this.#source[this.#at] ?? "";
      this.#at += 1;
    }
    const modifier = emptyIsUnset ? `:${operator}` : operator;
    const cuts = operator === "#" || operator === "%";
    const guards = operator === "-" || operator === "+" || operator === "?";
    // After a colon anything else is read up to the brace, and then refused.
    if (emptyIsUnset ? cuts : !cuts && !guards) {
      throw new ExpansionError(`unsupported modifier (${modifier}) in substitution`);
    }
    const word = this.#operand(CLOSE_BRACE, cuts, "syntax error: missing '}'");
    const value = this.#use(name, start, guards);
    const missing = value === undefined || (emptyIsUnset && value === "");
    switch (operator) {
      case "-":
        if (!missing) return value;
        return word;
      case "+":
        return missing ? "" : word;
      case "?":
        if (!missing || this.#lookup(name) === UNKNOWN) return value ?? "";
        throw new ExpansionError(
          `${name}: ${word || `is not allowed to be ${value === undefined ? "unset" : "empty"}`}`,
        );
      case "#":
      case "%": {
        const greedy = word.startsWith(operator);
        const pattern = this.#pattern(greedy ? word.slice(1) : word);
        return cutMatch(value ?? "", pattern, operator, greedy);
      }
      default:
        throw new ExpansionError(`unsupported modifier (${modifier}) in substitution`);
    }
  }

  #operand(stop: number, rawEscapes: boolean, missing: string): string {
    const depth = this.#depth;
    const outer = this.#rawEscapes;
    // BuildKit reads the operand into the buffer that holds the word so far, which is lost:
    // as words, `80${P:-81}` is `81`.
    this.#words.discard();
    try {
      return this.#upTo(stop, rawEscapes);
    } catch (error) {
      this.#depth = depth;
      this.#rawEscapes = outer;
      if (error instanceof ExpansionError && this.#peek() === END) throw new ExpansionError(missing);
      throw error;
    }
  }

  #replace(name: string, start: number): string {
    const all = this.#peek() === SLASH;
    if (all) this.#at += 1;
    const text = this.#operand(SLASH, true, "syntax error: missing '/' in ${}");
    const replacement = this.#operand(CLOSE_BRACE, true, "syntax error: missing '}'");
    const value = this.#use(name, start, false);
    if (value === undefined && this.#skipUnset) return `\${${name}/${text}/${replacement}}`;
    const pattern = this.#pattern(text);
    const grow = (): void => this.#grow(replacement.length);
    return replaceMatches(value ?? "", pattern, replacement, all, grow);
  }

  #pattern(text: string): Pattern {
    const pattern = readPattern(text);
    if ("error" in pattern) {
      throw new ExpansionError(`invalid pattern (${text}) in substitution: ${pattern.error}`);
    }
    return pattern;
  }

  #use(name: string, start: number, guarded: boolean): string | undefined {
    const value = this.#lookup(name);
    this.#uses.push({ name, start, end: this.#at, guarded, set: value !== undefined });
    if (value === UNKNOWN) {
      this.#unknown = true;
      return "";
    }
    this.#grow(value?.length ?? 0);
    return value;
  }

  #grow(length: number): void {
    this.#length += length;
    if (this.#length > LENGTH_LIMIT) throw new ExpansionError("the value is too long");
  }

  #name(): string {
    const start = this.#at;
    this.#at = endOfName(this.#source, start);
    return this.#source.slice(start, this.#at);
  }
}
