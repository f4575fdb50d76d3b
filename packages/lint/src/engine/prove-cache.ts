/** Measures what a change runs again: a build that fills the cache, the change in a copy of the context, a build again. */
import { randomBytes } from "node:crypto";
import type { Change } from "../cache/change.ts";
import { compareSteps, type ComparedStep, type MeasuredStep } from "../cache/compare.ts";
import type { Forecast } from "../cache/forecast.ts";
import type { Model } from "../semantics/model.ts";
import type { Instruction } from "../syntax/nodes.ts";
import { buildImage, type BuildFailure, type BuildOutcome, type BuildRequest } from "./build-image.ts";
import { copyContext, touch } from "./context-copy.ts";
import { builderOf, joinSteps } from "./measure/measure-steps.ts";
import type { EngineRun } from "./with-engine.ts";

/** What is built, and how it is read. */
export interface ProofInput {
  readonly request: BuildRequest;
  readonly model: Model;
  /** Whether a path of the context reaches a build; what does not is not copied. Folders are asked for, too. */
  readonly isSent: (path: string) => boolean;
  /** Foretells a change for an engine. */
  readonly foretell: (change: Change, engine: ProvenEngine) => Forecast;
}

/** The engine that a forecast is for. */
interface ProvenEngine {
  readonly builder: "buildkit" | "classic";
  /** See {@link ForecastRequest.mergesLinks}. */
  readonly mergesLinks: boolean;
}

/** What one change did. */
interface CacheProof extends ProvenEngine {
  readonly version: string;
  readonly steps: readonly ComparedStep[];
  /** Whether forecast and engine say the same of every step. */
  readonly agrees: boolean;
  /** Of the build after the change, and of one without any. */
  readonly seconds: number;
  readonly warmSeconds: number;
}

/** A proof, or why there is none. */
export type ProofOutcome =
  | { readonly proof: CacheProof; readonly failure: undefined }
  | { readonly proof: undefined; readonly failure: BuildFailure };

/** Tries changes one after the other, each against the same filled cache. The context itself is not written to. */
export async function proveCache(
  run: EngineRun,
  input: ProofInput,
  changes: readonly Change[],
): Promise<ProofOutcome[]> {
  await using copy = await copyContext(input.request.context, input.isSent);
  const request = { ...input.request, ...(copy.path !== undefined && { context: copy.path }) };
  await using made = new StepImages(run);
  const filled = made.note(await buildImage(run, request));
  if (filled.failure !== undefined) return changes.map(() => ({ proof: undefined, failure: filled.failure }));
  let warm = made.note(await buildImage(run, request));
  // Where another build shares a step with this one, BuildKit may know neither's by its key afterwards.
  for (let more = 2; more > 0 && restless(input.model, warm).size > 0; more -= 1) {
    warm = made.note(await buildImage(run, request));
  }
  const always = restless(input.model, warm);
  const engine: ProvenEngine = {
    builder: builderOf(warm.steps),
    mergesLinks: await mergesLinks(run),
  };
  const attempt = async (change: Change): Promise<ProofOutcome> => {
    await using _ = await touch(copy.path, change.touched);
    const args = Object.fromEntries(
      change.args.map((name) => [name, change.values?.[name] ?? `dflint-${unique()}`]),
    );
    const again = made.note(
      await buildImage(run, { ...request, buildArgs: { ...request.buildArgs, ...args } }),
    );
    if (again.failure !== undefined) return { proof: undefined, failure: again.failure };
    const steps = compareSteps(input.foretell(change, engine), measured(input.model, again), always);
    const proof: CacheProof = {
      ...engine,
      version: run.engine.version,
      steps,
      agrees: steps.every((step) => step.agrees),
      seconds: again.duration / 1000,
      warmSeconds: warm.duration / 1000,
    };
    return { proof, failure: undefined };
  };
  const outcomes: ProofOutcome[] = [];
  for (const change of changes) {
    let outcome = await attempt(change);
    // Somebody else's build may have been in the way; what is wrong is wrong twice.
    if (outcome.proof?.agrees === false) outcome = await attempt(change);
    outcomes.push(outcome);
  }
  return outcomes;
}

/** How long each step takes when nothing is cached, or why that is not known. */
export async function measureSeconds(
  run: EngineRun,
  { request, model }: ProofInput,
): Promise<
  | { readonly seconds: ReadonlyMap<Instruction, number>; readonly failure: undefined }
  | { readonly seconds: undefined; readonly failure: BuildFailure }
> {
  await using made = new StepImages(run);
  const built = made.note(await buildImage(run, { ...request, noCache: true }));
  if (built.failure !== undefined) return { seconds: undefined, failure: built.failure };
  const seconds = [...measured(model, built)].map(
    ([instruction, step]) => [instruction, step.seconds] as const,
  );
  return { seconds: new Map(seconds), failure: undefined };
}

/** What runs though nothing has changed. */
function restless(model: Model, outcome: BuildOutcome): Set<Instruction> {
  const ran = [...measured(model, outcome)].filter(([, { state }]) => state === "runs");
  return new Set(ran.map(([instruction]) => instruction));
}

/** What the builder told, by instruction. */
function measured(model: Model, { steps }: BuildOutcome): Map<Instruction, MeasuredStep> {
  // BuildKit tells of a step more where it puts the layer of a COPY --link on the others.
  const told = steps.filter(
    ({ name, state }) => !name.startsWith("LINK ") && /^c(?:omplet|ach)ed$/.test(state),
  );
  const found = new Map<Instruction, MeasuredStep>();
  for (const [instruction, step] of joinSteps(model, told).byInstruction) {
    const stage = model.stageOf(instruction);
    // A step that two stages begin with is told of once; where only the other is needed, it is not this one's.
    const isOther = stage?.reachable === false && step.stage !== (stage.name ?? `stage-${stage.index}`);
    if (instruction.keyword === "FROM" || (isOther && step.stage !== undefined)) continue;
    const seconds = ((step.ended ?? step.started) - step.started) / 1000;
    found.set(instruction, { state: step.state === "cached" ? "cached" : "runs", seconds });
  }
  return found;
}

/** With images in containerd's store, BuildKit lays the layer of a COPY --link beside the others. */
async function mergesLinks({ engine, signal }: EngineRun): Promise<boolean> {
  const { DriverStatus } = await engine.docker.system.info({ signal });
  return (DriverStatus ?? []).some((pair) =>
    pair.some((text) => text.startsWith("io.containerd.snapshotter")),
  );
}

function unique(): string {
  return randomBytes(6).toString("hex");
}

/** The classic builder leaves an image for every step; those that were not there before are removed. */
class StepImages implements AsyncDisposable {
  readonly #run: EngineRun;
  readonly #made: string[] = [];

  constructor(run: EngineRun) {
    this.#run = run;
  }

  note<Outcome extends BuildOutcome>(outcome: Outcome): Outcome {
    for (const { image, state, name } of outcome.steps) {
      if (image !== undefined && state === "completed" && !/^FROM\b/i.test(name)) this.#made.push(image);
    }
    return outcome;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const image of this.#made.toReversed()) {
      // What something else needs by now stays.
      await this.#run.engine.docker.images
        .get(image)
        .remove()
        .catch(() => undefined);
    }
  }
}
