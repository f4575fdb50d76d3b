/** What instructions, and the base image, set for the instructions below them. */
import type { Instruction, Word } from "../syntax/nodes.ts";
import type { ImageFacts } from "./images/image-facts.ts";
import type { AnalyseOptions, BaseImage, Variable } from "./model.ts";
import { setting, type Scope } from "./scope.ts";
import { shellOfImage, shellSetBy } from "./shells.ts";
import { PREDEFINED_ARGS, platformArg } from "./variables/builtins.ts";
import { expand, expandPlain, type Surrounding } from "./variables/expand.ts";

/** The position of what the base image says: before all instructions. */
const BEFORE = -1;

/** What the effect of an instruction depends on, beside the scope. */
export interface ScopeSurroundings {
  readonly escape: Surrounding["escape"];
  readonly options: AnalyseOptions;
  /** What stands before the first FROM. */
  readonly globals: Scope;
  readonly image: BaseImage;
}

/** Tells the scope of a stage what an instruction changes, from its position on. */
export function applyInstruction(
  scope: Scope,
  position: number,
  instruction: Instruction,
  around: ScopeSurroundings,
): void {
  switch (instruction.keyword) {
    case "ENV":
      for (const pair of instruction.pairs) {
        const name = valueOf(pair.key, scope, position, around);
        if (name === undefined) continue;
        const value = valueOf(pair.value, scope, position, around);
        scope.setVariable(position, declared(name, "env", value, pair.value, instruction, true));
      }
      break;
    case "ARG":
      for (const { name, value: initial } of instruction.declarations) {
        const value = initial && valueOf(initial, scope, position, around);
        scope.setVariable(position, argument(name, initial, instruction, value, around));
      }
      break;
    case "USER":
      if (instruction.user) {
        const user = valueOf(instruction.user, scope, position, around);
        scope.setUser(position, setting(user, instruction.user, instruction));
      }
      break;
    case "WORKDIR":
      if (instruction.path) {
        const path = joined(scope, position, valueOf(instruction.path, scope, position, around), around);
        scope.setWorkdir(position, setting(path, instruction.path, instruction));
      }
      break;
    case "SHELL": {
      const shell = shellSetBy(instruction);
      if (shell !== undefined) scope.setShell(position, shell);
      break;
    }
    default:
  }
}

function valueOf(word: Word, scope: Scope, position: number, around: ScopeSurroundings): string | undefined {
  return (expandPlain(word, around.escape) ?? expand(word, surroundingIn(scope, position, around))).value;
}

function argument(
  name: Word,
  initial: Word | undefined,
  instruction: Instruction,
  value: string | undefined,
  { options, globals }: ScopeSurroundings,
): Variable {
  const key = name.text;
  const given = options.buildArgs?.[key];
  if (given !== undefined) return declared(key, "arg", given, name, instruction, true);
  if (initial) return declared(key, "arg", value, initial, instruction, true);
  const inherited = globals.variable(key, Number.POSITIVE_INFINITY);
  const isSet = inherited !== undefined && (inherited.value !== undefined || !inherited.known);
  if (inherited?.kind === "arg" && (isSet || !PREDEFINED_ARGS.has(key))) {
    return { ...inherited, word: name, instruction };
  }
  if (PREDEFINED_ARGS.has(key)) return { ...platformArg(key, options), kind: "arg", word: name, instruction };
  return { name: key, kind: "arg", value: undefined, known: true, word: name, instruction };
}

/** Relative paths go on from the last one, or from `/` where there is nothing below. */
function joined(
  scope: Scope,
  position: number,
  path: string | undefined,
  { image }: ScopeSurroundings,
): string | undefined {
  if (path === undefined || path === "") return undefined;
  if (path.startsWith("/") || /^[A-Za-z]:[\\/]/.test(path)) return path;
  if (image.family === "windows") return undefined;
  const above = scope.workdir(position);
  const start = image.scratch ? "/" : image.facts && (image.facts.workdir || "/");
  const parent = above ? above.value : start;
  return parent === undefined ? undefined : `${parent.replace(/\/+$/, "")}/${path.replace(/^\.\//, "")}`;
}

/** Where words at a position of a scope are expanded. */
export function surroundingIn(
  scope: Scope,
  position: number,
  { escape, image: { scratch, facts } }: ScopeSurroundings,
): Surrounding {
  const open = !scratch && (facts === undefined || facts.onbuild.length > 0);
  return { escape, open, variable: (name) => scope.variable(name, position) };
}

/** What the base image brings along, for the stage on it. */
export function applyImage(scope: Scope, facts: ImageFacts): void {
  for (const [name, value] of facts.env) {
    const variable = {
      name,
      kind: "env",
      value,
      known: true,
      word: undefined,
      instruction: undefined,
    } as const;
    scope.setVariable(BEFORE, variable);
  }
  const shell = shellOfImage(facts);
  if (shell !== undefined) scope.setShell(BEFORE, shell);
}

/** A variable with a value from the file; without one it is not known. */
export function declared(
  name: string,
  kind: "arg" | "env",
  value: string | undefined,
  word: Word,
  instruction: Instruction,
  set: boolean,
): Variable {
  return { name, kind, value, known: !set || value !== undefined, word, instruction };
}
