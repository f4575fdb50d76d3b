import type { ImageFile } from "./file-facts.ts";
import { readableInstruction, stepsOfLayers } from "./history.ts";
import type { SavedImage } from "./saved-image.ts";
import { Union, type HiddenFile, type LayerChanges } from "./union.ts";

/** One RootFS layer of an image. Each list is sorted by path. */
export interface ImageLayer extends LayerChanges {
  /** `sha256:…` of its tar, as in `RootFS.Layers`. */
  readonly digest: string;
  /** As in a Dockerfile, e.g. `RUN make`; undefined when the history does not match the layers. */
  readonly instruction: string | undefined;
  /** The history's own words, e.g. `RUN /bin/sh -c make # buildkit`. */
  readonly createdBy: string | undefined;
  /** When it was made, as far as the history tells. */
  readonly created: Date | undefined;
  /** What its builder says of it. */
  readonly comment: string | undefined;
  /** Index in the configuration's history, the oldest 0, which also counts the steps that made no layer. */
  readonly historyIndex: number | undefined;
  /** Bytes of the files in it, without compression; hard links count once. */
  readonly size: number;
  /** New paths, with the folders above them where these are new. */
  readonly added: readonly ImageFile[];
  /** Paths with other content, mode or owner than below, or written anew. Not: folders of which only children changed. */
  readonly changed: readonly ImageFile[];
  /** Paths that were there below and are gone: whiteouts, what opaque folders hide, and all that was in them. */
  readonly deleted: readonly string[];
}

/** A file that costs bytes and that no path of the image shows any more. */
export interface WastedFile extends HiddenFile {
  /** Where it was seen last. */
  readonly path: string;
  /** Bytes that no container of the image can see. */
  readonly bytes: number;
  /**
   * - `deleted`: nothing or another kind of thing is at its path
   * - `rewritten`: a file with other content is
   * - `metadata`: a file with the same content is; only mode, owner or times can differ
   */
  readonly reason: "deleted" | "rewritten" | "metadata";
  /** Index of the layer that holds the bytes. */
  readonly layer: number;
  /** Index of the layer that hid them. */
  readonly hiddenBy: number;
  /** The bytes are in a layer of the base image. */
  readonly inBase: boolean;
}

/** Bytes that an image carries for nothing. */
export interface ImageWaste {
  /** All of them: `ownBytes + baseBytes`. */
  readonly bytes: number;
  /** Those in layers above the base image. */
  readonly ownBytes: number;
  /** Those in layers of the base image. */
  readonly baseBytes: number;
  /** How many of the layers are the base image's; 0 when none is known. */
  readonly baseLayers: number;
  /** The most bytes first. */
  readonly files: readonly WastedFile[];
}

/** What an image is made of. */
export interface ImageContents {
  /** The lowest first. */
  readonly layers: readonly ImageLayer[];
  /** What a container of it sees, by path: every folder before what is in it. */
  readonly files: ReadonlyMap<string, ImageFile>;
  /** What later layers hide, copy again or only re-mode. */
  readonly waste: ImageWaste;
}

/** Joins what the layers and the history say. @param baseLayers how many layers are the base image's */
export function joinContents({ config, layers }: SavedImage, baseLayers: number): ImageContents {
  const union = new Union();
  const steps = stepsOfLayers(config.history, layers.length);
  const joined = layers.map((content, index): ImageLayer => {
    const { step, index: historyIndex } = steps[index] ?? {};
    const createdBy = step?.created_by;
    return {
      digest: content.diffId,
      instruction: createdBy === undefined ? undefined : readableInstruction(createdBy),
      createdBy,
      created: step?.created === undefined ? undefined : new Date(step.created),
      comment: step?.comment,
      historyIndex,
      size: content.size,
      ...union.apply(content),
    };
  });
  return { layers: joined, files: union.files(), waste: wasteOf(union.hidden, baseLayers) };
}

function wasteOf(hidden: readonly HiddenFile[], baseLayers: number): ImageWaste {
  const files = hidden
    .map((file): WastedFile => ({ ...file, inBase: file.layer < baseLayers }))
    .sort((a, b) => b.bytes - a.bytes);
  const bytes = bytesOf(files);
  const baseBytes = bytesOf(files.filter(({ inBase }) => inBase));
  return { bytes, ownBytes: bytes - baseBytes, baseBytes, baseLayers, files };
}

function bytesOf(files: readonly WastedFile[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}
