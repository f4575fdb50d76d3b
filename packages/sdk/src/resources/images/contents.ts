import { ProtocolError } from "../../errors.ts";
import type { HistoryStep } from "../../layers/history.ts";
import { joinContents, type ImageContents } from "../../layers/image-contents.ts";
import { readSavedImage } from "../../layers/saved-image.ts";
import type { Caller } from "../../transport/call.ts";
import type { Check } from "../../values/argument.ts";
import type { CallOptions } from "../../values/call-options.ts";
import { ref, toId, type Ref } from "../../values/id.ts";
import { optionsOf, type Kinds } from "../../values/options.ts";
import { toPlatform } from "../../values/platform.ts";
import { save } from "./save.ts";

/** How an image's layers are read. */
export interface LayersOptions extends CallOptions {
  /** Which one of an image for many platforms, e.g. `linux/arm64`. Default: the engine's own. Needs API 1.49. */
  readonly platform?: string | undefined;
}

const layersKinds: Kinds<Omit<LayersOptions, "signal">> = { platform: "text" };

/** Takes {@link LayersOptions}. */
export const layersOptions: Check = optionsOf<LayersOptions>('{ platform: "linux/arm64" }', layersKinds);

/** What counts as waste. */
export interface WasteOptions extends LayersOptions {
  /**
   * The image it was built from, on the same engine. Default: the newest of those in its history that have a name;
   * where the engine knows none, all layers count as its own.
   */
  readonly base?: Ref | undefined;
}

/** Takes {@link WasteOptions}. */
export const wasteOptions: Check = optionsOf<WasteOptions>('{ base: "debian:12" }', {
  ...layersKinds,
  base: ref("base"),
});

export async function contents(
  caller: Caller,
  image: Ref,
  { base, ...options }: WasteOptions = {},
): Promise<ImageContents> {
  const { id, diffIds } = await rootFs(caller, image, options);
  const given = base === undefined ? undefined : await layersOfBase(caller, base, diffIds, options);
  // Engines refuse to save what has no layer.
  if (diffIds.length === 0) return joinContents({ config: { history: [] }, layers: [] }, 0);
  // By id, because somebody may give the name to another image meanwhile.
  const saved = await readSavedImage(await save(caller, id, options), diffIds);
  return joinContents(saved, given ?? (await layersOfNamed(caller, id, saved.config.history, options)));
}

async function rootFs(
  caller: Caller,
  image: Ref,
  { platform, signal }: LayersOptions,
): Promise<{ id: string; diffIds: readonly string[] }> {
  const query = { platform: toPlatform(platform) };
  const { Id, RootFS } = await caller.call("ImageInspect", {
    path: { name: toId(image, "image") },
    query,
    signal,
  });
  // What is no engine may leave them out.
  const layers: unknown = (RootFS as typeof RootFS | null | undefined)?.Layers;
  if (typeof Id !== "string")
    throw new ProtocolError("The engine told no id of an image.", { operation: "ImageInspect" });
  return { id: Id, diffIds: Array.isArray(layers) ? (layers as readonly string[]) : [] };
}

async function layersOfBase(
  caller: Caller,
  base: Ref,
  diffIds: readonly string[],
  options: LayersOptions,
): Promise<number> {
  const below = (await rootFs(caller, base, options)).diffIds;
  if (below.every((diffId, index) => diffId === diffIds[index])) return below.length;
  throw new RangeError(`Argument "base": the image does not begin with the layers of ${toId(base, "base")}.`);
}

/** How many layers the newest named image has that the engine tells of in the history. */
async function layersOfNamed(
  caller: Caller,
  id: string,
  steps: readonly HistoryStep[],
  { platform, signal }: LayersOptions,
): Promise<number> {
  const query = { platform: toPlatform(platform) };
  const history = await caller.call("ImageHistory", { path: { name: id }, query, signal });
  // The newest comes first, and that is the image itself.
  const named = history.findIndex(({ Tags }, index) => index > 0 && (Tags ?? []).length > 0);
  if (named === -1) return 0;
  return steps.slice(0, steps.length - named).filter((step) => step.empty_layer !== true).length;
}
