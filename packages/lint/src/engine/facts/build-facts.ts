/** Builds a file, and tells what came of it: layers, programs, what a container of it does. */
import type { BuildFacts } from "../../linter/facts/engine-facts.ts";
import type { BuilderFacts } from "../../semantics/builder.ts";
import type { Model } from "../../semantics/model.ts";
import { lastInChain } from "../../semantics/stages/stage-chain.ts";
import { buildImage } from "../build-image.ts";
import { containerFacts } from "./container-facts.ts";
import { firstLine } from "../engine-loss.ts";
import type { FactsRequest } from "./facts-request.ts";
import { imageFacts, shortId } from "./image-facts.ts";
import { programsAmong } from "./image-programs.ts";
import { layerFacts } from "./layer-facts.ts";
import { builderOf } from "../measure/measure-steps.ts";
import { programsForBuilt } from "./wanted-programs.ts";
import type { EngineRun } from "../with-engine.ts";

/** The facts of a build; undefined, and a warning, where there is no image. What is made is left to the end of the run. */
export async function buildFacts(
  run: EngineRun,
  { path, mode, model, build, draw, wantsStop, wantsPorts = false, warn }: FactsRequest,
  { kind }: BuilderFacts,
): Promise<BuildFacts | undefined> {
  const builder = kind === "classic" ? ("classic" as const) : ("auto" as const);
  const built = await buildImage(run, { ...build, builder }, { draw });
  if (built.image === undefined) {
    warn(`${path}: judged by its text alone, because it does not build: ${firstLine(built.failure.message)}`);
    return undefined;
  }
  const { signal, engine } = run;
  const handle = engine.docker.images.get(built.image);
  const inspected = await handle.inspect({ signal });
  const contents = await handle.contents({ signal });
  const history = (await handle.history({ signal })).map(({ CreatedBy }) => CreatedBy).toReversed();
  const source = `built ${path} (${shortId(inspected.Id)}), engine ${engine.version}`;
  const facts = imageFacts(run, path, inspected);
  const programs = programsAmong(contents.files, programsForBuilt(model), facts.env.get("PATH"));
  const question = {
    image: inspected.Id,
    source,
    wantsStop: wantsStop && startsShell(model),
    wantsPorts: wantsPorts && exposes(model),
  };
  const isAsked = mode === "run" && (question.wantsStop || question.wantsPorts);
  const tried = isAsked ? await containerFacts(run, question) : undefined;
  return {
    image: { ...facts, programs, source },
    layers: layerFacts(contents, history, model, builderOf(built.steps)),
    stop: tried?.stop,
    listening: tried?.listening,
    source,
  };
}

/** Whether a container of the target starts a shell of the file's own making. */
function startsShell({ target }: Model): boolean {
  const start = lastInChain(target, "ENTRYPOINT") ?? lastInChain(target, "CMD");
  return start !== undefined && !start.json;
}

/** Whether the target exposes a port itself. */
function exposes({ target }: Model): boolean {
  return lastInChain(target, "EXPOSE") !== undefined;
}
