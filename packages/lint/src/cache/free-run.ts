/** RUNs that certainly do not look at what a COPY brings, nor write where it does: system packages, users. */
import { packageCallsOf, programsOf } from "../shell/commands.ts";
import { scriptOf } from "../shell/script.ts";
import type { Script } from "../shell/nodes.ts";
import type { Model } from "../semantics/model.ts";
import type { RunInstruction } from "../syntax/nodes.ts";

/** Package managers of systems: they read their own folders and the network. */
const SYSTEM: ReadonlySet<string> = new Set(["apt", "apk", "dnf", "yum", "zypper", "microdnf", "tdnf"]);

/** Programs that do as they are told by their arguments alone. */
const PLAIN: ReadonlySet<string> = new Set(
  "true : set echo rm mkdir useradd groupadd adduser addgroup apt-get apt apk dnf yum zypper microdnf tdnf".split(
    " ",
  ),
);

/** Folders that only an application's files are in. */
const OWN =
  /^\/(?:usr\/src\/|usr\/local\/src\/|usr\/app\/|var\/www\/|(?!(?:etc|usr|lib|lib32|lib64|bin|sbin|var|root|home|dev|proc|sys|run|tmp|boot|mnt)\/)[^/]+\/)/;

/** The code of a RUN; undefined where it is in no shell that can be read. */
export function codeOf(run: RunInstruction, model: Model): Script | undefined {
  return scriptOf(run, model.state(run).shell);
}

/** Whether a RUN and a COPY to `landings` may change places. */
export function isFreeOf(run: RunInstruction, landings: readonly string[], model: Model): boolean {
  const script = codeOf(run, model);
  if (script === undefined || script.problems.length > 0 || run.mounts.some(({ type }) => type !== "cache")) {
    return false;
  }
  if (!landings.every((path) => OWN.test(`${path.replace(/\/$/, "")}/`))) return false;
  const programs = programsOf(script);
  const packages = new Set(
    packageCallsOf(script).flatMap(({ call, manager }) => (SYSTEM.has(manager) ? [call] : [])),
  );
  const known = programs.every((call) => {
    if (call.name === undefined || !PLAIN.has(call.name)) return false;
    if (/^(?:apt|apk|dnf|yum|zypper|microdnf|tdnf)/.test(call.name) && !packages.has(call)) return false;
    // A path may be one of the copied files; flags and names of packages are none.
    return call.args.every(({ value }) => value !== undefined && isElsewhere(value, call.name, landings));
  });
  return (
    known &&
    programs.length === script.commands.length &&
    script.commands.every(({ redirects }) => redirects.every(({ target }) => target?.value === "/dev/null"))
  );
}

function isElsewhere(word: string, program: string | undefined, landings: readonly string[]): boolean {
  if (!word.includes("/")) return !(program === "mkdir" || program === "rm") || word.startsWith("-");
  if (!word.startsWith("/") || /[*?[]/.test(landings.join(""))) return false;
  const fixed = word.replace(/[*?[].*$/, "");
  return landings.every((path) => !path.startsWith(fixed) && !`${word}/`.startsWith(`${path}/`));
}
