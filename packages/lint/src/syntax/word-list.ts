import { isSpace } from "./blank.ts";

/** What parts words: the characters of `isSpace`. */
const BLANK = /[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

/** Collects words: blanks part them unless they were quoted or escaped. */
export class WordList {
  readonly words: string[] = [];
  readonly starts: number[] = [];
  #word = "";
  #start = 0;

  /** Adds text as written in the source, where its blanks part words. */
  addPlain(text: string, start: number): void {
    this.#split(text, start, 1);
  }

  /** Adds the value of a variable: its blanks part words, too, but all of it stands at `start`. */
  addSplit(text: string, start: number): void {
    this.#split(text, start, 0);
  }

  /** Adds text that is not split. */
  addRaw(text: string, start: number): void {
    if (this.#word === "") this.#start = start;
    this.#word += text;
  }

  /** Forgets the word that is not finished. */
  discard(): void {
    this.#word = "";
  }

  finish(): void {
    if (this.#word === "") return;
    this.words.push(this.#word);
    this.starts.push(this.#start);
    this.#word = "";
  }

  #split(text: string, start: number, step: 0 | 1): void {
    if (text === "") return;
    if (!BLANK.test(text)) {
      this.addRaw(text, start);
      return;
    }
    let from = 0;
    for (let at = 0; at <= text.length; at += 1) {
      const blank = at < text.length && isSpace(text.charCodeAt(at));
      if (!blank && at < text.length) continue;
      if (at > from) this.addRaw(text.slice(from, at), start + from * step);
      from = at + 1;
      if (blank) this.finish();
    }
  }
}
