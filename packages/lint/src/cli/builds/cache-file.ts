/** What `dflint cache` tells of one Dockerfile. */
import { contextFiles, UNKNOWN_CONTEXT, type ContextFiles } from "../../cache/context-files.ts";
import type { Change } from "../../cache/change.ts";
import { forecast, type Forecast, type ForecastRequest } from "../../cache/forecast.ts";
import { weighHistory, type HistoryInput } from "../../cache/history.ts";
import type { BuildFailure } from "../../engine/build-image.ts";
import type { MeasureInput } from "../../engine/measure/measure-input.ts";
import { measureSeconds, proveCache, type ProofInput } from "../../engine/prove-cache.ts";
import type { EngineRun } from "../../engine/with-engine.ts";
import { cacheHistory, cacheStep, type CacheReport } from "../../report/cache-report.ts";
import { analyse } from "../../semantics/analyse.ts";
import type { Instruction } from "../../syntax/nodes.ts";
import { parseDockerfile } from "../../syntax/parser.ts";
import { UsageError } from "../usage-error.ts";
import { nameOf } from "./built-files.ts";
import { commitPaths } from "../git/commit-paths.ts";
import { linkResolver, touchedPaths } from "./touched-paths.ts";

/** What is asked about every file. */
export interface Question {
  readonly touched: readonly string[];
  /** The arguments that change, with their new values where those are given. */
  readonly args: ReadonlyMap<string, string | undefined>;
  readonly base: boolean;
  readonly builder: "auto" | "buildkit" | "classic";
  /** How many commits to weigh; undefined weighs none. */
  readonly commits: number | undefined;
  /** Whether it is asked about one file alone: of several, not each has what changes. */
  readonly isOfOne: boolean;
}

/** Answers for one file; with an engine, by building it. Throws a {@link UsageError}. */
export async function askFile(
  input: MeasureInput,
  question: Question,
  run: EngineRun | undefined,
): Promise<CacheReport | { readonly failure: BuildFailure }> {
  const { request, context: facts } = input;
  const dockerfile = parseDockerfile(request.text);
  const context = facts === undefined ? UNKNOWN_CONTEXT : contextFiles(facts, linkResolver(request.context));
  const { paths, notes: touchNotes } = touchedPaths(question, request.context, facts, context);
  const values = Object.fromEntries(
    [...question.args].flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  const change: Change = { touched: paths, args: [...question.args.keys()], values, base: question.base };
  const options = {
    ...(request.buildArgs !== undefined && { buildArgs: request.buildArgs }),
    ...(request.target !== undefined && { target: request.target }),
    ...(request.platform !== undefined && { platform: request.platform }),
    ...(request.contexts !== undefined && { namedContexts: Object.keys(request.contexts) }),
  };
  const foretell = (engine: Pick<ForecastRequest, "builder" | "mergesLinks">, what = change): Forecast =>
    forecast({ dockerfile, options, context, change: what, ...engine });
  const proofInput: ProofInput = {
    request: { ...request, builder: question.builder },
    model: analyse(dockerfile, options),
    isSent: (one) => isSent(one, context, facts !== undefined),
    foretell: (what, engine) => foretell(engine, what),
  };
  const notes = [
    ...dockerfile.problems.slice(0, 1).map(({ message }) => `It does not build as it is: ${message}`),
    ...touchNotes,
    ...[input.inContext, facts?.ignoreFile?.path]
      .filter((own) => own !== undefined && paths.includes(own))
      .map((own) => `Of ${own} only the content as a file counts here: what it says is taken as it is.`),
    ...Object.keys(request.contexts ?? {}).map(
      (name) => `What the build context "${name}" holds is taken as it is.`,
    ),
    ...argNotes(change, dockerfile.instructions),
  ];
  const hasChange = paths.length > 0 || change.args.length > 0 || change.base;
  const history = await historyOf(question.commits, { dockerfile, options, context }, proofInput, run);
  if (history !== undefined && "failure" in history) return history;
  const shared = { ...nameOf(input), ...(history !== undefined && { history }) };
  const builder = question.builder === "auto" ? "buildkit" : question.builder;
  if (!hasChange) return { ...shared, builder, notes };
  if (run === undefined) {
    const foretold = foretell({ builder });
    return {
      ...shared,
      builder,
      asked: question.touched,
      change,
      steps: foretold.steps.map(cacheStep),
      ...differing(foretold, foretell({ builder: builder === "buildkit" ? "classic" : "buildkit" })),
      notes,
    };
  }
  const [outcome] = await proveCache(run, proofInput, [change]);
  if (outcome === undefined) throw new Error("one change has one outcome");
  if (outcome.failure !== undefined) return { failure: outcome.failure };
  const { proof } = outcome;
  const restless = proof.steps.filter(({ isRestless }) => isRestless);
  return {
    ...shared,
    builder: proof.builder,
    asked: question.touched,
    change,
    steps: proof.steps.map(cacheStep),
    proof: {
      engine: proof.version,
      agrees: proof.agrees,
      seconds: proof.seconds,
      warmSeconds: proof.warmSeconds,
      disagreements: proof.steps
        .filter(({ agrees }) => !agrees)
        .map(({ instruction }) => instruction.startLine),
    },
    notes: [
      ...notes,
      ...restless.map(({ instruction }) => `Line ${instruction.startLine} runs though nothing has changed.`),
    ],
  };
}

async function historyOf(
  commits: number | undefined,
  input: Omit<HistoryInput, "commits">,
  proofInput: ProofInput,
  run: EngineRun | undefined,
): Promise<CacheReport["history"] | { readonly failure: BuildFailure }> {
  if (commits === undefined) return undefined;
  const { context: folder } = proofInput.request;
  if (folder === undefined) throw new UsageError("--history needs a build context: --context DIR.");
  const paths = commitPaths(folder, commits);
  const measured = run && (await measureSeconds(run, proofInput));
  if (measured?.failure !== undefined) return { failure: measured.failure };
  return cacheHistory(weighHistory({ ...input, commits: paths, seconds: measured?.seconds }));
}

/** Lines that the other builder treats in another way, metadata aside that is no step of BuildKit's. */
function differing(own: Forecast, other: Forecast): Pick<CacheReport, "otherBuilder"> {
  const lines = own.steps.flatMap(({ instruction, state }, index) => {
    const theirs = other.steps[index]?.state;
    const isSame = theirs === state || state === "none" || theirs === "none";
    return isSame ? [] : [instruction.startLine];
  });
  return lines.length === 0 ? {} : { otherBuilder: { builder: other.builder, lines: [...new Set(lines)] } };
}

function isSent(path: string, context: ContextFiles, isKnown: boolean): boolean {
  if (!isKnown || !context.isIgnored(path, "buildkit") || !context.isIgnored(path, "classic")) return true;
  // What is in a folder may be let in again.
  return context.typeOf(path) === "directory" && context.mayHoldSent(path);
}

function argNotes({ args }: Change, instructions: readonly Instruction[]): string[] {
  const declared = new Set(
    instructions.flatMap((one) =>
      one.keyword === "ARG" ? one.declarations.map(({ name }) => name.text) : [],
    ),
  );
  return args
    .filter((name) => !declared.has(name))
    .map((name) => `No ARG declares ${name}, so nothing depends on it.`);
}
