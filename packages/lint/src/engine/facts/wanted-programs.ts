/** Which programs rules ask for. */
import type { Model, Stage } from "../../semantics/model.ts";
import { lastInChain } from "../../semantics/stages/stage-chain.ts";
import { scriptOf } from "../../shell/script.ts";

/** The shells that know `pipefail`, which a SHELL may name. */
const SHELLS = ["bash", "ash"];

/** What services are asked with. */
const PROBES = ["curl", "wget", "nc"];

/** What a shell does itself. */
const BUILTINS: ReadonlySet<string> = new Set(
  ". : [ [[ alias break cd command continue echo eval exec exit export false getopts hash kill let local printf pwd read readonly return set shift source test times trap true type ulimit umask unset wait".split(
    " ",
  ),
);

/** The programs to look for in a base image: those that a RUN with a pipe could do with. */
export function programsForBase(stages: readonly Stage[]): readonly string[] {
  const hasPipe = stages.some(({ instructions }) =>
    instructions.some(({ keyword, logical }) => keyword === "RUN" && logical.text.includes("|")),
  );
  return hasPipe ? SHELLS : [];
}

/** The programs to look for in the image that is built: those that its HEALTHCHECK starts, and those that could. */
export function programsForBuilt(model: Model): readonly string[] {
  const check = lastInChain(model.target, "HEALTHCHECK");
  if (check === undefined) return PROBES;
  const { commands } = scriptOf(check, model.state(check).shell) ?? { commands: [] };
  const names = commands.flatMap(({ name }) => name ?? []);
  // What is called by a relative path depends on more than PATH.
  const programs = names.filter((name) => /^(?:\/[\w./+-]+|[\w.+-]+)$/.test(name));
  return [...new Set([...programs.filter((name) => check.json || !BUILTINS.has(name)), ...PROBES])];
}
