import { fitted } from "../source/fitted.ts";
import { findSeparator, isSeparator, isSpace, skipSpace } from "./blank.ts";
import type { LogicalText } from "./logical-text.ts";
import { Word } from "./word.ts";

const DOUBLE_QUOTE = 34;
const SINGLE_QUOTE = 39;
const NO_WORDS: readonly Word[] = [];

/** Splits at blanks, whatever is quoted: FROM, EXPOSE, and COPY, ADD, VOLUME where they are no JSON. */
export function splitAtBlanks(word: Word): readonly Word[] {
  let words: Word[] | undefined;
  const { logical, end } = word;
  const { text } = logical;
  let at = word.start;
  while (at < end) {
    const start = at;
    at = findSeparator(text, at, end);
    words = withWord(words, cut(logical, start, at));
    while (at < end && isSeparator(text.charCodeAt(at))) at += 1;
  }
  return withoutRoom(words);
}

/** Splits in two at the first blanks; the second is undefined if there are none. */
export function splitOnce(word: Word): [first: Word, second: Word | undefined] {
  const { text } = word.logical;
  let at = findSeparator(text, word.start, word.end);
  const first = cut(word.logical, word.start, at);
  if (at === word.end) return [first, undefined];
  while (at < word.end && isSeparator(text.charCodeAt(at))) at += 1;
  return [first, cut(word.logical, at, word.end)];
}

/** Splits at blanks that are neither quoted nor escaped; quotes and escapes stay: ENV, LABEL, ARG. */
export function splitWords(word: Word, escape: string): readonly Word[] {
  let words: Word[] | undefined;
  const { logical, end } = word;
  const { text } = logical;
  const escapeCode = escape.charCodeAt(0);
  let at = word.start;
  for (;;) {
    at = skipSpace(text, at, end);
    if (at >= end) return withoutRoom(words);
    const start = at;
    let quote = 0;
    let dropped = 0;
    for (; at < end; at += 1) {
      const code = text.charCodeAt(at);
      if (code === escapeCode && quote !== SINGLE_QUOTE) {
        // An escape character at the very end is dropped.
        if (at + 1 === end) dropped = 1;
        else at += 1;
      } else if (quote) {
        if (code === quote) quote = 0;
      } else if (code === DOUBLE_QUOTE || code === SINGLE_QUOTE) {
        quote = code;
      } else if ((code <= 32 || code > 132) && isSpace(code)) {
        break;
      }
    }
    if (at - dropped > start) words = withWord(words, cut(logical, start, at - dropped));
  }
}

function withWord(words: Word[] | undefined, word: Word): Word[] {
  if (words === undefined) return [word];
  words.push(word);
  return words;
}

function withoutRoom(words: Word[] | undefined): readonly Word[] {
  if (words === undefined) return NO_WORDS;
  return words.length === 1 ? words : fitted(words);
}

/** The word that stands between two offsets of the joined text. */
export function cut(logical: LogicalText, start: number, end: number): Word {
  return new Word(logical.text.slice(start, end), logical, start, end);
}
