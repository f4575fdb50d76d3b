/** Compares the filesystems of two images, path by path. */
import { posix } from "node:path";
import type { ImageDifference } from "../linter/verification.ts";
import type { ContainerFile } from "./port.ts";

/** A filesystem: what is compared of each path, every folder before what is in it. Times are not compared. */
export type FileTable = ReadonlyMap<string, FileRow>;

/** What is compared of a path. */
type FileRow = Omit<ContainerFile, "path" | "mtime">;

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
  const table = new Map<string, FileRow>();
  for await (const { path, mtime: _, ...row } of files) {
    if (ENGINES_OWN.has(path)) continue;
    // Another name of a file is that file: it is compared as such, and as a link.
    const target = row.hardLinkTo === undefined ? undefined : table.get(row.hardLinkTo);
    table.set(path, target === undefined ? row : { ...target, hardLinkTo: row.hardLinkTo });
  }
  return table;
}

/** What differs, in order of path; a folder that only one of the two has stands for all that is in it. */
export function compareFiles(before: FileTable, after: FileTable): ImageDifference[] {
  const changed: ImageDifference[] = [];
  for (const [path, row] of before) {
    const other = after.get(path);
    const what = other === undefined ? [] : differing(row, other);
    if (other === undefined || what.length === 0) continue;
    changed.push(difference(path, "changed", what, [describe(row, what, other), describe(other, what, row)]));
  }
  const removed = missing(before, after).map(([path, text]) =>
    difference(path, "removed", [], [text, undefined]),
  );
  const added = missing(after, before).map(([path, text]) =>
    difference(path, "added", [], [undefined, text]),
  );
  return [...changed, ...removed, ...added].sort((left, right) =>
    left.path < right.path ? -1 : Number(left.path > right.path),
  );
}

function difference(
  path: string,
  change: ImageDifference["change"],
  what: readonly string[],
  [before, after]: readonly [string | undefined, string | undefined],
): ImageDifference {
  return { kind: "file", path, change, what, before, after, harmless: undefined };
}

/** The topmost paths that `other` lacks, each with what it is. */
function missing(table: FileTable, other: FileTable): (readonly [path: string, text: string])[] {
  const tops = new Map<string, { readonly row: FileRow; inside: number }>();
  const topOf = new Map<string, string>();
  for (const [path, row] of table) {
    if (other.has(path)) continue;
    const top = topOf.get(posix.dirname(path)) ?? path;
    topOf.set(path, top);
    const known = tops.get(top);
    if (known === undefined) tops.set(top, { row, inside: 0 });
    else known.inside += 1;
  }
  return [...tops].map(([path, { row, inside }]) => [
    path,
    row.type === "file"
      ? `${row.size} bytes`
      : `${row.type}${inside === 0 ? "" : ` with ${inside} ${inside === 1 ? "path" : "paths"} in it`}`,
  ]);
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
