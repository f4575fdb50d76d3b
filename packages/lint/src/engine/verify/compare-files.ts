/** Compares the filesystems of two images, path by path. */
import { posix } from "node:path";
import type { ImageDifference } from "../../linter/facts/verification.ts";
import type { ContainerFile } from "../port.ts";

/** A filesystem: what is compared of each path, every folder before what is in it. Times are not compared. */
export type FileTable = ReadonlyMap<string, TableRow>;

/** What is compared of a path. */
type FileRow = Omit<ContainerFile, "path" | "mtime">;

interface TableRow extends FileRow {
  /** Counts the paths from 0. */
  readonly place: number;
}

/** What the engine itself puts into a container that it makes. */
const ENGINES_OWN: ReadonlySet<string> = new Set([
  "/.dockerenv",
  "/etc/hosts",
  "/etc/hostname",
  "/etc/resolv.conf",
  "/etc/mtab",
]);

/** Takes a filesystem in as it streams by; contents are known by their digests alone. */
export async function readFileTable(files: AsyncIterable<ContainerFile>): Promise<FileTable> {
  const table = new Map<string, TableRow>();
  for await (const [path, row] of rowsOf(files, (target) => table.get(target))) {
    table.set(path, { ...row, place: table.size });
  }
  return table;
}

/**
 * What differs from a filesystem that streams by, of which only what is different is kept. In order of path; a folder that
 * only one of the two has stands for all that is in it.
 */
export async function compareFiles(
  before: FileTable,
  after: AsyncIterable<ContainerFile>,
): Promise<ImageDifference[]> {
  const changed: ImageDifference[] = [];
  const added = new OneSided("added");
  const removed = new OneSided("removed");
  const unlike = new Map<string, FileRow>();
  const seen = new Uint8Array(before.size);
  for await (const [path, row] of rowsOf(after, (target) => unlike.get(target) ?? before.get(target))) {
    const other = before.get(path);
    if (other !== undefined) seen[other.place] = 1;
    const what = other === undefined ? [] : differing(other, row);
    if (other !== undefined && what.length === 0) continue;
    unlike.set(path, row);
    if (other === undefined) added.add(path, row);
    else
      changed.push(
        difference(path, "changed", what, [describe(other, what, row), describe(row, what, other)]),
      );
  }
  for (const [path, row] of before) if (seen[row.place] === 0) removed.add(path, row);
  return [...changed, ...removed.list(), ...added.list()].sort((left, right) =>
    left.path < right.path ? -1 : Number(left.path > right.path),
  );
}

/** What counts of the paths. Another name of a file is that file: it is compared as such, and as a link. */
async function* rowsOf(
  files: AsyncIterable<ContainerFile>,
  find: (path: string) => FileRow | undefined,
): AsyncGenerator<readonly [path: string, row: FileRow], void, undefined> {
  for await (const { path, mtime: _, ...row } of files) {
    if (ENGINES_OWN.has(path)) continue;
    const target = row.hardLinkTo === undefined ? undefined : find(row.hardLinkTo);
    yield [path, target === undefined ? row : { ...target, hardLinkTo: row.hardLinkTo }];
  }
}

function difference(
  path: string,
  change: ImageDifference["change"],
  what: readonly string[],
  [before, after]: readonly [string | undefined, string | undefined],
): ImageDifference {
  return { kind: "file", path, change, what, before, after, harmless: undefined };
}

/** Paths that only one of the two has: the topmost of them, each with how many are in it. */
class OneSided {
  readonly #change: "added" | "removed";
  readonly #tops = new Map<string, { readonly row: FileRow; inside: number }>();
  readonly #topOf = new Map<string, string>();

  constructor(change: "added" | "removed") {
    this.#change = change;
  }

  /** Takes a path in; what is above it comes before. */
  add(path: string, row: FileRow): void {
    const top = this.#topOf.get(posix.dirname(path)) ?? path;
    if (row.type === "directory") this.#topOf.set(path, top);
    const known = this.#tops.get(top);
    if (known === undefined) this.#tops.set(top, { row, inside: 0 });
    else known.inside += 1;
  }

  list(): ImageDifference[] {
    return [...this.#tops].map(([path, { row, inside }]) => {
      const paths = inside === 0 ? "" : ` with ${inside} ${inside === 1 ? "path" : "paths"} in it`;
      const text = row.type === "file" ? `${row.size} bytes` : `${row.type}${paths}`;
      return difference(
        path,
        this.#change,
        [],
        this.#change === "added" ? [undefined, text] : [text, undefined],
      );
    });
  }
}

function differing(a: FileRow, b: FileRow): readonly string[] {
  if (a.type !== b.type) return ["type"];
  const what: string[] = [];
  if (a.size !== b.size) what.push("size");
  if (a.digest !== b.digest) what.push("content");
  if (a.mode !== b.mode) what.push("mode");
  if (a.uid !== b.uid || a.gid !== b.gid) what.push("owner");
  if (a.linkTarget !== b.linkTarget || a.hardLinkTo !== b.hardLinkTo) what.push("link");
  if (a.device?.major !== b.device?.major || a.device?.minor !== b.device?.minor) what.push("device");
  if (attributesOf(a) !== attributesOf(b)) what.push("attributes");
  return what;
}

function attributesOf({ xattrs }: FileRow): string {
  return Object.entries(xattrs ?? {})
    .map(([name, value]) => `${name}=${value}`)
    .toSorted()
    .join(" ");
}

/** The aspects of a path in which it differs from another. */
function describe(row: FileRow, what: readonly string[], other: FileRow): string {
  const texts: Readonly<Record<string, () => string>> = {
    type: () => row.type,
    size: () => `${row.size} bytes`,
    content: () => (row.size === other.size ? (row.digest ?? "").slice(0, "sha256:".length + 12) : ""),
    mode: () => `mode ${row.mode.toString(8).padStart(4, "0")}`,
    owner: () => `owner ${row.uid}:${row.gid}`,
    link: () =>
      row.hardLinkTo === undefined ? (row.linkTarget ?? "a file of its own") : `also ${row.hardLinkTo}`,
    device: () => `device ${row.device?.major}:${row.device?.minor}`,
    attributes: () => attributesOf(row) || "no attributes",
  };
  return what
    .flatMap((aspect) => texts[aspect]?.() ?? [])
    .filter((text) => text !== "")
    .join(", ");
}
