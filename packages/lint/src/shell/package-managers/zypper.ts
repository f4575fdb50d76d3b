import type { ShellWord } from "../nodes.ts";
import type { ProgramCall } from "../program.ts";
import { isPath, isUrl, packageCall, packageWith, readSubcommand } from "./call.ts";
import type { PackageAction, PackageArgument, PackageCall, PackageManager } from "./call.ts";

const STYLE = {
  short: "rtcRD",
  long: ["repo", "from", "type", "config", "root", "reposd-dir", "cache-dir", "plus-repo"],
};
const ACTIONS: ReadonlyMap<string, PackageAction> = new Map([
  ["install", "install"],
  ["in", "install"],
  ["source-install", "install"],
  ["si", "install"],
  ["refresh", "refresh"],
  ["ref", "refresh"],
  ["update", "upgrade"],
  ["up", "upgrade"],
  ["patch", "upgrade"],
  ["dist-upgrade", "upgrade"],
  ["dup", "upgrade"],
  ["remove", "remove"],
  ["rm", "remove"],
  ["clean", "clean"],
  ["cc", "clean"],
  ["download", "download"],
]);

/** SUSE's zypper. */
export const zypper: PackageManager = {
  name: "zypper",
  tools: ["zypper"],
  cache: {
    directories: ["/var/cache/zypp"],
    offOptions: [],
    offVariables: {},
    moveOptions: ["--cache-dir"],
    moveVariables: [],
  },
  read(call: ProgramCall): PackageCall {
    const line = readSubcommand(call.args, STYLE);
    const action = ACTIONS.get(line.subcommand?.value ?? "") ?? "other";
    const takesPackages =
      action === "install" || action === "remove" || action === "upgrade" || action === "download";
    const packages = takesPackages ? line.rest.map(packageOf) : [];
    return packageCall(line, { manager: "zypper", tool: "zypper", call, action, packages, manifest: false });
  },
};

/** `name=1`, `name>=1`, `./file.rpm`. */
function packageOf(word: ShellWord): PackageArgument {
  if (isUrl(word)) return packageWith(word, /$^/, "remote");
  if (isPath(word) || word.value?.endsWith(".rpm")) return packageWith(word, /$^/, "local");
  return packageWith(word, /[<>]=?|~?=/, "repository");
}
