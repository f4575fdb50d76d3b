/** The variables that a shell script reads, where they stand. */
import type { Script, ShellWord } from "../../shell/nodes.ts";
import type { SourceFile } from "../../source/source-file.ts";
import type { Span } from "../../source/span.ts";

/** A variable in a script. */
export interface ShellUse {
  readonly name: string;
  /** From the `$` to the end of the name, or to the closing brace; the whole word where that cannot be told. */
  readonly span: Span;
}

/** What a script reads, in order of appearance; what it sets itself is left out. */
export function shellUses(script: Script, source: SourceFile): ShellUse[] {
  if (script.form === "exec") return [];
  const uses: ShellUse[] = [];
  const add = (word: ShellWord | undefined): void => {
    if (word === undefined) return;
    for (const name of word.variables)
      if (!script.sets(name)) uses.push({ name, span: placeIn(word, name, source) });
  };
  for (const { words, assignments, redirects } of script.commands) {
    for (const { value } of assignments) add(value);
    for (const word of words) add(word);
    for (const { target } of redirects) add(target);
  }
  return uses;
}

function placeIn({ span }: ShellWord, name: string, source: SourceFile): Span {
  const text = source.slice(span);
  for (let at = text.indexOf("$"); at !== -1; at = text.indexOf("$", at + 1)) {
    const brace = text[at + 1] === "{";
    const start = at + (brace ? 2 : 1);
    const end = start + name.length;
    if (!text.startsWith(name, start) || /\w/.test(text[end] ?? "")) continue;
    const close = brace ? text.indexOf("}", end) : -1;
    return { start: span.start + at, end: span.start + (close === -1 ? end : close + 1) };
  }
  return span;
}
