/** The engine of an example: what it says differs from a plain one only where the example says so. */
import type { FrontendVersion } from "../semantics/frontend.ts";
import type { ImageFacts } from "../semantics/images/image-facts.ts";
import type { EngineFacts, LayerFacts, StopFacts } from "./facts/engine-facts.ts";

/** What an example says of an image. */
export interface ExampleImage extends Partial<Omit<ImageFacts, "env" | "programs" | "platform" | "source">> {
  readonly env?: Readonly<Record<string, string>>;
  readonly platform?: string;
  /** Where programs are; empty for one that is not there. */
  readonly programs?: Readonly<Record<string, string>>;
}

/** What an example says of an engine. */
export interface ExampleEngine {
  readonly builder?: "buildkit" | "classic";
  readonly frontend?: FrontendVersion;
  /** By their names in FROM. */
  readonly images?: Readonly<Record<string, ExampleImage>>;
  /** The image that was built. */
  readonly built?: ExampleImage;
  /** Layers by the text of the instructions that made them, which the example has once. */
  readonly layers?: Readonly<Record<string, ExampleLayer>>;
  readonly stop?: Omit<StopFacts, "evidence">;
  /** What a container listens on. */
  readonly listening?: readonly string[];
}

/** What an example says of a layer. */
export interface ExampleLayer {
  readonly written?: readonly string[];
  readonly digest?: string;
  readonly hidden?: readonly {
    readonly path: string;
    readonly bytes: number;
    readonly reason: "deleted" | "rewritten" | "metadata";
    /** The text of the instruction whose layer holds the bytes. */
    readonly by: string;
  }[];
}

/** The facts of an example. */
export function exampleEngine(
  { engine }: { readonly engine?: ExampleEngine },
  text: string,
): EngineFacts | undefined {
  if (engine === undefined) return undefined;
  const { builder = "buildkit", frontend, images = {}, built, layers, stop, listening } = engine;
  const isBuilt = built !== undefined || layers !== undefined || (stop ?? listening) !== undefined;
  return {
    platform: "linux/amd64",
    builder: { kind: builder, frontend, source: "the engine", evidence: "The engine says so." },
    images: new Map(Object.entries(images).map(([name, image]) => [name, imageOf(image, name)])),
    build: isBuilt
      ? {
          image: imageOf(built ?? {}, "the image"),
          layers: Object.entries(layers ?? {}).map(([own, layer]) => layerOf(own, layer, text)),
          listening: listening && { ports: listening, evidence: "The engine started a container." },
          stop: stop && { ...stop, evidence: "The engine started and stopped a container." },
          source: "built by the engine",
        }
      : undefined,
  };
}

function imageOf({ env = {}, programs = {}, ...image }: ExampleImage, name: string): ImageFacts {
  return {
    user: "",
    shell: undefined,
    workdir: "",
    onbuild: [],
    ports: [],
    healthcheck: undefined,
    platform: "linux/amd64",
    isPulled: true,
    bytes: 100_000_000,
    source: `inspected ${name}`,
    ...image,
    env: new Map(Object.entries(env)),
    programs: new Map(Object.entries(programs).map(([program, path]) => [program, path || undefined])),
  };
}

function layerOf(own: string, { written = [], hidden = [], digest }: ExampleLayer, text: string): LayerFacts {
  return {
    text: own,
    start: text.indexOf(own),
    bytes: 1_000_000,
    written,
    digest,
    hidden: hidden.map((file) => ({ ...file, by: text.indexOf(file.by) })),
  };
}
