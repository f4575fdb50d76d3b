import type { ShellWord } from "../nodes.ts";
import type { ProgramCall } from "../program.ts";
import { isPath, isUrl, packageCall, packageWith, readSubcommand } from "./call.ts";
import type { PackageAction, PackageArgument, PackageCall, PackageManager } from "./call.ts";

const STYLE = {
  short: "otca",
  long: ["option", "target-release", "default-release", "config-file", "host-architecture"],
};
const ACTIONS: ReadonlyMap<string, PackageAction> = new Map([
  ["install", "install"],
  ["reinstall", "install"],
  ["build-dep", "install"],
  ["satisfy", "install"],
  ["update", "refresh"],
  ["upgrade", "upgrade"],
  ["dist-upgrade", "upgrade"],
  ["full-upgrade", "upgrade"],
  ["safe-upgrade", "upgrade"],
  ["remove", "remove"],
  ["purge", "remove"],
  ["autoremove", "remove"],
  ["autopurge", "remove"],
  ["clean", "clean"],
  ["autoclean", "clean"],
  ["distclean", "clean"],
  ["download", "download"],
]);

/** apt, apt-get and aptitude. */
export const apt: PackageManager = {
  name: "apt",
  tools: ["apt", "apt-get", "aptitude"],
  cache: {
    // The archives are emptied by the configuration of the official images; the lists stay.
    directories: ["/var/lib/apt/lists", "/var/cache/apt"],
    offOptions: [],
    offVariables: {},
    moveOptions: [],
    moveVariables: [],
  },
  read(call: ProgramCall): PackageCall {
    const line = readSubcommand(call.args, STYLE);
    const action = ACTIONS.get(line.subcommand?.value ?? "") ?? "other";
    const packages = action === "refresh" || action === "clean" ? [] : line.rest.map(packageOf);
    return packageCall(line, {
      manager: "apt",
      tool: call.name ?? "apt-get",
      call,
      action,
      packages,
      manifest: false,
    });
  },
};

/** `name=version`, `name/release`, `name:arch`, `./file.deb`; a final `+` or `-` tells to install or to remove. */
function packageOf(word: ShellWord): PackageArgument {
  if (isUrl(word)) return packageWith(word, /$^/, "remote");
  if (isPath(word) || word.value?.endsWith(".deb")) return packageWith(word, /$^/, "local");
  return packageWith(word, /[=/]/, "repository");
}
