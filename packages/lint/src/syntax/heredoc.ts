import { expandWord } from "./expansion.ts";
import type { LogicalText } from "./logical-text.ts";
import { Word } from "./word.ts";

/** A word that opens a heredoc. */
export interface HeredocOpening {
  readonly name: string;
  readonly fd: number;
  readonly quoted: boolean;
  readonly stripTabs: boolean;
  readonly word: Word;
}

const nothingSet = (): undefined => undefined;
// The words are cut with a backslash as the escape, whatever the file's directive says.
const ESCAPE = "\\";
const BARE = /^\d*<<$/;
const KEEP = { rawQuotes: true, rawEscapes: true, skipUnset: true };

/** The heredocs that a line opens. Text that cannot be cut into words opens none. */
export function heredocsIn(
  logical: LogicalText,
): HeredocOpening[] | { readonly error: string; readonly word: Word } {
  const { words, starts } = expandWord(logical.text, nothingSet, ESCAPE, KEEP);
  const openings: HeredocOpening[] = [];
  for (const [index, text] of words.entries()) {
    if (!text.includes("<<")) continue;
    const start = starts[index] ?? 0;
    // A blank may stand between << and the name.
    const next = BARE.test(text) ? index + 1 : index;
    const last = starts[next];
    const name = words[next];
    if (last === undefined || name === undefined) continue;
    const end = Math.min(last + name.length, logical.text.length);
    const word = new Word(next > index ? text + name : text, logical, start, end);
    const opening = heredocOf(word);
    if (opening && "error" in opening) return { error: opening.error, word };
    if (opening) openings.push(opening);
  }
  return openings;
}

/** What heredoc a word opens, if any: `\d*<<-?NAME` and nothing else. */
export function heredocOf(word: Word): HeredocOpening | { readonly error: string } | undefined {
  const { text } = word;
  let at = 0;
  while (at < text.length && text.charCodeAt(at) >= 48 && text.charCodeAt(at) <= 57) at += 1;
  const digits = text.slice(0, at);
  if (!text.startsWith("<<", at)) return undefined;
  at += 2;
  const stripTabs = text[at] === "-";
  if (stripTabs) at += 1;
  const raw = text.slice(at);
  if (raw === "" || raw.includes("<")) return undefined;
  const plain = expandWord(raw, nothingSet, ESCAPE, { skipUnset: true });
  if (plain.error !== undefined) return { error: plain.error };
  const name = plain.words[0];
  if (plain.words.length !== 1 || name === undefined) return undefined;
  const kept = expandWord(raw, nothingSet, ESCAPE, KEEP);
  return { name, fd: Number(digits), quoted: kept.words[0] !== name, stripTabs, word };
}
