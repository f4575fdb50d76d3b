/** The examples of rules: what their marks mean, and the context they speak of. For tests, docs and `explain`. */
import type { Span } from "../source/span.ts";
import { contextFacts, type ContextFacts, type FolderListing } from "./facts/context-facts.ts";
import type { BadExample } from "./rule.ts";
import type { RegistryFacts } from "./facts/registry-facts.ts";
import type { ShellChecker } from "./facts/shell-checker.ts";

const OPEN = "⟦";
const CLOSE = "⟧";

/** A text without its marks, and what they stood around. */
export interface MarkedText {
  readonly text: string;
  /** In order of their starts. */
  readonly spans: readonly Span[];
}

/** Takes the marks `⟦…⟧` out of an example; they may be nested. */
export function readMarks(marked: string): MarkedText {
  let text = "";
  const open: number[] = [];
  const spans: Span[] = [];
  for (const character of marked) {
    if (character === OPEN) open.push(text.length);
    else if (character === CLOSE) {
      const start = open.pop();
      if (start === undefined) throw new Error(`The example closes a mark that it did not open: ${marked}`);
      spans.push({ start, end: text.length });
    } else text += character;
  }
  if (open.length > 0) throw new Error(`The example opens a mark that it does not close: ${marked}`);
  return { text, spans: spans.sort((left, right) => left.start - right.start || left.end - right.end) };
}

/** The context of an example, or undefined where it has none. */
export function exampleContext(
  example: Pick<BadExample, "files" | "dockerignore">,
): ContextFacts | undefined {
  const { files, dockerignore } = example;
  if (files === undefined && dockerignore === undefined) return undefined;
  const all = new Map(Object.entries(files ?? {}));
  if (dockerignore !== undefined) all.set(".dockerignore", readMarks(dockerignore).text);
  const ignoreText = all.get(".dockerignore");
  return contextFacts({
    path: ".",
    ignoreFile: ignoreText === undefined ? undefined : { path: ".dockerignore", text: String(ignoreText) },
    list: (folder) => listFolder(all, folder),
    exists: (path) => all.has(path) || [...all.keys()].some((file) => file.startsWith(`${path}/`)),
  });
}

/** The registries of an example, or undefined where none were asked. */
export function exampleRegistry({ registry }: Pick<BadExample, "registry">): RegistryFacts | undefined {
  if (registry === undefined) return undefined;
  const entries = Object.entries(registry);
  return new Map(entries.map(([text, digest]) => [text, { digest, evidence: "The registry says so." }]));
}

/** The ShellCheck of an example, or undefined where it has none. */
export function exampleShellChecker({
  shellFindings,
}: Pick<BadExample, "shellFindings">): ShellChecker | undefined {
  if (shellFindings === undefined) return undefined;
  return (scripts) =>
    scripts.flatMap(({ text }, script) =>
      shellFindings.flatMap(({ at, newText, ...finding }) => {
        const start = text.indexOf(at);
        const place = { start, end: start + at.length };
        const replacements = newText === undefined ? [] : [{ ...place, newText }];
        const isThere = start !== -1 && text.charAt(start - 1) !== '"';
        return isThere ? [{ ...finding, ...place, script, replacements }] : [];
      }),
    );
}

function listFolder(files: ReadonlyMap<string, string | number>, folder: string): FolderListing[] {
  const prefix = folder === "" ? "" : `${folder}/`;
  const listing = new Map<string, FolderListing>();
  for (const [path, content] of files) {
    if (!path.startsWith(prefix)) continue;
    const [name = "", ...below] = path.slice(prefix.length).split("/");
    const size = typeof content === "number" ? content : content.length;
    if (below.length > 0) listing.set(name, { name, type: "directory", size: 0 });
    else listing.set(name, { name, type: "file", size });
  }
  return [...listing.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
}
