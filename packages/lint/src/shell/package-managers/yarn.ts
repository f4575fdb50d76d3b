import type { ProgramCall } from "../program.ts";
import { optionOf, packageCall, readSubcommand } from "./call.ts";
import type { PackageAction, PackageCall, PackageManager } from "./call.ts";
import { nodePackage } from "./node-package.ts";

const STYLE = {
  short: "",
  long: [
    "cache-folder",
    "cwd",
    "registry",
    "network-timeout",
    "modules-folder",
    "global-folder",
    "mutex",
    "prefix",
  ],
};
const ACTIONS: ReadonlyMap<string, PackageAction> = new Map([
  ["install", "install"],
  ["add", "install"],
  ["up", "upgrade"],
  ["upgrade", "upgrade"],
  ["remove", "remove"],
]);

/** yarn, the classic one and its successors. */
export const yarn: PackageManager = {
  name: "yarn",
  tools: ["yarn", "yarnpkg"],
  cache: {
    directories: ["~/.cache/yarn", "/usr/local/share/.cache/yarn", "~/.yarn/berry/cache"],
    offOptions: [],
    offVariables: {},
    moveOptions: ["--cache-folder"],
    moveVariables: ["YARN_CACHE_FOLDER", "XDG_CACHE_HOME"],
  },
  read(call: ProgramCall): PackageCall {
    const line = readSubcommand(call.args, STYLE);
    // `yarn global add x` is `yarn add x` for everybody.
    const global = line.subcommand?.value === "global";
    const [subcommand, ...rest] = global ? line.rest : line.operands;
    const name = subcommand?.value ?? "";
    const informs = optionOf(line, "--version", "-v", "--help", "-h") !== undefined;
    const bare = subcommand === undefined && !global && !informs;
    const cleans = name === "cache" && rest[0]?.value === "clean";
    const action = cleans ? "clean" : bare ? "install" : (ACTIONS.get(name) ?? "other");
    const packages =
      action === "other" || action === "clean" || name === "install" ? [] : rest.map(nodePackage);
    const manifest = bare || name === "install";
    return packageCall(
      { ...line, subcommand },
      { manager: "yarn", tool: "yarn", call, action, packages, manifest },
    );
  },
};
