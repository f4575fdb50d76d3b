import type { ProgramCall } from "../program.ts";
import { packageCall, readSubcommand } from "./call.ts";
import type { PackageAction, PackageCall, PackageManager } from "./call.ts";
import { nodePackage } from "./node-package.ts";

const STYLE = {
  short: "CF",
  long: ["dir", "filter", "store-dir", "virtual-store-dir", "registry", "reporter", "loglevel", "prefix"],
};
const ACTIONS: ReadonlyMap<string, PackageAction> = new Map([
  ["install", "install"],
  ["i", "install"],
  ["add", "install"],
  ["ci", "install"],
  ["fetch", "install"],
  ["update", "upgrade"],
  ["up", "upgrade"],
  ["remove", "remove"],
  ["rm", "remove"],
]);

/** pnpm. */
export const pnpm: PackageManager = {
  name: "pnpm",
  tools: ["pnpm"],
  cache: {
    directories: ["~/.local/share/pnpm/store", "~/.pnpm-store", "~/.cache/pnpm"],
    offOptions: [],
    offVariables: {},
    moveOptions: ["--store-dir"],
    moveVariables: ["PNPM_HOME", "npm_config_store_dir", "NPM_CONFIG_STORE_DIR", "XDG_DATA_HOME"],
  },
  read(call: ProgramCall): PackageCall {
    const line = readSubcommand(call.args, STYLE);
    const name = line.subcommand?.value ?? "";
    const cleans = name === "store" && line.rest[0]?.value === "prune";
    const action = cleans ? "clean" : (ACTIONS.get(name) ?? "other");
    const packages = action === "other" || action === "clean" ? [] : line.rest.map(nodePackage);
    const manifest = action === "install" && packages.length === 0;
    return packageCall(line, { manager: "pnpm", tool: "pnpm", call, action, packages, manifest });
  },
};
