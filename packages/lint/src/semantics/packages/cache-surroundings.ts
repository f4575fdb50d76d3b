/** What surrounds the calls of a RUN and may keep their caches out of the layer. */
import type { CacheSurroundings } from "../../shell/package-managers/cache-escape.ts";
import type { Script } from "../../shell/nodes.ts";
import type { Instruction, Mount, RunInstruction } from "../../syntax/nodes.ts";
import type { Model } from "../model.ts";
import { siblings } from "../stages/siblings.ts";

/** The targets of the RUN's mounts of type cache and tmpfs: what is written there is in no layer. */
export function scratchMounts(run: RunInstruction, model: Model): string[] {
  return mountTargets(run, model, ({ type }) => type === "cache" || type === "tmpfs");
}

/** The targets of the RUN's mounts that hide what layers hold there. */
export function hidingMounts(run: RunInstruction, model: Model): string[] {
  return mountTargets(run, model, ({ type }) => type !== "ssh" && type !== "secret");
}

function mountTargets(run: RunInstruction, model: Model, isMeant: (mount: Mount) => boolean): string[] {
  return run.mounts.flatMap((mount): string[] => {
    const { options } = mount;
    if (!isMeant(mount)) return [];
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
  const known = run.onbuild === undefined ? preambles : triggers;
  const list = siblings(run, model);
  let values = known.get(list);
  if (values === undefined) known.set(list, (values = new Map()));
  let along = values.get(name);
  if (along === undefined) values.set(name, (along = valuesAlong(name, list, run.onbuild !== undefined)));
  return along[model.positionOf(run)];
}

type Values = WeakMap<readonly Instruction[], Map<string, readonly (string | undefined)[]>>;

// Each variable is followed once through a list, since every call of a RUN asks for it.
const preambles: Values = new WeakMap();
const triggers: Values = new WeakMap();

/** What the ENVs before each place of a list make of a variable. Of ONBUILDs, those in a row are read together. */
function valuesAlong(name: string, list: readonly Instruction[], inOnbuild: boolean): (string | undefined)[] {
  let value: string | undefined;
  return list.map((one) => {
    const before = value;
    const own = inOnbuild ? (one.keyword === "ONBUILD" ? one.inner : undefined) : one;
    if (own === undefined) value = undefined;
    const pair = own?.keyword === "ENV" ? own.pairs.findLast(({ key }) => key.text === name) : undefined;
    if (pair !== undefined) value = pair.value.text.replace(/^(["'])(.*)\1$/, "$2");
    return before;
  });
}
