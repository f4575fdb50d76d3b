/** The paths of instructions and their code as absolute ones. */
import { homePath } from "../../shell/removed-paths.ts";
import type { Instruction } from "../../syntax/nodes.ts";
import type { Model } from "../model.ts";

/** Stands for a working directory that only the base image knows; it is the same until the next WORKDIR. */
export const UNKNOWN_FOLDER = "/(workdir";

/** Whether a path begins in a folder that is not known. */
export function isBelowUnknown(path: string): boolean {
  return path.startsWith(UNKNOWN_FOLDER);
}

/** A path of an instruction as an absolute one, its home folder as `~`; see {@link isBelowUnknown}. */
export function absolutePath(path: string, instruction: Instruction, model: Model, folder?: string): string {
  if (/^(?:\/|~(?:\/|$)|\$HOME\b|\$\{HOME\})/.test(path)) return homePath(clean(path));
  const base = folder ?? workdirOf(instruction, model);
  return homePath(clean(`${base}/${path}`));
}

function workdirOf(instruction: Instruction, model: Model): string {
  const setting = model.state(instruction).workdir;
  const known = setting?.value;
  return known?.startsWith("/") ? known : `${UNKNOWN_FOLDER}${setting?.instruction.span.start ?? ""})`;
}

function clean(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") parts.pop();
    else parts.push(part);
  }
  const root = path.startsWith("/") ? "/" : "";
  return root + parts.join("/");
}
