/** What the steps of a build do with things of the context that are better kept out. */
import { foldStages } from "../../semantics/stages/stage-chain.ts";
import type { Stage } from "../../semantics/model.ts";
import { dependencyInstalls } from "../../shell/dependencies/dependency-installs.ts";
import { flagNamed, type Instruction } from "../../syntax/nodes.ts";
import { baseName } from "../../source/path.ts";
import type { RuleContext } from "../rule.ts";
import type { Stake } from "./context-stakes.ts";

const installing = new WeakMap<Stage, boolean>();
const ECOSYSTEMS: ReadonlySet<string> = new Set(["npm", "pnpm", "yarn", "bun"]);

/** Whether the stage of a COPY, or one that it is based on, gets its node_modules from elsewhere than the context. */
export function installsModules(copy: Instruction, context: RuleContext): boolean {
  const stage = context.model.stageOf(copy);
  if (stage === undefined) return false;
  return foldStages(
    stage,
    installing,
    (one, below) =>
      below === true || one.instructions.some((instruction) => bringsModules(instruction, context)),
  );
}

function bringsModules(instruction: Instruction, context: RuleContext): boolean {
  if (instruction.keyword === "COPY") {
    const isOfStage = flagNamed(instruction, "from") !== undefined;
    return isOfStage && instruction.sources.some(({ text }) => text.includes("node_modules"));
  }
  const script = instruction.keyword === "RUN" ? context.script(instruction) : undefined;
  return (
    script !== undefined && dependencyInstalls(script).some(({ ecosystem }) => ECOSYSTEMS.has(ecosystem))
  );
}

const STEPS: ReadonlySet<string> = new Set(["RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK", "ONBUILD", "COPY"]);

/** Whether a step, or what the image starts, names one of these things of the context, so that it would miss it. */
export function namesAny(stakes: readonly Pick<Stake, "path" | "kind">[], context: RuleContext): boolean {
  // Modules are named wherever they are used; those of the project itself are installed again.
  const names = stakes.flatMap(({ path, kind }) =>
    kind !== "modules" ? [baseName(path)] : path.includes("/") ? [path] : [],
  );
  if (names.length === 0) return false;
  const named = new RegExp(`(?<![\\w.-])(?:${names.map(escapeRegExp).join("|")})(?![\\w.-])`);
  return context.dockerfile.instructions.some((instruction) => {
    const { keyword, logical, heredocs } = instruction;
    if (!STEPS.has(keyword) || (keyword === "COPY" && flagNamed(instruction, "from") === undefined))
      return false;
    return [logical.text, ...heredocs.map(({ content }) => content)].some((text) =>
      // To what deletes it, it may be missing.
      named.test(text.replace(/\brm\s+-\w*f[^;&|\n]*/g, "")),
    );
  });
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

/** Whether a step asks git for more than another repository. */
export function runsGit(context: RuleContext): boolean {
  return context.dockerfile.instructions.some((instruction) => {
    if (instruction.keyword !== "RUN" || !instruction.logical.text.includes("git")) return false;
    return context
      .script(instruction)
      ?.commands.some(({ name, words }) => name === "git" && !words.some(({ value }) => value === "clone"));
  });
}
