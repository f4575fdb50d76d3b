/**
 * Foretells which steps of a build run again after a change, without an engine.
 *
 * BuildKit's keys are made of a step's text with its variables put in, the key of the step before, and, for what COPY,
 * ADD and mounts take, of the contents with modes, not of times. So a COPY from a stage that ran again is cached if
 * the files it takes came out the same. The classic builder makes a step of every instruction, runs stages that nobody
 * needs, and takes the ARGs for a part of a RUN, too.
 */
import { analyse } from "../semantics/analyse.ts";
import type { AnalyseOptions, Stage } from "../semantics/model.ts";
import type { Dockerfile } from "../syntax/nodes.ts";
import type { Change } from "./change.ts";
import { changedFor, type Builder, type ContextFiles, UNKNOWN_CONTEXT } from "./context-files.ts";
import type { ForecastStep } from "./forecast-step.ts";
import { StageForecast } from "./stage-forecast.ts";
import type { TwoModels } from "./changed-variables.ts";

/** What is foretold, and for whom. */
export interface ForecastRequest {
  readonly dockerfile: Dockerfile;
  readonly options?: AnalyseOptions | undefined;
  readonly change: Change;
  /** Default: every path is sent. */
  readonly context?: ContextFiles | undefined;
  /** Default `buildkit`. */
  readonly builder?: Builder | undefined;
  /**
   * Whether the engine puts the layers of `COPY --link` beside others, as it does with images in containerd's store;
   * with other stores they are copied like any. Undefined: not known.
   */
  readonly mergesLinks?: boolean | undefined;
}

/** What becomes of all. */
export interface Forecast {
  readonly builder: Builder;
  /** In the file's order; what ONBUILD brings into a stage stands before its own instructions. */
  readonly steps: readonly ForecastStep[];
}

/** No value that anybody would give. */
const OTHER_VALUE = "another value of --change-arg";

/** Compares the build as it is with the one after the change. */
export function forecast(request: ForecastRequest): Forecast {
  const { dockerfile, change, context = UNKNOWN_CONTEXT, builder = "buildkit" } = request;
  const options: AnalyseOptions = { ...request.options, builder };
  const buildArgs = options.buildArgs ?? {};
  const nextArgs = {
    ...buildArgs,
    ...Object.fromEntries(change.args.map((name) => [name, change.values?.[name] ?? OTHER_VALUE])),
  };
  const now = analyse(dockerfile, options);
  const next = change.args.length === 0 ? now : analyse(dockerfile, { ...options, buildArgs: nextArgs });
  const models: TwoModels = { now, next, buildArgs, nextArgs };
  const touched = changedFor(builder, change.touched, context);
  const known = new Map<Stage, StageForecast>();
  const steps = now.stages.flatMap((stage): readonly ForecastStep[] => {
    const own = new StageForecast({
      stage,
      nextBase: next.stages[stage.index]?.base,
      models,
      known,
      change: { ...change, touched },
      context,
      builder,
      mergesLinks: request.mergesLinks,
    });
    known.set(stage, own);
    const needed =
      builder === "buildkit" ? stage.reachable : stage.index <= (now.target?.index ?? stage.index);
    if (needed) return own.steps;
    return stage.instructions.map((instruction) => ({
      instruction,
      stage,
      state: "skipped",
      because: "",
      own: "cached",
    }));
  });
  return { builder, steps };
}
