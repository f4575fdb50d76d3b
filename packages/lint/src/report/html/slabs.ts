/** What the drawing of an image's layers shows: one slab a layer, and one for many that weigh next to nothing. */
import type { MeasuredLayer } from "../../engine/measurement.ts";

/** A layer, or several next to each other that are drawn as one. */
export interface Slab {
  /** The lowest first. */
  readonly layers: readonly [MeasuredLayer, ...MeasuredLayer[]];
  readonly bytes: number;
  readonly wasted: number;
  /** In CSS pixels. */
  readonly height: number;
}

/** The stack, the topmost slab first. */
export interface Stack {
  /** Above the base image. */
  readonly own: readonly Slab[];
  readonly base: readonly Slab[];
}

/** How tall all layers together are, were they not rounded up to what can be read. */
const TALL = 440;
const LEAST = 34;
/** Layers that get a slab of their own; the rest is shown with its neighbours. */
const SHOWN = 40;

/** The slabs of an image. */
export function stackOf(layers: readonly MeasuredLayer[]): Stack {
  const total = layers.reduce((sum, { bytes }) => sum + bytes, 0);
  const shown = layers.length <= SHOWN ? undefined : heaviest(layers);
  const own = layers.filter(({ origin }) => origin !== "base");
  const base = layers.filter(({ origin }) => origin === "base");
  return { own: slabsOf(own, total, shown), base: slabsOf(base, total, shown) };
}

/** Bytes in a layer that no container sees. */
function wastedIn({ waste }: MeasuredLayer): number {
  return waste.reduce((sum, { bytes }) => sum + bytes, 0);
}

function heaviest(layers: readonly MeasuredLayer[]): ReadonlySet<MeasuredLayer> {
  const weight = (layer: MeasuredLayer): number => layer.bytes + wastedIn(layer);
  return new Set([...layers].sort((a, b) => weight(b) - weight(a)).slice(0, SHOWN));
}

function slabsOf(
  layers: readonly MeasuredLayer[],
  total: number,
  shown: ReadonlySet<MeasuredLayer> | undefined,
): Slab[] {
  const groups: [MeasuredLayer, ...MeasuredLayer[]][] = [];
  let rest: [MeasuredLayer, ...MeasuredLayer[]] | undefined;
  for (const layer of layers) {
    const isAlone = shown === undefined || shown.has(layer);
    if (!isAlone && rest !== undefined) rest.push(layer);
    else groups.push([layer]);
    rest = isAlone ? undefined : groups.at(-1);
  }
  return groups.map((group) => slabOf(group, total)).toReversed();
}

function slabOf(layers: readonly [MeasuredLayer, ...MeasuredLayer[]], total: number): Slab {
  const bytes = layers.reduce((sum, layer) => sum + layer.bytes, 0);
  const wasted = layers.reduce((sum, layer) => sum + wastedIn(layer), 0);
  const height = total > 0 ? Math.round((bytes / total) * TALL) : 0;
  return { layers, bytes, wasted, height: Math.max(LEAST, height) };
}
