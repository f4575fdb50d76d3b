/** What of a build context ends up where nobody wants it: the facts behind the rules about `.dockerignore`. */
import { Dockerignore } from "docker-engine-sdk/dockerignore";
import type { Edit } from "../../source/edit.ts";
import type { Model } from "../../semantics/model.ts";
import { takenPaths, type TakenPath } from "../../semantics/paths/taken-paths.ts";
import { baseName } from "../../source/path.ts";
import { unwantedFile, type Unwanted } from "../../semantics/paths/unwanted-files.ts";
import type { ContextFacts } from "../facts/context-facts.ts";
import { showBytes, showCount } from "../quantity.ts";

/** Files and bytes. */
export interface Amount {
  readonly files: number;
  readonly bytes: number;
}

/** A file or folder that reaches the build and should not. */
export interface Stake extends Amount {
  readonly kind: Unwanted;
  /** Relative to the context. */
  readonly path: string;
  readonly folder: boolean;
}

const known = new WeakMap<ContextFacts, readonly Stake[]>();

/** What reaches the build and should not, if the build asks for all of its context. */
function stakesIn(facts: ContextFacts): readonly Stake[] {
  const found = known.get(facts) ?? findStakes(facts);
  known.set(facts, found);
  return found;
}

function findStakes(facts: ContextFacts): Stake[] {
  const stakes: { kind: Unwanted; path: string; folder: boolean; files: number; bytes: number }[] = [];
  for (const { path, type, size, ignored } of facts.entries) {
    const last = stakes.at(-1);
    const inside = last !== undefined && last.folder && path.startsWith(`${last.path}/`);
    const folder = type === "directory";
    // Exceptions may bring back what is below an ignored folder, so the folder still counts, without a file of its own.
    const sent = !ignored && !folder;
    if (inside) {
      if (sent) [last.files, last.bytes] = [last.files + 1, last.bytes + size];
      continue;
    }
    const kind = sent || folder ? unwantedFile(path, folder) : undefined;
    if (kind !== undefined) stakes.push({ kind, path, folder, files: sent ? 1 : 0, bytes: sent ? size : 0 });
  }
  return stakes.filter(({ files }) => files > 0);
}

/** A path that a build takes from its context, and the stakes that come with it. */
export interface TakenStakes {
  readonly taken: TakenPath;
  readonly stakes: readonly Stake[];
}

/** The stakes of some kinds by the first path that takes them, in reachable stages. Walks the context only if need be. */
export function takenStakes(facts: ContextFacts, model: Model, kinds: readonly Unwanted[]): TakenStakes[] {
  const taken = model.stages
    .filter(({ reachable }) => reachable)
    .flatMap((stage) => takenPaths(stage, model));
  if (taken.length === 0) return [];
  let left = stakesIn(facts).filter(({ kind }) => kinds.includes(kind));
  const result: TakenStakes[] = [];
  for (const path of taken) {
    if (left.length === 0) break;
    const stakes = left.filter((stake) => takes(path, stake));
    if (stakes.length === 0) continue;
    result.push({ taken: path, stakes });
    left = left.filter((stake) => !stakes.includes(stake));
  }
  return result;
}

function takes({ path, excludes }: TakenPath, stake: Stake): boolean {
  if (path !== "" && !matches(path, stake.path) && !isBelow(path, stake.path)) return false;
  return !excludes.some((pattern) => matches(pattern, stake.path));
}

/** Whether somebody names a file of the stake itself: then it is meant. */
function isBelow(path: string, folder: string): boolean {
  return path.startsWith(`${folder}/`);
}

function matches(pattern: string, path: string): boolean {
  try {
    return new Dockerignore([{ text: pattern, line: 1 }]).ignores(path);
  } catch {
    return false; // a pattern that the builder refuses takes nothing
  }
}

/** Whether an exception of the ignore file names it: `!.env`. Then it is meant. */
export function isExcepted({ path }: Stake, { ignore }: ContextFacts): boolean {
  return ignore.patterns.some(
    ({ negated, pattern }) => negated && (pattern === path || pattern === `**/${baseName(path)}`),
  );
}

/** Whether the path is named as such, so that ignoring it would break the build. */
export function isNamed({ path }: TakenPath, stake: Stake): boolean {
  return path === stake.path || isBelow(path, stake.path);
}

/** Adds up stakes. */
export function sumOf(amounts: readonly Amount[]): Amount {
  return amounts.reduce((sum, { files, bytes }) => ({ files: sum.files + files, bytes: sum.bytes + bytes }), {
    files: 0,
    bytes: 0,
  });
}

/** `1,204 files, 45.2 MB`; `at least` where the walk of the context stopped early. */
export function showAmount({ files, bytes }: Amount, truncated = false): string {
  return `${truncated ? "at least " : ""}${showCount(files, "file")}, ${showBytes(bytes)}`;
}

/** The patterns of `.dockerignore` that keep the stakes out, without doubles. */
export function patternsFor(stakes: readonly Stake[]): string[] {
  const names = new Map<string, boolean>();
  for (const { path } of stakes) {
    const slash = path.lastIndexOf("/");
    const name = path.slice(slash + 1);
    names.set(name, slash !== -1 || names.get(name) === true);
  }
  return [...names].map(([name, nested]) => (nested ? `**/${escapePattern(name)}` : escapePattern(name)));
}

function escapePattern(name: string): string {
  return name.replace(/[\\*?[]/g, "\\$&");
}

/** The edit of the ignore file, or of the empty text where there is none, that appends patterns to it. */
export function appendPatterns(facts: ContextFacts, patterns: readonly string[]): Edit {
  const text = facts.ignoreFile?.text ?? "";
  const lineEnd = text.includes("\r\n") ? "\r\n" : "\n";
  const before = text === "" || text.endsWith("\n") ? "" : lineEnd;
  const span = { start: text.length, end: text.length };
  return { span, newText: before + patterns.map((pattern) => pattern + lineEnd).join("") };
}
