/** What COPY and ADD take of what changed, and where they put it. */
import { baseName } from "../source/path.ts";
import { isArchiveName, sourceKind } from "../semantics/paths/source-kind.ts";
import { cleanContextPath } from "../semantics/paths/taken-paths.ts";
import { absolutePath, isBelowUnknown } from "../semantics/paths/absolute-path.ts";
import type { Model } from "../semantics/model.ts";
import type { AddInstruction, CopyInstruction } from "../syntax/nodes.ts";
import type { Builder, ContextFiles } from "./context-files.ts";
import type { DifferingFiles, Look } from "./differing-files.ts";
import { hitOf, hitOfParents, isExcluded, isPattern, type Hit } from "./source-pattern.ts";
import { CACHED, runs, worst, type Verdict } from "./verdict.ts";

/** A COPY or ADD with its words put in. */
export interface Copying {
  readonly instruction: CopyInstruction | AddInstruction;
  /** Cleaned, without a leading `/`; no URLs, and nothing that cannot be known. */
  readonly sources: readonly string[];
  /** Absolute; undefined where it is not known. */
  readonly destination: string | undefined;
  /** Whether the destination is a folder for certain. */
  readonly isFolder: boolean;
  readonly excludes: readonly string[];
  readonly keepsParents: boolean;
}

/** Reads a COPY or ADD. */
export function copyingOf(instruction: CopyInstruction | AddInstruction, model: Model): Copying {
  const sources = instruction.sources.flatMap((word): string[] => {
    const expansion = model.expand(word, instruction);
    const value = expansion.value ?? expansion.whenUnset;
    if (value === undefined || (instruction.keyword === "ADD" && sourceKind(value) !== "local")) return [];
    return [value];
  });
  const target = instruction.destination && model.expand(instruction.destination, instruction);
  const text = target?.value ?? target?.whenUnset;
  const destination = text === undefined ? undefined : absolutePath(text, instruction, model);
  const isWorkdir = destination !== undefined && destination === absolutePath(".", instruction, model);
  return {
    instruction,
    sources,
    destination,
    isFolder: isWorkdir || /(?:^|\/)\.?$/.test(text ?? "") || instruction.sources.length > 1,
    excludes: instruction.flags.flatMap(({ name, value }) =>
      name === "exclude" && value !== undefined ? [value.text] : [],
    ),
    keepsParents: instruction.flags.some(({ name, value }) => name === "parents" && value?.text !== "false"),
  };
}

/** What a COPY takes of the touched files of the context; they then differ in the stage, too. */
export function copyFromContext(
  copying: Copying,
  touched: readonly string[],
  files: DifferingFiles,
  context: ContextFiles,
  builder: Builder,
): Verdict {
  overwrite(copying, touched, files, context, builder);
  const taken = copying.sources.flatMap((source): Verdict[] => {
    const named = copying.keepsParents ? source : context.resolve(cleanContextPath(source));
    return touched.flatMap((path): Verdict[] => {
      const hit = takes(copying, named, path);
      if (hit === undefined) return [];
      const because = `it takes ${path}`;
      land(copying, source, hit, files, because);
      return [runs(because)];
    });
  });
  return worst(taken);
}

/** What a COPY takes of the files of a stage that differ. */
export function copyFromStage(copying: Copying, from: DifferingFiles, files: DifferingFiles): Verdict {
  const looks = copying.sources.map((source): Look => {
    const { verdict, hits } = from.look(cleanContextPath(source));
    const kept = hits.filter((hit) => !isExcluded(copying.excludes, hit.rest));
    for (const hit of kept) land(copying, source, hit, files, verdict.because);
    return { verdict: kept.length === 0 && hits.length > 0 ? CACHED : verdict, hits: kept };
  });
  const verdict = worst(looks.map((look) => look.verdict));
  if (verdict.state === "maybe") {
    const { destination } = copying;
    if (destination === undefined || isBelowUnknown(destination)) files.doubt(verdict.because);
    else files.doubtAt(destination, verdict.because);
  }
  return verdict;
}

/** A COPY that the builder reads in another way puts something else at its destination; heredocs for certain. */
export function changeDestination(copying: Copying, files: DifferingFiles, { because }: Verdict): void {
  const { destination, instruction, isFolder } = copying;
  if (destination === undefined || isBelowUnknown(destination)) return files.doubt(because);
  for (const { name } of instruction.heredocs) {
    files.add(isFolder ? join(destination, name) : destination, because);
  }
  if (instruction.sources.length > 0) files.doubtAt(destination, because);
}

function takes({ keepsParents, excludes }: Copying, source: string, path: string): Hit | undefined {
  const hit = keepsParents ? hitOfParents(cleanContextPath(source), path) : hitOf(source, path);
  if (hit === undefined) return undefined;
  return isExcluded(excludes, hit.rest) ? undefined : hit;
}

/** A file that was taken differs where it was put. */
function land(copying: Copying, source: string, hit: Hit, files: DifferingFiles, because: string): void {
  const { destination, instruction, isFolder, keepsParents } = copying;
  if (destination === undefined || isBelowUnknown(destination)) return files.doubt(because);
  const unpacked = instruction.keyword === "ADD" && hit.rest === "" && isArchiveName(hit.named);
  if (keepsParents) {
    const pivot = source.indexOf("/./");
    const above = pivot === -1 ? 0 : cleanContextPath(source.slice(0, pivot)).length + 1;
    files.add(join(destination, join(hit.named, hit.rest).slice(above)), because);
  } else if (hit.rest !== "") files.add(join(destination, hit.rest), because);
  else if (unpacked || !(isFolder || isPattern(source))) files.add(destination, because);
  else if (isFolder) files.add(join(destination, baseName(hit.named)), because);
  else files.add(destination, because);
}

/** What differed, and is overwritten by a file that is as it was, differs no more. */
function overwrite(
  copying: Copying,
  touched: readonly string[],
  files: DifferingFiles,
  context: ContextFiles,
  builder: Builder,
): void {
  const { destination, isFolder, keepsParents, excludes } = copying;
  if (destination === undefined || isBelowUnknown(destination)) return;
  if (keepsParents || excludes.length > 0) return;
  const target = cleanContextPath(destination);
  for (const path of files.certain) {
    for (const source of copying.sources.map(cleanContextPath)) {
      if (isPattern(source)) continue;
      const type = context.typeOf(source);
      const below = hitOf(target, path)?.rest;
      const origin =
        type === "directory" && below !== undefined && below !== ""
          ? join(source, below)
          : type === "file" && path === (isFolder ? join(target, baseName(source)) : target)
            ? source
            : undefined;
      if (origin === undefined || context.typeOf(origin) !== "file") continue;
      if (!touched.includes(origin) && !context.isIgnored(origin, builder)) files.remove(path);
    }
  }
}

function join(folder: string, name: string): string {
  if (folder === "" || name === "") return folder + name;
  return folder.endsWith("/") ? folder + name : `${folder}/${name}`;
}
