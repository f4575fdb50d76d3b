/** What surrounds the calls of a RUN and may keep their caches out of the layer. */
import type { CacheSurroundings } from "../shell/cache-escape.ts";
import type { Script } from "../shell/nodes.ts";
import type { RunInstruction } from "../syntax/nodes.ts";
import type { Model } from "./model.ts";
import { instructionBefore } from "./siblings.ts";

/** The targets of the RUN's mounts of type cache and tmpfs: what is written there is in no layer. */
export function scratchMounts(run: RunInstruction, model: Model): string[] {
  return run.mounts.flatMap(({ type, options }): string[] => {
    if (type !== "cache" && type !== "tmpfs") return [];
    const target = options.find(
      ({ key }) => key === "target" || key === "dst" || key === "destination",
    )?.value;
    const path = target && (model.expand(target, run).value ?? target.text);
    if (path === undefined) return [];
    if (path.startsWith("/")) return [path];
    const workdir = model.state(run).workdir?.value ?? "";
    return [`${workdir.replace(/\/$/, "")}/${path}`];
  });
}

/** What surrounds the calls of a script: mounts, the variables of the image and those that the script exports. */
export function cacheSurroundings(run: RunInstruction, script: Script, model: Model): CacheSurroundings {
  return {
    mounts: scratchMounts(run, model),
    environment: (name) => valueAround(name, run, script, model),
  };
}

function valueAround(name: string, run: RunInstruction, script: Script, model: Model): string | undefined {
  if (script.sets(name)) return script.variable(name);
  const variable = model.state(run).variable(name);
  if (variable !== undefined) return variable.value;
  // No state is kept of what ONBUILD holds, nor of what stands before the first FROM.
  if (run.onbuild === undefined && model.stageOf(run) !== undefined) return undefined;
  for (let one = instructionBefore(run, model); one !== undefined; one = instructionBefore(one, model)) {
    const pair = one.keyword === "ENV" ? one.pairs.findLast(({ key }) => key.text === name) : undefined;
    if (pair !== undefined) return pair.value.text.replace(/^(["'])(.*)\1$/, "$2");
  }
  return undefined;
}
