import { apt } from "./apt.ts";
import { callOf } from "../may-call.ts";
import { packageCallsOf, programsOf, type PackageCall } from "../commands.ts";
import type { Script } from "../nodes.ts";

/** Programs that may install something where nobody sees it. */
const RUN_ANYTHING = new Set([
  "sh",
  "bash",
  "dash",
  "ash",
  "eval",
  ".",
  "source",
  "make",
  "gdebi",
  "apt-file",
  "ansible-playbook",
]);

/** Finds any call of apt. */
export const APT_CALL: RegExp = callOf(apt.tools);

/** The last `apt-get update` of a script in which nothing uses the lists that it loads; undefined if there is none. */
export function refreshesAlone(script: Script): PackageCall | undefined {
  const calls = packageCallsOf(script).filter(({ manager }) => manager === "apt");
  const update = calls.findLast(({ action }) => action === "refresh");
  if (update === undefined) return undefined;
  const { index } = update.call.command;
  const used = calls.some(
    ({ action, call }) =>
      call.command.index > index && (action === "install" || action === "upgrade" || action === "download"),
  );
  if (used) return undefined;
  const mayUse = programsOf(script).some(({ command, name, word }) => {
    if (command.index <= index) return false;
    return (
      name === undefined ||
      RUN_ANYTHING.has(name) ||
      (/[/$]/.test(word.text) && !/^\/(?:usr\/)?s?bin\//.test(word.text))
    );
  });
  return mayUse ? undefined : update;
}
