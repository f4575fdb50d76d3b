/** Changes as a unified diff that `git apply` and `patch -p1` take. */
import { FILE_HEADERS_ONLY, formatPatch, structuredPatch, type StructuredPatchHunk } from "diff";

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

/** Where more lines differ, all are replaced: the time to find the fewest grows with their square. */
const MAX_DIFFERENCES = 2000;

/** The diff of a file; empty where nothing changes. */
export function unifiedDiff({ path, before, after }: FileChange): string {
  if (before === after || (before === undefined && after === "")) return "";
  const [oldFileName, newFileName] = [before === undefined ? "/dev/null" : `a/${path}`, `b/${path}`];
  const hunks = hunksOf(before ?? "", after);
  // GNU patch takes a name with blanks only up to the first, unless a tab ends it.
  const header = path.includes(" ") ? " " : undefined;
  return formatPatch(
    { oldFileName, newFileName, oldHeader: header, newHeader: header, hunks },
    FILE_HEADERS_ONLY,
  );
}

function hunksOf(before: string, after: string): StructuredPatchHunk[] {
  const options = { context: CONTEXT, maxEditLength: MAX_DIFFERENCES };
  const found = structuredPatch("", "", before, after, undefined, undefined, options);
  return found?.hunks ?? [replacing(before, after)];
}

/** All lines of one text for all of the other. */
function replacing(before: string, after: string): StructuredPatchHunk {
  const [old, young] = [linesOf(before), linesOf(after)];
  const lines = [...rows("-", old), ...rows("+", young)];
  return { oldStart: 1, oldLines: old.length, newStart: 1, newLines: young.length, lines };
}

/** With their ends. */
function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function rows(mark: string, lines: readonly string[]): string[] {
  return lines.flatMap((line) =>
    line.endsWith("\n") ? [mark + line.slice(0, -1)] : [mark + line, "\\ No newline at end of file"],
  );
}
