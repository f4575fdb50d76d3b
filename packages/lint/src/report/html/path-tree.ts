/** The tree of an image's paths as boxes, and its largest files as a list. */
import type { MeasuredPath } from "../../engine/measurement.ts";
import { squarify, type Box } from "./squarify.ts";

/** A box of the drawing. */
export interface PathBox extends Box {
  readonly path: string;
  /** What is new in it: a folder in a folder shows only its own name. */
  readonly name: string;
  readonly bytes: number;
  /** `rest`: what is too small to be drawn, or was not listed. */
  readonly kind: "folder" | "file" | "rest";
  readonly layer: number | undefined;
}

/** A file and its path. */
export interface PathFile {
  readonly path: string;
  readonly bytes: number;
  readonly layer: number | undefined;
}

/** Room for a folder's name above what is in it. */
const STRIP = 17;
const GAP = 2;
/** A box that is drawn has at least this area. */
const LEAST_AREA = 140;
const DEEPEST = 5;

/** The boxes, every folder before what is in it; at most that many. */
export function pathBoxes(
  root: MeasuredPath,
  { width, height, most }: { width: number; height: number; most: number },
): readonly PathBox[] {
  const boxes: PathBox[] = [];
  let planned = 0;
  // Breadth first, so that the bound on boxes leaves out the deepest.
  const queue = [{ node: root, path: "/", box: { x: 0, y: 0, width, height }, depth: 0 }];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const { box, depth } = next;
    const { node, path } = throughOnlyChild(next.node, next.path);
    const inner = depth === 0 ? box : insideOf(box);
    const children = (node.children ?? []).filter(({ bytes }) => bytes > 0);
    const opens = children.length > 0 && depth < DEEPEST && inner !== undefined;
    if (depth > 0) {
      const name = path.slice(next.path.length - next.node.name.length);
      const kind = node.children === undefined ? "file" : "folder";
      boxes.push({ ...box, path, name, bytes: node.bytes, kind, layer: node.layer });
    }
    if (!opens) continue;
    const shown = largeEnough(children, node.bytes, inner.width * inner.height);
    if (planned + shown.length + 1 > most) continue;
    planned += shown.length + 1;
    const rest = node.bytes - shown.reduce((sum, { bytes }) => sum + bytes, 0);
    const places = squarify([...shown.map(({ bytes }) => bytes), Math.max(0, rest)], inner);
    for (const [at, child] of shown.entries()) {
      const place = places[at];
      if (place !== undefined) {
        queue.push({ node: child, path: joined(path, child.name), box: place, depth: depth + 1 });
      }
    }
    const place = places[shown.length];
    if (place !== undefined && place.width > 1 && place.height > 1) {
      boxes.push({ ...place, path, name: "others", bytes: rest, kind: "rest", layer: undefined });
    }
  }
  return boxes;
}

/** The largest files of the tree, the most bytes first. */
export function largestFiles(root: MeasuredPath, most: number): readonly PathFile[] {
  const files: PathFile[] = [];
  const open = [{ node: root, path: "/" }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, path } = next;
    if (node.children === undefined) {
      if (node !== root) files.push({ path, bytes: node.bytes, layer: node.layer });
      continue;
    }
    for (const child of node.children) open.push({ node: child, path: joined(path, child.name) });
  }
  return files.sort((a, b) => b.bytes - a.bytes || (a.path < b.path ? -1 : 1)).slice(0, most);
}

function joined(folder: string, name: string): string {
  return folder === "/" ? `/${name}` : `${folder}/${name}`;
}

/** A folder in which nothing but one folder counts is shown as that: `usr/lib/node_modules`. */
function throughOnlyChild(node: MeasuredPath, path: string): { node: MeasuredPath; path: string } {
  let [at, where] = [node, path];
  for (let only = at.children?.[0]; only?.children !== undefined; only = at.children?.[0]) {
    if (where === "/" || only.bytes < at.bytes * 0.995) break;
    [at, where] = [only, joined(where, only.name)];
  }
  return { node: at, path: where };
}

function insideOf({ x, y, width, height }: Box): Box | undefined {
  if (width < 36 || height < STRIP + 18) return undefined;
  return { x: x + GAP, y: y + STRIP, width: width - 2 * GAP, height: height - STRIP - GAP };
}

function largeEnough(children: readonly MeasuredPath[], bytes: number, area: number): MeasuredPath[] {
  return children
    .filter((child) => (child.bytes / Math.max(1, bytes)) * area >= LEAST_AREA)
    .sort((a, b) => b.bytes - a.bytes)
    .slice(0, 40);
}
