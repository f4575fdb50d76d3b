/** What is in the layers of an image, and what of it no container sees. */
import type { LayerWaste, MeasuredLayer, MeasuredPath, MeasuredWaste, WasteKind } from "../measurement.ts";
import type { LayerOrigin } from "./measure-layers.ts";
import type { ImageContents, ImageFile, ImageLayer } from "../port.ts";

/** How many of the largest paths are listed for one thing. */
const LISTED = 10;

/** The layers, the lowest first. @param indexOf the place of an origin's instruction in the list of them all */
export function measureLayers(
  { layers, files, waste }: ImageContents,
  origins: readonly LayerOrigin[],
  indexOf: (origin: LayerOrigin) => number | undefined,
): MeasuredLayer[] {
  const visible = groupBy(ownBytes(files), ({ layer }) => layer);
  const hidden = groupBy(waste.files, ({ layer }) => layer);
  return layers.map((layer, index): MeasuredLayer => {
    const origin = origins[index] ?? { kind: "unknown" };
    const instruction = indexOf(origin);
    return {
      index,
      digest: layer.digest,
      bytes: layer.size,
      added: layer.added.length,
      changed: layer.changed.length,
      deleted: layer.deleted.length,
      origin: origin.kind,
      ...(instruction !== undefined && { instruction }),
      ...(layer.instruction !== undefined && { createdBy: layer.instruction }),
      waste: wasteByKind(hidden.get(index) ?? []),
      largest: largestOf(visible.get(index) ?? []).map(({ path, size }) => ({ path, bytes: size })),
    };
  });
}

/** Waste in the layers of the image. @param baseLayers how many of them are the base image's */
export function measureWaste({ waste }: ImageContents, baseLayers: number): MeasuredWaste {
  const ownBytes = sum(waste.files.filter(({ layer }) => layer >= baseLayers).map(({ bytes }) => bytes));
  return { bytes: waste.bytes, ownBytes, baseBytes: waste.bytes - ownBytes };
}

/** What a container sees. */
export function visibleBytes({ files }: ImageContents): number {
  return sum(ownBytes(files).map(({ size }) => size));
}

/** The paths that a layer adds and changes. */
export function entriesOf({ added, changed }: ImageLayer): readonly ImageFile[] {
  return [...added, ...changed];
}

/** Other names of the same file cost nothing. */
function ownBytes(files: ReadonlyMap<string, ImageFile>): ImageFile[] {
  return [...files.values()].filter(({ type, hardLinkTo }) => type === "file" && hardLinkTo === undefined);
}

type Hidden = ImageContents["waste"]["files"][number];

function wasteByKind(files: readonly Hidden[]): LayerWaste[] {
  const kinds: [WasteKind, Hidden[]][] = [...groupBy(files, ({ reason }) => reason)];
  return kinds
    .map(([kind, hidden]): LayerWaste => ({
      kind,
      bytes: sum(hidden.map(({ bytes }) => bytes)),
      files: hidden.length,
      largest: hidden
        .toSorted((a, b) => b.bytes - a.bytes)
        .slice(0, LISTED)
        .map(({ path, bytes, hiddenBy }) => ({ path, bytes, hiddenBy })),
    }))
    .filter(({ bytes }) => bytes > 0)
    .sort((a, b) => b.bytes - a.bytes);
}

function largestOf(files: readonly ImageFile[]): ImageFile[] {
  return files
    .filter(({ size }) => size > 0)
    .sort((a, b) => b.size - a.size)
    .slice(0, LISTED);
}

/** Children of a folder that are kept: the largest, down to this part of the whole. */
const MOST_CHILDREN = 30;
const SMALLEST_PART = 1 / 1000;

interface Folder {
  bytes: number;
  layer: number | undefined;
  readonly children: Map<string, Folder>;
}

/** The files that a container sees as a tree of their sizes. */
export function measureTree({ files }: ImageContents): MeasuredPath {
  const root = newFolder();
  for (const { path, size, layer } of ownBytes(files)) {
    let folder = root;
    folder.bytes += size;
    for (const name of path.slice(1).split("/")) {
      let child = folder.children.get(name);
      if (child === undefined) folder.children.set(name, (child = newFolder()));
      child.bytes += size;
      folder = child;
    }
    folder.layer = layer;
  }
  return cut("/", root, root.bytes * SMALLEST_PART);
}

function newFolder(): Folder {
  return { bytes: 0, layer: undefined, children: new Map() };
}

function cut(name: string, { bytes, layer, children }: Folder, smallest: number): MeasuredPath {
  const kept = [...children]
    .filter(([, child]) => child.bytes > 0 && child.bytes >= smallest)
    .sort(([, a], [, b]) => b.bytes - a.bytes)
    .slice(0, MOST_CHILDREN)
    .map(([childName, child]) => cut(childName, child, smallest));
  return { name, bytes, ...(layer !== undefined && { layer }), ...(kept.length > 0 && { children: kept }) };
}

function groupBy<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
