/**
 * What an engine says; asked by the shell around the linter, read by rules. What is said of base images is in the model,
 * too: variables, shells and working directories hold there as if the file said so.
 */
import type { BuilderFacts } from "../../semantics/builder.ts";
import type { ImageFacts } from "../../semantics/images/image-facts.ts";
import type { SourceFile } from "../../source/source-file.ts";
import type { Instruction } from "../../syntax/nodes.ts";

/** One engine, asked about one file. */
export interface EngineFacts {
  /** What it builds for unless told otherwise: `linux/amd64`. */
  readonly platform: string;
  /** What reads Dockerfiles there. */
  readonly builder: BuilderFacts;
  /** Images by their names as FROM has them, variables expanded; those that the engine does not have are left out. */
  readonly images: ReadonlyMap<string, ImageFacts>;
  /** What building the file gave; undefined where nothing was built. */
  readonly build: BuildFacts | undefined;
}

/** A file that was built. */
export interface BuildFacts {
  /** The image. */
  readonly image: ImageFacts;
  /** Its layers above the base image. */
  readonly layers: readonly LayerFacts[];
  /** How a container of it ended when it was asked to; undefined where nobody tried. */
  readonly stop: StopFacts | undefined;
  /** What a container of it listens on; undefined where nobody tried, or it cannot be seen. */
  readonly listening?: ListeningFacts | undefined;
  /** Where the facts come from: `built by engine 28.5.2, image sha256:…`. */
  readonly source: string;
}

/** A layer and the instruction that made it. */
export interface LayerFacts {
  /** The instruction as the file that was built had it, and where. */
  readonly text: string;
  readonly start: number;
  readonly bytes: number;
  /** Files that this layer put there: new ones, and those with other content than below. */
  readonly written: readonly string[];
  /** `sha256:…` of the content, where the layer put one file there and no other. */
  readonly digest: string | undefined;
  /** Files of this file's own earlier layers that this layer hides, the most bytes first. */
  readonly hidden: readonly HiddenFacts[];
}

/** A file whose bytes are in an earlier layer and that a later one hides. */
export interface HiddenFacts {
  readonly path: string;
  readonly bytes: number;
  /** `metadata`: it is there once more, with another mode, owner or time. */
  readonly reason: "deleted" | "rewritten" | "metadata";
  /** The offset of the instruction whose layer holds the bytes. */
  readonly by: number;
}

/** A container that was started, and what it listens on then. */
export interface ListeningFacts {
  /** `80/tcp` */
  readonly ports: readonly string[];
  /** Where that comes from, as a sentence. */
  readonly evidence: string;
}

/** A container that was started and asked to end. */
export interface StopFacts {
  /** Milliseconds from SIGTERM to the end. */
  readonly duration: number;
  readonly exitCode: number;
  /** Whether it had to be killed. */
  readonly killed: boolean;
  /** Where the facts come from, as a sentence. */
  readonly evidence: string;
}

/**
 * The layer of an instruction; undefined where it made none, or is not in the text that was built. Fixes move
 * instructions: one that stands elsewhere is known by its text, if that is there once.
 */
export function layerOf(
  { layers }: BuildFacts,
  { span }: Instruction,
  source: SourceFile,
): LayerFacts | undefined {
  const text = source.text.slice(span.start, span.end);
  const same = layers.filter((layer) => layer.text === text);
  return same.find(({ start }) => start === span.start) ?? (same.length === 1 ? same[0] : undefined);
}
