import type { ProgramCall } from "../program.ts";
import { packageCall, readSubcommand, words } from "./call.ts";
import type { PackageAction, PackageCall, PackageManager } from "./call.ts";
import { nodePackage } from "./node-package.ts";

const STYLE = {
  short: "wC",
  long: words("prefix registry cache loglevel omit include workspace userconfig tag install-strategy"),
};
const ACTIONS: ReadonlyMap<string, PackageAction> = new Map([
  ...[
    "install",
    "i",
    "in",
    "ins",
    "inst",
    "insta",
    "instal",
    "isnt",
    "isnta",
    "isntal",
    "isntall",
    "add",
  ].map(install),
  ...["ci", "clean-install", "ic", "install-clean", "isntall-clean"].map(install),
  ...["install-test", "it", "install-ci-test", "cit", "clean-install-test", "sit"].map(install),
  ["update", "upgrade"],
  ["up", "upgrade"],
  ["upgrade", "upgrade"],
  ["uninstall", "remove"],
  ["remove", "remove"],
  ["rm", "remove"],
  ["un", "remove"],
]);

/** npm. */
export const npm: PackageManager = {
  name: "npm",
  tools: ["npm"],
  cache: {
    directories: ["~/.npm"],
    offOptions: [],
    offVariables: {},
    moveOptions: ["--cache"],
    moveVariables: ["npm_config_cache", "NPM_CONFIG_CACHE"],
  },
  read(call: ProgramCall): PackageCall {
    const line = readSubcommand(call.args, STYLE);
    const name = line.subcommand?.value ?? "";
    const cleans = name === "cache" && ["clean", "clear", "rm"].includes(line.rest[0]?.value ?? "");
    const action = cleans ? "clean" : (ACTIONS.get(name) ?? "other");
    const packages = action === "other" || action === "clean" ? [] : line.rest.map(nodePackage);
    const manifest = action === "install" && packages.length === 0;
    return packageCall(line, { manager: "npm", tool: "npm", call, action, packages, manifest });
  },
};

function install(name: string): [string, PackageAction] {
  return [name, "install"];
}
