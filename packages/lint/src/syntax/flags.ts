import { fitted } from "../source/fitted.ts";
import type { Span } from "../source/span.ts";
import { endOf, isSpace, skipSpace } from "./blank.ts";
import type { LogicalText } from "./logical-text.ts";
import type { Flag } from "./nodes.ts";
import { Word } from "./word.ts";

const DOUBLE_QUOTE = 34;
const SINGLE_QUOTE = 39;
const DASH = 45;
const BACKSLASH = 92;
const NONE: readonly Flag[] = [];
/** Neither quotes, nor escapes, nor white space to Go. */
const PLAIN = /[^"'\\\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]*/y;

/** The flags at the start of an instruction's arguments, and where the arguments proper start. */
export interface FlagsAndRest {
  readonly flags: readonly Flag[];
  readonly rest: number;
}

/**
 * Reads flags from `start` on. They end at the first word without `--`, or after a lone `--`.
 * Quotes are taken off; the escape is always a backslash, whatever the directive says.
 */
export function readFlags(logical: LogicalText, start: number, end: number): FlagsAndRest {
  const { text } = logical;
  let at = skipBlanks(text, start, end);
  if (!startsFlag(text, at, end)) return { flags: NONE, rest: skipSpace(text, at, end) };
  const flags: Flag[] = [];
  while (startsFlag(text, at, end)) {
    const word = readFlagWord(logical, at, end);
    at = skipBlanks(text, word.end, end);
    if (word.text === "--") {
      // At the very end `--` ends nothing.
      return { flags: fitted(flags), rest: skipSpace(text, at, end) };
    }
    flags.push(new FlagNode(word));
  }
  return { flags: fitted(flags), rest: skipSpace(text, at, end) };
}

function startsFlag(text: string, at: number, end: number): boolean {
  return at + 1 < end && text.charCodeAt(at) === DASH && text.charCodeAt(at + 1) === DASH;
}

/** BuildKit looks for flags byte by byte, so that white space beyond ASCII is none here. */
function skipBlanks(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && text.charCodeAt(at) <= 32 && isSpace(text.charCodeAt(at))) at += 1;
  return at;
}

function readFlagWord(logical: LogicalText, start: number, end: number): Word {
  const { text } = logical;
  const plainEnd = endOf(PLAIN, text, start, end);
  if (plainEnd === end || isSpace(text.charCodeAt(plainEnd))) {
    return new Word(text.slice(start, plainEnd), logical, start, plainEnd);
  }
  const offsets: number[] = [];
  let value = "";
  let quote = 0;
  let at = start;
  for (; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if (quote ? code === quote : code === DOUBLE_QUOTE || code === SINGLE_QUOTE) {
      quote = quote ? 0 : code;
      continue;
    }
    if (!quote && isSpace(code)) break;
    if (code === BACKSLASH) {
      if (at + 1 === end) continue;
      at += 1;
    }
    offsets.push(at);
    value += text[at];
  }
  return new Word(value, logical, start, at, offsets);
}

/** A flag whose places are worked out when they are asked for. */
class FlagNode implements Flag {
  declare readonly name: string;
  declare readonly value: Word | undefined;
  declare private readonly word: Word;

  constructor(word: Word) {
    const equals = word.text.indexOf("=");
    this.name = word.text.slice(2, equals === -1 ? undefined : equals);
    this.value = equals === -1 ? undefined : word.slice(equals + 1);
    this.word = word;
  }

  get span(): Span {
    return this.word.span;
  }

  get nameSpan(): Span {
    return this.value === undefined ? this.word.span : this.word.spanOf(0, this.name.length + 2);
  }

  get text(): string {
    return this.word.text;
  }
}

/** The kinds of flags: `boolean` may stand alone, `strings` may be repeated. */
export type FlagType = "boolean" | "string" | "strings";

/** Which flags an instruction knows. */
export type KnownFlags = Readonly<Record<string, FlagType>>;
