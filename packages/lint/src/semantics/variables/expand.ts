import { isSpace } from "../../syntax/blank.ts";
import { expandWord, UNKNOWN } from "../../syntax/expansion.ts";
import type { EscapeCharacter, Word } from "../../syntax/nodes.ts";
import type { Expansion, Variable, VariableUse } from "../model.ts";

const NO_USES: readonly VariableUse[] = [];

/** Looks variables up where a word stands. */
export interface Surrounding {
  readonly escape: EscapeCharacter;
  variable(name: string): Variable | undefined;
  /** Whether a variable that the file does not define may come from somewhere else: the base image. */
  readonly open: boolean;
}

/** What a word becomes in which nothing stands for anything else: itself. Most words are such. */
class PlainExpansion implements Expansion {
  declare readonly value: string;

  constructor(text: string) {
    this.value = text;
  }

  get whenUnset(): string {
    return this.value;
  }

  get words(): readonly string[] {
    return splitPlain(this.value);
  }

  get undefined(): readonly VariableUse[] {
    return NO_USES;
  }

  get uses(): readonly VariableUse[] {
    return NO_USES;
  }

  get error(): undefined {
    return undefined;
  }
}

/** Expands a word in which nothing stands for anything else, which is the same everywhere; undefined for others. */
export function expandPlain({ text }: Word, escape: EscapeCharacter): Expansion | undefined {
  return isPlain(text, escape) ? new PlainExpansion(text) : undefined;
}

/** Expands a word with what is known at its place. */
export function expand(word: Word, surrounding: Surrounding): Expansion {
  const plain = expandPlain(word, surrounding.escape);
  if (plain !== undefined) return plain;
  const result = expandWord(
    word.text,
    (name) => {
      const variable = surrounding.variable(name);
      if (variable) return variable.known ? variable.value : UNKNOWN;
      return surrounding.open ? UNKNOWN : undefined;
    },
    surrounding.escape,
  );
  const vague = result.error !== undefined || result.unknown;
  const uses: VariableUse[] = [];
  let undefinedUses: VariableUse[] | undefined;
  let usesBare = false;
  let bare = false;
  for (const { name, start, end, guarded } of result.uses) {
    const variable = surrounding.variable(name);
    const use = { name, span: word.spanOf(start, end), guarded };
    uses.push(use);
    if (variable === undefined) (undefinedUses ??= []).push(use);
    if (!isBareArg(variable)) continue;
    // It is meant to be given: without its value nothing can be said, unless the word has a default for it.
    usesBare = true;
    if (!guarded) bare = true;
  }
  return {
    value: vague || bare ? undefined : result.text,
    whenUnset: vague ? undefined : result.text,
    words: vague || bare ? undefined : result.words,
    undefined: undefinedUses ?? NO_USES,
    uses,
    // `${NAME:?}` of an ARG that has to be given is no error as long as nobody knows what is given.
    error: usesBare ? undefined : result.error,
  };
}

function isBareArg(variable: Variable | undefined): boolean {
  return variable !== undefined && variable.known && variable.value === undefined;
}

/** What stands for something else, by escape character. */
const MEANINGFUL: Readonly<Record<EscapeCharacter, RegExp>> = { "\\": /["$'\\]/, "`": /["$'`]/ };

function isPlain(text: string, escape: EscapeCharacter): boolean {
  return !MEANINGFUL[escape].test(text);
}

function splitPlain(text: string): readonly string[] {
  for (let at = 0; at < text.length; at += 1) {
    if (!isSpace(text.charCodeAt(at))) continue;
    return text.split(/\s+/).filter((part) => part !== "");
  }
  return text === "" ? [] : [text];
}
