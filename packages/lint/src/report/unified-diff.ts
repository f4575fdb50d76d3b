/** Changes as a unified diff that `git apply` and `patch -p1` take. */
import { changedLines, type LineChange } from "./changed-lines.ts";

/** A file before and after. */
export interface FileChange {
  /** With `/` between its parts; relative to where the diff is to be applied. */
  readonly path: string;
  /** Undefined where there is no such file yet. */
  readonly before: string | undefined;
  readonly after: string;
}

/** Lines around a change. */
const CONTEXT = 3;

/** The diff of a file; empty where nothing changes. */
export function unifiedDiff({ path, before, after }: FileChange): string {
  if (before === after || (before === undefined && after === "")) return "";
  const [old, young] = [splitLines(before ?? ""), splitLines(after)];
  const from = before === undefined ? "/dev/null" : name(`a/${path}`);
  let text = `--- ${from}\n+++ ${name(`b/${path}`)}\n`;
  for (const hunk of hunksOf(changedLines(old, young))) text += formatHunk(hunk, old, young);
  return text;
}

/** Changes that share their context, in order. */
type Hunk = readonly [LineChange, ...LineChange[]];

function hunksOf(changes: readonly LineChange[]): Hunk[] {
  const hunks: [LineChange, ...LineChange[]][] = [];
  for (const change of changes) {
    const current = hunks.at(-1);
    const last = current?.at(-1);
    if (current !== undefined && last !== undefined && change.oldStart - last.oldEnd <= 2 * CONTEXT) {
      current.push(change);
    } else hunks.push([change]);
  }
  return hunks;
}

function formatHunk(hunk: Hunk, old: readonly string[], young: readonly string[]): string {
  const [first] = hunk;
  const last = hunk.at(-1) ?? first;
  const before = Math.min(CONTEXT, first.oldStart);
  const after = Math.min(CONTEXT, old.length - last.oldEnd);
  const oldRange = range(first.oldStart - before, last.oldEnd + after);
  let body = "";
  let at = first.oldStart - before;
  for (const { oldStart, oldEnd, newStart, newEnd } of hunk) {
    body += rows(" ", old.slice(at, oldStart));
    body += rows("-", old.slice(oldStart, oldEnd));
    body += rows("+", young.slice(newStart, newEnd));
    at = oldEnd;
  }
  body += rows(" ", old.slice(at, last.oldEnd + after));
  return `@@ -${oldRange} +${range(first.newStart - before, last.newEnd + after)} @@\n${body}`;
}

/** `start,count`; an empty range names the line before it. */
function range(start: number, end: number): string {
  const count = end - start;
  return count === 1 ? `${start + 1}` : `${count === 0 ? start : start + 1},${count}`;
}

function rows(mark: string, lines: readonly string[]): string {
  return lines
    .map((line) =>
      line.endsWith("\n") ? `${mark}${line}` : `${mark}${line}\n\\ No newline at end of file\n`,
    )
    .join("");
}

/** Lines with their ends: only a line feed ends one, a carriage return before it belongs to the line. */
function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** A name as git writes it: in quotes with C's escapes where it holds what would be read wrong. */
function name(path: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (!/["\\\u0000-\u001f\u007f]/.test(path)) return path.includes(" ") ? `${path}\t` : path;
  const quoted = [...Buffer.from(path)].map((byte) => {
    if (byte === 0x22 || byte === 0x5c) return `\\${String.fromCharCode(byte)}`;
    const isPlain = byte >= 0x20 && byte < 0x7f;
    return isPlain ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, "0")}`;
  });
  return `"${quoted.join("")}"`;
}
