/** Rectangles whose areas are as given and whose sides are alike. */
import { hierarchy, treemap, treemapSquarify } from "d3-hierarchy";

/** A rectangle. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Sizes {
  readonly size: number;
  readonly children?: readonly Sizes[];
}

const square = treemapSquarify.ratio(1);

/** Shares a box out by sizes, which come with the largest first; a box for each, empty ones where there is no size. */
export function squarify(sizes: readonly number[], { x, y, width, height }: Box): Box[] {
  const tree: Sizes = { size: 0, children: sizes.map((size) => ({ size })) };
  const root = hierarchy(tree, ({ children }) => children).sum(({ size }) => size);
  const { children = [] } = treemap<Sizes>().tile(square).size([width, height])(root);
  return children.map(({ x0, y0, x1, y1 }) => ({ x: x + x0, y: y + y0, width: x1 - x0, height: y1 - y0 }));
}
