/** Builds a Dockerfile once and measures it: source line → build step → layer → bytes. */
import type { ContextFacts } from "../../linter/facts/context-facts.ts";
import type { Model } from "../../semantics/model.ts";
import { buildImage, type BuildFailure } from "../build-image.ts";
import { buildOf, ToldApart, triggersRun } from "./measure-build.ts";
import { measureLayers, measureTree, measureWaste, visibleBytes } from "./measure-contents.ts";
import { measureContext } from "./measure-context.ts";
import { factsOfBuild, type BuiltImage } from "./measure-facts.ts";
import { measureFindings } from "./measure-findings.ts";
import type { BudgetLimits, FixedFile, MeasureInput } from "./measure-input.ts";
import { measureInstructions } from "./measure-instructions.ts";
import { joinLayers, type LayerOrigin } from "./measure-layers.ts";
import { proveFixes } from "./measure-prove.ts";
import { builderOf, joinSteps, type Builder } from "./measure-steps.ts";
import { runTriggers } from "./run-triggers.ts";
import type {
  MeasuredBudget,
  MeasuredContext,
  MeasuredImage,
  MeasuredTogether,
  Measurement,
} from "../measurement.ts";
import type { ImageContents, models } from "../port.ts";
import type { EngineRun } from "../with-engine.ts";

/** A measurement, or why there is no image to measure. */
export type MeasureOutcome =
  | { readonly measurement: Measurement; readonly failure: undefined }
  | { readonly measurement: undefined; readonly failure: BuildFailure };

/** How to measure. */
export interface MeasureOptions {
  /** Whether builds are drawn on standard error. */
  readonly draw: boolean;
  /** Whether each fix is built, too. */
  readonly prove: boolean;
}

/** Builds and measures. What is made is left to whoever ends the run. */
export async function measure(
  run: EngineRun,
  input: MeasureInput,
  { draw, prove }: MeasureOptions,
): Promise<MeasureOutcome> {
  const { request } = input;
  const { model } = input.lint(undefined);
  const told = new ToldApart();
  const built = await buildImage(run, request, { draw, onEvent: (event) => told.add(event) });
  if (built.image === undefined) return { measurement: undefined, failure: built.failure };
  const { inspected, contents, history } = await lookAt(run, built.image);

  const builder = builderOf(built.steps);
  const steps = joinSteps(model, built.steps);
  const triggers = triggersRun(model, builder, steps, told);
  const origins = joinLayers(contents.layers, history, model, { builder, triggers });
  const instructions = measureInstructions(model, steps, origins, contents);
  const baseLayers = baseLayersOf(origins, contents);
  const image: MeasuredImage = {
    id: inspected.Id,
    bytes: bytesOf(contents, contents.layers.length),
    visibleBytes: visibleBytes(contents),
    entries: contents.files.size,
    base: {
      ...(model.target?.image.name !== undefined && { name: model.target.image.name }),
      layers: baseLayers,
      bytes: bytesOf(contents, baseLayers),
    },
    waste: measureWaste(contents, baseLayers),
    ...commandOf(inspected.Config),
    user: inspected.Config?.User ?? "",
  };
  const ran = await runTriggers(run, model, { builder, steps: built.steps, joined: steps, told });
  const context = input.context && contextOf(input.context, model, input.inContext, builder, told, ran);
  const facts = factsOfBuild(run, input.path, model, { inspected, contents, history, builder });
  const together = input.fix(facts);
  const lint = input.lint(facts);
  const { findings, fixes, texts } = measureFindings(lint, input, { contents, instructions, baseLayers });
  const indexOf = new Map(model.dockerfile.instructions.map((instruction, index) => [instruction, index]));
  const measurement: Measurement = {
    path: input.path,
    text: request.text,
    build: {
      ...(input.build !== undefined && { name: input.build }),
      ...buildOf(run, built, builder, request, steps),
    },
    image,
    layers: measureLayers(contents, origins, (origin) =>
      "instruction" in origin ? indexOf.get(origin.instruction) : undefined,
    ),
    instructions,
    findings,
    ...(context !== undefined && { context }),
    tree: measureTree(contents),
    budgets: budgetsOf(image, input.limits),
    fixes,
    ...(together && { together: togetherOf(together, input) }),
    notes: notesOf(origins, input.context),
  };
  return {
    measurement: prove ? await proveFixes(run, request, measurement, { texts, together }, draw) : measurement,
    failure: undefined,
  };
}

async function lookAt({ engine, signal }: EngineRun, image: string): Promise<Omit<BuiltImage, "builder">> {
  const handle = engine.docker.images.get(image);
  const inspected = await handle.inspect({ signal });
  const contents = await handle.contents({ signal });
  const history = (await handle.history({ signal })).map(({ CreatedBy }) => CreatedBy).toReversed();
  return { inspected, contents, history };
}

function togetherOf(
  { text, ignoreText, fixes }: FixedFile,
  { request, path, context, diff }: MeasureInput,
): MeasuredTogether {
  const ignored = context?.ignoreFile;
  const ofIgnoreFile = {
    path: ignored?.path ?? ".dockerignore",
    before: ignored?.text,
    after: ignoreText ?? "",
  };
  const diffs = [diff({ path, before: request.text, after: text }), diff(ofIgnoreFile)];
  return { fixes, diff: diffs.join("") };
}

/** Where nothing tells the origins, what the SDK knows of the base image by its name. */
function baseLayersOf(origins: readonly LayerOrigin[], { waste }: ImageContents): number {
  if (origins.some(({ kind }) => kind === "unknown")) return waste.baseLayers;
  return origins.filter(({ kind }) => kind === "base").length;
}

function bytesOf({ layers }: ImageContents, count: number): number {
  return layers.slice(0, count).reduce((sum, { size }) => sum + size, 0);
}

function commandOf(config: models.ImageInspect["Config"]): { command?: string } {
  const words = [...(config?.Entrypoint ?? []), ...(config?.Cmd ?? [])];
  if (words.length === 0) return {};
  return {
    command: words.map((word) => (/^[\w./:=@%+-]+$/.test(word) ? word : JSON.stringify(word))).join(" "),
  };
}

function contextOf(
  facts: ContextFacts,
  model: Model,
  inContext: string | undefined,
  builder: Builder,
  told: ToldApart,
  ran: readonly string[],
): MeasuredContext {
  const context = measureContext(facts, model, inContext, ran);
  // The classic builder is sent all of it, whatever it takes.
  const sentBytes = builder === "classic" ? context.bytes : told.sentBytes;
  return { ...context, ...(sentBytes !== undefined && { sentBytes }) };
}

function budgetsOf({ bytes, waste }: MeasuredImage, limits: BudgetLimits): MeasuredBudget[] {
  const budgets = [
    { name: "image-bytes", limit: limits.imageBytes, actual: bytes },
    { name: "wasted-bytes", limit: limits.wastedBytes, actual: waste.ownBytes },
  ] as const;
  return budgets.flatMap(({ name, limit, actual }) =>
    limit === undefined ? [] : [{ name, limit, actual, kept: actual <= limit }],
  );
}

function notesOf(origins: readonly LayerOrigin[], context: ContextFacts | undefined): string[] {
  return [
    ...(origins.some(({ kind }) => kind === "unknown")
      ? [
          "The image's history does not fit the Dockerfile, so its layers cannot be told apart by instruction.",
        ]
      : []),
    ...(context?.truncated === true
      ? [`The context ${context.path} holds more files than are looked at: its sums are lower bounds.`]
      : []),
  ];
}
