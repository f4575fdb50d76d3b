/** What a bake file builds: JSON as `docker buildx bake` reads it and `docker buildx bake --print` writes it. */
import { resolve } from "node:path";
import {
  asContexts,
  asMapping,
  asPairs,
  asTexts,
  BuildsFileError,
  isFolder,
  type BuildTarget,
  type Mapping,
} from "./build-target.ts";

/** The targets, in their order. Paths start from `folder`, which for bake is the working folder. */
export function bakeTargets(path: string, data: unknown, folder: string): readonly BuildTarget[] {
  const targets = asMapping(asMapping(data)?.["target"]);
  if (targets === undefined) {
    throw new BuildsFileError(
      `${path}: is no bake file: it has no "target". docker buildx bake --print shows one.`,
    );
  }
  const known = new Map<string, Mapping>();
  return (
    Object.keys(targets)
      // By convention these are there to be inherited.
      .filter((name) => !name.startsWith("_"))
      .map((name) => targetOf(name, inherited(path, targets, name, [], known), folder))
  );
}

/** The targets behind a name: those of a group, and of the groups in it; or the target itself. */
export function bakeGroup(data: unknown, name: string): ReadonlySet<string> {
  const groups = asMapping(asMapping(data)?.["group"]) ?? {};
  const found = new Set([name]);
  // A set tells members that are added while it is walked, and each once.
  for (const member of found) {
    const group = Object.hasOwn(groups, member) ? asMapping(groups[member]) : undefined;
    for (const one of asTexts(group?.["targets"] ?? [])) found.add(one);
  }
  return found;
}

/** A target with all that it inherits below it; of several, the later one wins. */
function inherited(
  path: string,
  targets: Mapping,
  name: string,
  above: readonly string[],
  known: Map<string, Mapping>,
): Mapping {
  const ready = known.get(name);
  if (ready !== undefined) return ready;
  const own = Object.hasOwn(targets, name) ? asMapping(targets[name]) : undefined;
  if (own === undefined && above.length === 0)
    throw new BuildsFileError(`${path}: target "${name}" is no object.`);
  if (own === undefined)
    throw new BuildsFileError(`${path}: target "${above.at(-1)}" inherits "${name}", which is not there.`);
  if (above.includes(name)) throw new BuildsFileError(`${path}: target "${name}" inherits itself.`);
  let merged: Mapping = {};
  for (const base of asTexts(own["inherits"] ?? [])) {
    merged = laidOver(merged, inherited(path, targets, base, [...above, name], known));
  }
  merged = laidOver(merged, own);
  known.set(name, merged);
  return merged;
}

function laidOver(base: Mapping, own: Mapping): Mapping {
  const both = (key: string): Mapping => ({ ...asMapping(base[key]), ...asMapping(own[key]) });
  return { ...base, ...own, args: both("args"), contexts: both("contexts") };
}

function targetOf(name: string, value: Mapping, folder: string): BuildTarget {
  const [context = "."] = asTexts(value["context"] ?? []);
  const [path = "Dockerfile"] = asTexts(value["dockerfile"] ?? []);
  const [text] = asTexts(value["dockerfile-inline"] ?? []);
  const root = isFolder(context) ? resolve(folder, context) : undefined;
  return {
    kind: "target",
    name,
    context: root,
    dockerfile: text === undefined ? { path: root === undefined ? path : resolve(root, path) } : { text },
    buildArgs: asPairs(value["args"] ?? [], {}),
    target: asTexts(value["target"] ?? [])[0],
    platforms: asTexts(value["platforms"] ?? []),
    contexts: asContexts(asPairs(value["contexts"] ?? [], {}), folder),
  };
}
