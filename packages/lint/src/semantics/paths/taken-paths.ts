/** What a build takes from its context: the sources of COPY and ADD, and bind mounts. */
import type { Span } from "../../source/span.ts";
import type { AddInstruction, CopyInstruction, Instruction, RunInstruction } from "../../syntax/nodes.ts";
import type { Model, Stage } from "../model.ts";
import { sourceKind } from "./source-kind.ts";

/** One path, or pattern of paths, that an instruction takes from the build context. */
export interface TakenPath {
  /** Relative to the context, cleaned: without `./`, a leading `/` and `x/../`; "" is all of it. May hold wildcards. */
  readonly path: string;
  /** The word that names it; for a mount, the mount. */
  readonly span: Span;
  readonly instruction: CopyInstruction | AddInstruction | RunInstruction;
  /** The patterns of `--exclude`. */
  readonly excludes: readonly string[];
}

/** What a stage takes, in order. What ONBUILD holds takes from another build's context, so it is left out. */
export function takenPaths(stage: Stage, model: Model): TakenPath[] {
  return stage.instructions.flatMap((instruction) => pathsTakenBy(instruction, model));
}

/** What one instruction takes; paths that depend on something unknown are left out. */
export function pathsTakenBy(instruction: Instruction, model: Model): TakenPath[] {
  if (instruction.onbuild !== undefined) return [];
  if (instruction.keyword === "RUN") return mountedPaths(instruction, model);
  if (instruction.keyword !== "COPY" && instruction.keyword !== "ADD") return [];
  if (instruction.flags.some(({ name }) => name === "from")) return [];
  const excludes = instruction.flags.flatMap(({ name, value }) =>
    name === "exclude" && value !== undefined ? [value.text] : [],
  );
  return instruction.sources.flatMap((word): TakenPath[] => {
    const { value } = model.expand(word, instruction);
    if (value === undefined || (instruction.keyword === "ADD" && sourceKind(value) !== "local")) return [];
    return [{ path: cleanContextPath(value), span: word.span, instruction, excludes }];
  });
}

function mountedPaths(run: RunInstruction, model: Model): TakenPath[] {
  return run.mounts.flatMap(({ type, options, flag }): TakenPath[] => {
    if (type !== "bind" || options.some(({ key }) => key === "from")) return [];
    const source = options.find(({ key }) => key === "source" || key === "src")?.value;
    const value = source === undefined ? "" : model.expand(source, run).value;
    if (value === undefined) return [];
    return [{ path: cleanContextPath(value), span: flag.span, instruction: run, excludes: [] }];
  });
}

/** A path as it is within the context, where `/` is the context itself; "" is all of it. */
export function cleanContextPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") parts.pop();
    else parts.push(part);
  }
  // A lone star matches every name, hidden ones too.
  return parts.length === 1 && parts[0] === "*" ? "" : parts.join("/");
}
