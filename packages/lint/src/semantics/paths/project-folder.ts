import type { DependencyInstall } from "../../shell/dependencies/dependency-install.ts";
import type { Script } from "../../shell/nodes.ts";
import type { RunInstruction } from "../../syntax/nodes.ts";
import type { Model } from "../model.ts";
import type { SourceCopy } from "./source-copies.ts";
import { absolutePath } from "./absolute-path.ts";

/**
 * Where the project that a step installs lies within what was copied: "" at its top, `web` in a folder. Undefined if the
 * step works elsewhere, or that cannot be told.
 */
export function projectFolder(
  { instruction }: SourceCopy,
  { call, folder, manifests }: DependencyInstall,
  run: RunInstruction,
  script: Script,
  model: Model,
): string | undefined {
  const target = instruction.destination && model.expand(instruction.destination, instruction).value;
  // A manifest that is named by its whole path lies where it says.
  const [manifest = ""] = manifests;
  let at = manifest.startsWith("/") ? "/" : absolutePath(".", run, model);
  for (const { name, words, index } of script.commands) {
    if (index >= call.command.index || name !== "cd") continue;
    const word = words[1]?.value;
    if (word === undefined) return undefined;
    at = absolutePath(word, run, model, at);
  }
  const works = folder === undefined ? at : absolutePath(folder, run, model, at);
  if (target === undefined) return undefined;
  const copied = absolutePath(target, instruction, model);
  const base = copied.replace(/\/$/, "");
  if (works === copied || manifest.startsWith(`${base}/`)) return "";
  return works.startsWith(`${base}/`) ? works.slice(base.length + 1) : undefined;
}
