/** What the commands of a script do. Worked out once for a script, whoever asks. */
import { callOf } from "./may-call.ts";
import { apk } from "./package-managers/apk.ts";
import { apt } from "./package-managers/apt.ts";
import { cargo } from "./package-managers/cargo.ts";
import type { CacheFacts, ManagerName, PackageCall, PackageManager } from "./package-managers/call.ts";
import { dnf, yum } from "./package-managers/dnf.ts";
import { gem } from "./package-managers/gem.ts";
import { go } from "./package-managers/go.ts";
import { npm } from "./package-managers/npm.ts";
import { mayBePip, pip } from "./package-managers/pip.ts";
import { pnpm } from "./package-managers/pnpm.ts";
import { yarn } from "./package-managers/yarn.ts";
import { zypper } from "./package-managers/zypper.ts";
import { programOf } from "./program.ts";
import type { ProgramCall } from "./program.ts";
import type { Script } from "./nodes.ts";
import { oncePerScript } from "./once-per-script.ts";

export type { CacheFacts, ManagerName, PackageArgument, PackageCall } from "./package-managers/call.ts";
export { optionOf } from "./package-managers/call.ts";
export { readCommandLine } from "./options.ts";
export { programOf } from "./program.ts";
export type { ProgramCall } from "./program.ts";

const MANAGERS: readonly PackageManager[] = [
  apt,
  apk,
  pip,
  npm,
  yarn,
  pnpm,
  yum,
  dnf,
  zypper,
  gem,
  go,
  cargo,
];
const BY_TOOL: ReadonlyMap<string, PackageManager> = new Map(
  MANAGERS.flatMap((manager) => manager.tools.map((tool) => [tool, manager] as const)),
);
const BY_NAME: ReadonlyMap<ManagerName, PackageManager> = new Map(
  MANAGERS.map((manager) => [manager.name, manager] as const),
);

/** Patterns of the names by which package managers are called; Python calls pip by its name, too. */
export const PACKAGE_TOOLS: readonly string[] = [
  ...[...BY_TOOL].flatMap(([tool, manager]) => (manager === pip ? [] : [tool])),
  "pip[\\d.]*",
];

/** Finds what {@link packageCallsOf} may find something in. */
export const PACKAGE_CALL: RegExp = callOf(PACKAGE_TOOLS);

const NONE: readonly never[] = [];

/** The programs that a script starts, in order. */
export const programsOf: (script: Script) => readonly ProgramCall[] = oncePerScript((script) => {
  const programs = script.commands.map(programOf);
  return programs.every((program) => program !== undefined)
    ? programs
    : programs.filter((program) => program !== undefined);
});

/** The calls of package managers in a script, in order. */
export const packageCallsOf: (script: Script) => readonly PackageCall[] = oncePerScript((script) => {
  // Most scripts have none, and then nothing is made for them.
  let calls: PackageCall[] | undefined;
  for (const program of programsOf(script)) {
    const call = packageCallOf(program);
    if (call !== undefined) (calls ??= []).push(call);
  }
  return calls ?? NONE;
});

/** The call of a package manager that a program is, if it is one. */
export function packageCallOf(call: ProgramCall): PackageCall | undefined {
  const { name } = call;
  if (name === undefined) return undefined;
  const manager = BY_TOOL.get(name) ?? (mayBePip(name) ? pip : undefined);
  return manager?.read(call);
}

/** What a package manager keeps on disk. */
export function cacheFactsOf(manager: ManagerName): CacheFacts {
  const found = BY_NAME.get(manager);
  if (!found) throw new TypeError(`There is no package manager ${manager}.`);
  return found.cache;
}
