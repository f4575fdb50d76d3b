/** The tree of an image's paths as boxes, and its largest files as a list. */
import type { MeasuredPath } from "../../engine/measurement.ts";
import { squarify, type Box } from "./squarify.ts";

/** A box of the drawing. */
export interface PathBox extends Box {
  readonly path: string;
  /** What is new in it: a folder in a folder shows only its own name. */
  readonly name: string;
  readonly bytes: number;
  /** `open`: what is in the folder is drawn in it; `rest`: what is too small to be drawn, or was not listed. */
  readonly kind: "open" | "closed" | "file" | "rest";
  /** Of a file. */
  readonly layer: number | undefined;
  /** Where most of its bytes are from; undefined where the tree does not tell. */
  readonly origin: "base" | "own" | undefined;
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

/** How the tree is drawn. */
export interface PathShape {
  readonly width: number;
  readonly height: number;
  /** The most boxes. */
  readonly most: number;
  /** Layers up to this one, without it, are the base image's. */
  readonly baseLayers: number;
}

/** The boxes, every folder before what is in it. */
export function pathBoxes(
  root: MeasuredPath,
  { width, height, most, baseLayers }: PathShape,
): readonly PathBox[] {
  const boxes: PathBox[] = [];
  const balance = balances(root, baseLayers);
  let planned = 0;
  // Breadth first, so that the bound on boxes leaves out the deepest.
  const queue = [{ node: root, path: "/", box: { x: 0, y: 0, width, height }, depth: 0 }];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const { box, depth } = next;
    const { node, path } = throughOnlyChild(next.node, next.path);
    const inner = depth === 0 ? box : insideOf(box);
    const children = (node.children ?? []).filter(({ bytes }) => bytes > 0);
    const shown = inner === undefined ? [] : largeEnough(children, node.bytes, inner.width * inner.height);
    const opens = children.length > 0 && depth < DEEPEST && planned + shown.length + 1 <= most;
    if (depth > 0) {
      const name = path.slice(next.path.length - next.node.name.length);
      const kind = node.children === undefined ? "file" : opens && shown.length > 0 ? "open" : "closed";
      const surplus = balance.get(node) ?? 0;
      const origin = surplus === 0 ? undefined : surplus > 0 ? "base" : "own";
      boxes.push({ ...box, path, name, bytes: node.bytes, kind, layer: node.layer, origin });
    }
    if (inner === undefined || !opens || (shown.length === 0 && depth > 0)) continue;
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
      boxes.push({
        ...place,
        path,
        name: "others",
        bytes: rest,
        kind: "rest",
        layer: undefined,
        origin: undefined,
      });
    }
  }
  return boxes;
}

/** Bytes of the base image in each folder and file, less those of later layers. */
function balances(root: MeasuredPath, baseLayers: number): ReadonlyMap<MeasuredPath, number> {
  // Every folder before what is in it, so that backwards all of a folder is known before the folder.
  const order = [root];
  for (const node of order) for (const child of node.children ?? []) order.push(child);
  const sums = new Map<MeasuredPath, number>();
  for (const node of order.toReversed()) {
    const sign = node.layer === undefined ? 0 : node.layer < baseLayers ? 1 : -1;
    sums.set(
      node,
      (node.children ?? []).reduce((sum, child) => sum + (sums.get(child) ?? 0), sign * node.bytes),
    );
  }
  return sums;
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
