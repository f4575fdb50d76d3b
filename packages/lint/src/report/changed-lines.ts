/** Which lines differ between two texts: the shortest edit script of Myers, "An O(ND) Difference Algorithm" (1986). */

/** A run of lines that is replaced: `[oldStart, oldEnd)` becomes `[newStart, newEnd)`; from 0. */
export interface LineChange {
  readonly oldStart: number;
  readonly oldEnd: number;
  readonly newStart: number;
  readonly newEnd: number;
}

/** Beyond this many differing lines the script need not be the shortest: time and memory grow with their square. */
const MAX_DIFFERENCES = 2000;

/** The changes in order, none next to another. */
export function changedLines(old: readonly string[], young: readonly string[]): readonly LineChange[] {
  let head = 0;
  while (head < old.length && head < young.length && old[head] === young[head]) head += 1;
  let tail = 0;
  const room = Math.min(old.length, young.length) - head;
  while (tail < room && old[old.length - 1 - tail] === young[young.length - 1 - tail]) tail += 1;
  const [oldEnd, newEnd] = [old.length - tail, young.length - tail];
  if (head === oldEnd && head === newEnd) return [];
  const trace = searchPath(old.slice(head, oldEnd), young.slice(head, newEnd));
  const whole = { oldStart: head, oldEnd, newStart: head, newEnd };
  return trace === undefined ? [whole] : readTrace(trace, whole);
}

/** How far each diagonal got, for each number of differences; undefined where there are too many. */
function searchPath(old: readonly string[], young: readonly string[]): Int32Array[] | undefined {
  const trace: Int32Array[] = [];
  let reached = new Int32Array([0, 0, 0]);
  for (let depth = 0; depth <= Math.min(MAX_DIFFERENCES, old.length + young.length); depth += 1) {
    // Diagonal k is at index k + depth + 1.
    const next = new Int32Array(2 * depth + 3);
    for (let diagonal = -depth; diagonal <= depth; diagonal += 2) {
      const [below, above] = [reached[diagonal + depth - 1] ?? 0, reached[diagonal + depth + 1] ?? 0];
      const isDown = diagonal === -depth || (diagonal !== depth && below < above);
      let x = depth === 0 ? 0 : isDown ? above : below + 1;
      while (x < old.length && x - diagonal < young.length && old[x] === young[x - diagonal]) x += 1;
      next[diagonal + depth + 1] = x;
      if (x >= old.length && x - diagonal >= young.length) {
        trace.push(next);
        return trace;
      }
    }
    trace.push(next);
    reached = next;
  }
  return undefined;
}

/** The way back from the end, as changes of the whole text. */
function readTrace(
  trace: readonly Int32Array[],
  { oldStart: head, oldEnd, newEnd }: LineChange,
): LineChange[] {
  const changes: LineChange[] = [];
  let [x, y] = [oldEnd - head, newEnd - head];
  for (let depth = trace.length - 1; depth > 0; depth -= 1) {
    const reached = trace[depth - 1] ?? new Int32Array();
    const diagonal = x - y;
    const [below, above] = [reached[diagonal + depth - 1] ?? 0, reached[diagonal + depth + 1] ?? 0];
    const isDown = diagonal === -depth || (diagonal !== depth && below < above);
    [x, y] = isDown ? [above, above - diagonal - 1] : [below, below - diagonal + 1];
    const start = { oldStart: head + x, newStart: head + y };
    const change = {
      ...start,
      oldEnd: start.oldStart + (isDown ? 0 : 1),
      newEnd: start.newStart + (isDown ? 1 : 0),
    };
    const next = changes.at(-1);
    const touches = next?.oldStart === change.oldEnd && next.newStart === change.newEnd;
    if (touches) changes[changes.length - 1] = { ...start, oldEnd: next.oldEnd, newEnd: next.newEnd };
    else changes.push(change);
  }
  return changes.toReversed();
}
