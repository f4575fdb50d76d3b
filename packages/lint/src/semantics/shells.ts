/** Shells in effect: the builder's own, and those that SHELL and base images set. */
import { readShell } from "../shell/programs/shell-command.ts";
import type { ShellInstruction } from "../syntax/nodes.ts";
import { hasTrigger, type ImageFacts } from "./images/image-facts.ts";
import type { ShellState } from "./model.ts";

export const DEFAULT_SHELL: ShellState = {
  argv: ["/bin/sh", "-c"],
  dialect: "posix",
  errexit: false,
  pipefail: false,
  instruction: undefined,
};
export const WINDOWS_SHELL: ShellState = { ...DEFAULT_SHELL, argv: ["cmd", "/S", "/C"], dialect: "cmd" };
/** The shell that a SHELL sets; undefined where it is no list. */
export function shellSetBy(instruction: ShellInstruction): ShellState | undefined {
  if (!instruction.json) return undefined;
  const argv = instruction.args.map((word) => word.text);
  const { dialect, errexit, pipefail } = readShell(argv);
  return { argv, dialect, errexit, pipefail, instruction };
}

/** The shell that a base image brings along, if it does, and no trigger of it sets another. */
export function shellOfImage(facts: ImageFacts): ShellState | undefined {
  if (facts.shell === undefined || hasTrigger(facts, "SHELL")) return undefined;
  const { dialect, errexit, pipefail } = readShell(facts.shell);
  return { argv: facts.shell, dialect, errexit, pipefail, instruction: undefined, ofImage: true };
}
