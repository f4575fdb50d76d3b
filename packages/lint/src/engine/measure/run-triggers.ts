/** The ONBUILD triggers that a build ran: they take files of its context, and stand in no line of its Dockerfile. */
import type { Model } from "../../semantics/model.ts";
import type { ToldApart } from "./measure-build.ts";
import { triggersOf, type Builder, type JoinedSteps } from "./measure-steps.ts";
import type { TracedStep } from "../build-trace.ts";
import type { EngineRun } from "../with-engine.ts";

/** What is known of a build. */
interface TracedBuild {
  readonly builder: Builder;
  readonly steps: readonly TracedStep[];
  readonly joined: JoinedSteps;
  readonly told: ToldApart;
}

const ONBUILD = /^ONBUILD\s+/;

/** The instructions that triggers ran, without the word ONBUILD. BuildKit names them; of the classic builder's their count is told. */
export async function runTriggers(
  { engine, signal }: EngineRun,
  model: Model,
  { builder, steps, joined, told }: TracedBuild,
): Promise<readonly string[]> {
  if (builder === "buildkit") {
    // Before Docker 28 their steps bear no ONBUILD; those are known by the stages that ran them.
    const known = new Set([...joined.triggers.values()].flat());
    return steps
      .filter((step) => known.has(step) || ONBUILD.test(step.name))
      .map(({ name }) => name.replace(ONBUILD, ""));
  }
  const texts: string[] = [];
  for (const number of told.triggers.keys()) {
    const from = model.dockerfile.instructions[number - 1];
    const stage = model.stages.find((one) => one.from === from);
    if (stage?.base.stage !== undefined) {
      texts.push(...triggersOf(stage.base.stage).map(({ span }) => model.dockerfile.source.slice(span)));
    } else if (stage?.image.name !== undefined) {
      const { Config } = await engine.docker.images.get(stage.image.name).inspect({ signal });
      texts.push(...(Config?.OnBuild ?? []));
    }
  }
  return texts;
}
