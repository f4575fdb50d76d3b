/** Rectangles whose areas are as given and whose sides are alike: Bruls, Huizing, van Wijk, "Squarified Treemaps" (2000). */

/** A rectangle. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Shares a box out by sizes, which come with the largest first; a box for each, empty ones where there is no size. */
export function squarify(sizes: readonly number[], within: Box): Box[] {
  const total = sizes.reduce((sum, size) => sum + Math.max(0, size), 0);
  const area = within.width * within.height;
  if (!(total > 0) || !(area > 0))
    return sizes.map(() => ({ x: within.x, y: within.y, width: 0, height: 0 }));
  const areas = sizes.map((size) => (Math.max(0, size) / total) * area);
  const boxes: Box[] = [];
  let rest = within;
  for (let at = 0; at < areas.length;) {
    const row = rowFrom(areas, at, Math.min(rest.width, rest.height));
    rest = layRow(row, rest, boxes);
    at += row.length;
  }
  return boxes;
}

/** The next areas that stand in one row: as many as make its boxes more square. */
function rowFrom(areas: readonly number[], from: number, side: number): number[] {
  const row = [areas[from] ?? 0];
  let sum = row[0] ?? 0;
  let worst = worstRatio(sum, row[0] ?? 0, row[0] ?? 0, side);
  for (let at = from + 1; at < areas.length; at += 1) {
    const next = areas[at] ?? 0;
    const ratio = worstRatio(sum + next, row[0] ?? 0, next, side);
    if (next > 0 && ratio > worst) break;
    row.push(next);
    sum += next;
    worst = ratio;
  }
  return row;
}

function worstRatio(sum: number, largest: number, smallest: number, side: number): number {
  const square = side * side;
  return Math.max((square * largest) / (sum * sum), (sum * sum) / (square * smallest));
}

/** Lays a row along the shorter side, and answers what is left. */
function layRow(row: readonly number[], { x, y, width, height }: Box, into: Box[]): Box {
  const sum = row.reduce((total, area) => total + area, 0);
  if (width >= height) {
    const thickness = height > 0 ? sum / height : 0;
    let top = y;
    for (const area of row) {
      const length = thickness > 0 ? area / thickness : 0;
      into.push({ x, y: top, width: thickness, height: length });
      top += length;
    }
    return { x: x + thickness, y, width: Math.max(0, width - thickness), height };
  }
  const thickness = width > 0 ? sum / width : 0;
  let left = x;
  for (const area of row) {
    const length = thickness > 0 ? area / thickness : 0;
    into.push({ x: left, y, width: length, height: thickness });
    left += length;
  }
  return { x, y: y + thickness, width, height: Math.max(0, height - thickness) };
}
