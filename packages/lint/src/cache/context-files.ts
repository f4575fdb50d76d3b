/** What the forecast asks about the build context. */
import type { ContextFacts } from "../linter/facts/context-facts.ts";

/** A builder of the engine. The two do not agree on what an ignore file lets in. */
export type Builder = "buildkit" | "classic";

/** The context's folder. */
export interface ContextFiles {
  /** Whether the ignore file keeps a path out. */
  isIgnored(path: string, builder: Builder): boolean;
  /** Whether something in a folder that is kept out may be let in again. */
  mayHoldSent(folder: string): boolean;
  /** Undefined for what is not there. */
  typeOf(path: string): "file" | "directory" | "other" | undefined;
  /** The path with its links followed, as COPY follows those of a source that it names. */
  resolve(path: string): string;
  /** Links that are sent, by their paths, and what each leads to within the context. */
  readonly links: ReadonlyMap<string, string>;
}

/** Nothing is known: every path is sent, and none is known to be there. */
export const UNKNOWN_CONTEXT: ContextFiles = {
  isIgnored: () => false,
  mayHoldSent: () => true,
  typeOf: () => undefined,
  resolve: (path) => path,
  links: new Map(),
};

/** The files of a context that is known as facts; `resolve` follows links. */
export function contextFiles(facts: ContextFacts, resolve: ContextFiles["resolve"]): ContextFiles {
  let links: ReadonlyMap<string, string> | undefined;
  return {
    isIgnored: (path, builder) => facts.ignore.ignores(path, builder),
    mayHoldSent: (folder) =>
      !facts.ignore.skipsFolder(folder, "buildkit") || !facts.ignore.skipsFolder(folder, "classic"),
    typeOf: (path) => {
      if (path === "") return "directory";
      const at = path.lastIndexOf("/");
      const name = path.slice(at + 1);
      const entry = facts.source.list(path.slice(0, Math.max(0, at))).find((one) => one.name === name);
      if (entry === undefined) return undefined;
      return entry.type === "file" || entry.type === "directory" ? entry.type : "other";
    },
    resolve,
    get links() {
      links ??= new Map(
        facts.entries.flatMap(({ path, type }) => (type === "link" ? [[path, resolve(path)] as const] : [])),
      );
      return links;
    },
  };
}

/**
 * What a change of some paths is for a builder. BuildKit takes a link in a folder for its text; the classic builder for the
 * content of the file that it leads to, so that the text itself does not matter.
 */
export function changedFor(
  builder: Builder,
  touched: readonly string[],
  context: ContextFiles,
): readonly string[] {
  const sent = touched.filter((path) => !context.isIgnored(path, builder));
  if (builder === "buildkit" || context.links.size === 0) return sent;
  const contents = new Set(sent.filter((path) => !context.links.has(path)));
  for (const [link, target] of context.links) {
    if (contents.has(target) && !context.isIgnored(link, builder)) contents.add(link);
  }
  return [...contents];
}
