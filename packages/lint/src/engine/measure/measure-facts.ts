/** What the build that was measured tells the linter, so that its rules judge layers and not only texts. */
import type { EngineFacts } from "../../linter/facts/engine-facts.ts";
import type { Model } from "../../semantics/model.ts";
import { builderFacts } from "../facts/builder-facts.ts";
import { imageFacts, shortId } from "../facts/image-facts.ts";
import { programsAmong } from "../facts/image-programs.ts";
import { layerFacts } from "../facts/layer-facts.ts";
import type { Builder } from "./measure-steps.ts";
import type { ImageContents, models } from "../port.ts";
import { programsForBuilt } from "../facts/wanted-programs.ts";
import type { EngineRun } from "../with-engine.ts";

/** The image that was built. */
export interface BuiltImage {
  readonly inspected: models.ImageInspect;
  readonly contents: ImageContents;
  /** What made each step, the oldest first. */
  readonly history: readonly string[];
  readonly builder: Builder;
}

/** Facts of one build; base images are not asked for. */
export function factsOfBuild(
  run: EngineRun,
  path: string,
  model: Model,
  { inspected, contents, history, builder }: BuiltImage,
): EngineFacts {
  const { engine } = run;
  const source = `measured ${path} (${shortId(inspected.Id)}), engine ${engine.version}`;
  const facts = imageFacts(run, path, inspected);
  const programs = programsAmong(contents.files, programsForBuilt(model), facts.env.get("PATH"));
  return {
    platform: engine.platform,
    builder: builderFacts(engine, { asked: builder, environment: {} }),
    images: new Map(),
    build: {
      image: { ...facts, programs, source },
      layers: layerFacts(contents, history, model, builder),
      stop: undefined,
      source,
    },
  };
}
