/** Which stages need which: a graph of what they are based on, copy and mount from. */
import type { Dependency, Model, Stage } from "../model.ts";

/** The stages that some stages need, themselves included. */
export function stagesNeededBy(roots: Iterable<Stage>): ReadonlySet<Stage> {
  const needed = new Set<Stage>();
  const open = [...roots];
  for (let stage = open.pop(); stage !== undefined; stage = open.pop()) {
    if (needed.has(stage)) continue;
    needed.add(stage);
    for (const { stage: other } of stage.dependencies) if (other !== undefined) open.push(other);
  }
  return needed;
}

const bases = new WeakMap<Model, ReadonlySet<Stage>>();

/** Whether another stage is based on this one. */
export function isBase(stage: Stage, model: Model): boolean {
  let known = bases.get(model);
  if (known === undefined) {
    known = new Set(model.stages.flatMap(({ base }) => base.stage ?? []));
    bases.set(model, known);
  }
  return known.has(stage);
}

/** One step of a circle of stages. */
export interface CycleStep {
  readonly stage: Stage;
  readonly dependency: Dependency;
}

/**
 * The circles of stages that need each other, one for each group that is entangled. Each begins with a step to a later
 * stage: there is always one, since FROM finds only what stands above. A stage that needs itself is left out.
 */
export function stageCycles(stages: readonly Stage[]): (readonly CycleStep[])[] {
  const leadsOn = ({ index, dependencies }: Stage): boolean =>
    dependencies.some(({ stage }) => stage !== undefined && stage.index > index);
  if (!stages.some(leadsOn)) return [];
  const cycles: (readonly CycleStep[])[] = [];
  const seen = new Set<Stage>();
  for (const stage of stages) if (!seen.has(stage)) searchFrom(stage, seen, cycles);
  return cycles;
}

/** A stage on the way, and how many of its dependencies were followed. */
interface Visit {
  readonly stage: Stage;
  followed: number;
}

/** Goes down into the depth; what leads back to a stage on the way closes a circle. */
function searchFrom(start: Stage, seen: Set<Stage>, cycles: (readonly CycleStep[])[]): void {
  const way: Visit[] = [{ stage: start, followed: 0 }];
  const depths = new Map<Stage, number>([[start, 0]]);
  // Circles that share a stage are one tangle; of each the first is told.
  let told = -1;
  seen.add(start);
  for (let top = way.at(-1); top !== undefined; top = way.at(-1)) {
    const dependency = top.stage.dependencies[top.followed];
    top.followed += 1;
    const other = dependency?.stage;
    if (dependency === undefined) {
      depths.delete(top.stage);
      way.pop();
      told = Math.min(told, way.length - 1);
      continue;
    }
    if (other === undefined || other === top.stage) continue;
    const depth = depths.get(other);
    if (depth !== undefined && depth > told) {
      told = way.length - 1;
      cycles.push(circle(way.slice(depth)));
    }
    if (seen.has(other)) continue;
    seen.add(other);
    depths.set(other, way.length);
    way.push({ stage: other, followed: 0 });
  }
}

function circle(way: readonly Visit[]): CycleStep[] {
  const steps = way.flatMap(({ stage, followed }): CycleStep[] => {
    const dependency = stage.dependencies[followed - 1];
    return dependency === undefined ? [] : [{ stage, dependency }];
  });
  const first = steps.findIndex(({ stage, dependency }) => (dependency.stage?.index ?? 0) > stage.index);
  return [...steps.slice(first), ...steps.slice(0, first)];
}
