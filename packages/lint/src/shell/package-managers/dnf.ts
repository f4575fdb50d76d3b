import type { ShellWord } from "../nodes.ts";
import type { ProgramCall } from "../program.ts";
import { isPath, isUrl, packageCall, packageWith, readSubcommand, words } from "./call.ts";
import type { PackageAction, PackageArgument, PackageCall, PackageManager } from "./call.ts";

const STYLE = {
  short: "cdexR",
  long: words(
    "config enablerepo disablerepo repo repoid enable-repo disable-repo exclude releasever",
    "installroot setopt disableexcludes forcearch comment advisory debuglevel",
  ),
};
const ACTIONS: ReadonlyMap<string, PackageAction> = new Map([
  ["install", "install"],
  ["in", "install"],
  ["localinstall", "install"],
  ["reinstall", "install"],
  ["rei", "install"],
  ["groupinstall", "install"],
  ["builddep", "install"],
  ["update", "upgrade"],
  ["upgrade", "upgrade"],
  ["up", "upgrade"],
  ["up-min", "upgrade"],
  ["upgrade-minimal", "upgrade"],
  ["distro-sync", "upgrade"],
  ["makecache", "refresh"],
  ["check-update", "refresh"],
  ["remove", "remove"],
  ["rm", "remove"],
  ["erase", "remove"],
  ["autoremove", "remove"],
  ["clean", "clean"],
  ["download", "download"],
]);
const COMPOUND: ReadonlySet<string> = new Set(["group", "groups", "module"]);

const dnfCache = { offOptions: [], offVariables: {}, moveOptions: [], moveVariables: [] };

/** dnf, microdnf, dnf5 and tdnf. */
export const dnf: PackageManager = {
  name: "dnf",
  tools: ["dnf", "dnf5", "microdnf", "tdnf"],
  cache: {
    ...dnfCache,
    directories: ["/var/cache/dnf", "/var/cache/libdnf5", "/var/cache/yum", "/var/cache/tdnf"],
  },
  read: (call) => read(call, "dnf"),
};

/** yum, which is a name of dnf today. */
export const yum: PackageManager = {
  name: "yum",
  tools: ["yum"],
  cache: { ...dnfCache, directories: ["/var/cache/yum", "/var/cache/dnf"] },
  read: (call) => read(call, "yum"),
};

function read(call: ProgramCall, manager: "dnf" | "yum"): PackageCall {
  const line = readSubcommand(call.args, STYLE);
  const first = line.subcommand?.value ?? "";
  const compound = COMPOUND.has(first);
  const name = compound ? (line.rest[0]?.value ?? "") : first;
  const operands = compound ? line.rest.slice(1) : line.rest;
  const action = ACTIONS.get(name) ?? "other";
  const packages =
    action === "clean" || action === "refresh" || action === "other" ? [] : operands.map(packageOf);
  return packageCall(line, { manager, tool: call.name ?? manager, call, action, packages, manifest: false });
}

/** `name-1.2-3.el9`, `name:stream`, `./file.rpm`; `@group` is a group. */
function packageOf(word: ShellWord): PackageArgument {
  if (isUrl(word)) return packageWith(word, /$^/, "remote");
  if (isPath(word) || word.value?.endsWith(".rpm")) return packageWith(word, /$^/, "local");
  // A version begins with a digit, or is all that a variable holds.
  if (word.value === undefined && word.prefix.endsWith("-")) {
    return { ...packageWith(word, /-$/, "repository"), version: undefined };
  }
  return packageWith(word, /-(?=\d)|:(?=\d)/, "repository");
}
