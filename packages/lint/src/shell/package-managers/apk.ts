import type { ShellWord } from "../nodes.ts";
import type { ProgramCall } from "../program.ts";
import { isPath, packageCall, packageWith, readSubcommand, words } from "./call.ts";
import type { PackageAction, PackageArgument, PackageCall, PackageManager } from "./call.ts";

const STYLE = {
  short: "tXp",
  long: words(
    "virtual repository root arch keys-dir repositories-file wait cache-dir cache-max-age",
    "progress-fd timeout",
  ),
};
const ACTIONS: ReadonlyMap<string, PackageAction> = new Map([
  ["add", "install"],
  ["fix", "install"],
  ["update", "refresh"],
  ["upgrade", "upgrade"],
  ["del", "remove"],
  ["fetch", "download"],
]);

/** Alpine's apk. */
export const apk: PackageManager = {
  name: "apk",
  tools: ["apk"],
  cache: {
    directories: ["/var/cache/apk", "/etc/apk/cache"],
    // Without a network no index is loaded.
    offOptions: ["--no-cache", "--no-network"],
    offVariables: {},
    moveOptions: ["--cache-dir"],
    moveVariables: [],
  },
  read(call: ProgramCall): PackageCall {
    const line = readSubcommand(call.args, STYLE);
    const name = line.subcommand?.value ?? "";
    const action =
      name === "cache" && line.rest[0]?.value === "clean" ? "clean" : (ACTIONS.get(name) ?? "other");
    const packages = action === "other" || action === "clean" ? [] : line.rest.map(packageOf);
    return packageCall(line, { manager: "apk", tool: "apk", call, action, packages, manifest: false });
  },
};

/** `name=1`, `name~1`, `name>1`; `name@repository` is no version. */
function packageOf(word: ShellWord): PackageArgument {
  const local = isPath(word) || word.value?.endsWith(".apk") === true;
  return packageWith(word, local ? /$^/ : /~=|[<>]=?|[=~]/, local ? "local" : "repository");
}
