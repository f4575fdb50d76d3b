/** What an engine says of the files that are checked; images are looked at once for all of them. */
import type { BuildFacts, EngineFacts } from "../../linter/facts/engine-facts.ts";
import type { BuilderFacts } from "../../semantics/builder.ts";
import type { ImageFacts } from "../../semantics/images/image-facts.ts";
import type { Dependency, Model, Stage } from "../../semantics/model.ts";
import { slimName } from "../../semantics/images/slim-variants.ts";
import { buildFacts } from "./build-facts.ts";
import { builderFacts, type WantedBuilder } from "./builder-facts.ts";
import { isLost, messageOf } from "../engine-loss.ts";
import type { FactsRequest } from "./facts-request.ts";
import { findImage, type FoundImage } from "./image-facts.ts";
import { programsOf, type Programs } from "./image-programs.ts";
import { programsForBase } from "./wanted-programs.ts";
import type { EngineRun } from "../with-engine.ts";

/** Of an image. */
const ABSENT = 'the engine does not have it, and only "engine: {pull: true}" lets it be pulled';

/** Asks one engine. */
export class EngineFactsReader {
  readonly #run: EngineRun;
  readonly #builder: BuilderFacts;
  readonly #images = new Map<string, Promise<FoundImage | undefined>>();
  readonly #programs = new Map<string, Promise<Programs>>();

  constructor(run: EngineRun, wanted: WantedBuilder) {
    this.#run = run;
    this.#builder = builderFacts(run.engine, wanted);
  }

  /** What the engine says of a file. Throws where the engine does not answer. */
  async read(request: FactsRequest): Promise<EngineFacts> {
    const images = new Map<string, ImageFacts>();
    for (const [name, stages] of namedImages(request.model)) {
      const found = await this.#image(name, stages[0]?.platform ?? request.build.platform, request);
      if (found === undefined) {
        if (request.mode === "read" && !request.pull)
          request.warn(`${name} is judged by its name alone: ${ABSENT}.`);
        continue;
      }
      const wanted = request.mode === "read" ? [] : programsForBase(stages);
      const programs = wanted.length === 0 ? new Map() : await this.#programsIn(found, wanted);
      images.set(name, { ...found.facts, programs });
      const [{ base } = { base: undefined }] = stages;
      const slim = base?.reference && slimName(base.reference);
      const smaller = slim && (await this.#image(slim, undefined, { ...request, pull: false }));
      if (slim !== undefined && smaller) images.set(slim, smaller.facts);
    }
    return {
      platform: this.#run.engine.platform,
      builder: this.#builder,
      images,
      build: request.mode === "read" || !request.wantsBuild ? undefined : await this.#build(request),
    };
  }

  /** An image that cannot be pulled is as good as none, but for a warning. */
  #image(
    name: string,
    platform: string | undefined,
    { pull, warn }: Pick<FactsRequest, "pull" | "warn">,
  ): Promise<FoundImage | undefined> {
    const key = `${pull} ${platform} ${name}`;
    const known = this.#images.get(key);
    if (known !== undefined) return known;
    const asked = findImage(this.#run, name, { pull, platform }).catch((error: unknown) => {
      if (isLost(error) || this.#run.signal.aborted) throw error;
      warn(`${name} cannot be looked at: ${messageOf(error)}`);
      return undefined;
    });
    this.#images.set(key, asked);
    return asked;
  }

  #programsIn({ id, facts }: FoundImage, names: readonly string[]): Promise<Programs> {
    if (facts.platform.startsWith("windows")) return Promise.resolve(new Map());
    const key = `${id} ${names.join(" ")}`;
    const known = this.#programs.get(key);
    if (known !== undefined) return known;
    const asked = programsOf(this.#run, id, names, facts.env.get("PATH")).catch((error: unknown) => {
      // An image of which no container can be made keeps its other facts.
      if (isLost(error) || this.#run.signal.aborted) throw error;
      return new Map<string, string | undefined>();
    });
    this.#programs.set(key, asked);
    return asked;
  }

  async #build(request: FactsRequest): Promise<BuildFacts | undefined> {
    const { path, pull, model, warn } = request;
    if (model.target === undefined) return undefined;
    const given = neededBy(model).find(({ isGiven }) => isGiven);
    if (given !== undefined) {
      warn(
        `${path}: not built, because it takes the build context "${given.name ?? ""}", which is not the engine's.`,
      );
      return undefined;
    }
    const missing = pull ? undefined : await this.#missingImage(model, warn);
    if (missing !== undefined) {
      warn(`${path}: not built, for want of ${missing}: ${ABSENT}.`);
      return undefined;
    }
    return await buildFacts(this.#run, request, this.#builder);
  }

  /** The first image that building takes and the engine does not have. */
  async #missingImage(model: Model, warn: FactsRequest["warn"]): Promise<string | undefined> {
    const syntax = model.dockerfile.directives.find(({ name }) => name === "syntax");
    const frontend = this.#builder.kind === "classic" ? undefined : syntax?.value.split(/\s/, 1)[0];
    const names = neededBy(model).flatMap(({ stage, name }) =>
      stage === undefined && name !== undefined && name !== "scratch" ? [name] : [],
    );
    for (const name of [...(frontend === undefined ? [] : [frontend]), ...names]) {
      if ((await this.#image(name, undefined, { pull: false, warn })) === undefined) return name;
    }
    return undefined;
  }
}

/** What building the target takes from elsewhere. */
function neededBy({ stages }: Model): Dependency[] {
  return stages.filter(({ reachable }) => reachable).flatMap(({ dependencies }) => dependencies);
}

/** The images that stages are based on, by name, and those stages. */
function namedImages({ stages }: Model): ReadonlyMap<string, readonly Stage[]> {
  const named = new Map<string, Stage[]>();
  for (const stage of stages) {
    const { name, reference } = stage.image;
    if (name === undefined || reference === undefined) continue;
    const known = named.get(name);
    if (known === undefined) named.set(name, [stage]);
    else known.push(stage);
  }
  return named;
}
