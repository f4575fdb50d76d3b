import type { ProgramCall } from "../program.ts";
import { isPath, optionOf, packageCall, packageWith, readSubcommand } from "./call.ts";
import type { PackageAction, PackageArgument, PackageCall, PackageManager } from "./call.ts";

const STYLE = {
  short: "viBnPs",
  long: ["version", "install-dir", "bindir", "platform", "source", "build-root", "document", "trust-policy"],
};
const ACTIONS: ReadonlyMap<string, PackageAction> = new Map([
  ["install", "install"],
  ["i", "install"],
  ["update", "upgrade"],
  ["uninstall", "remove"],
  ["cleanup", "clean"],
  ["fetch", "download"],
]);

/** Ruby's gem. */
export const gem: PackageManager = {
  name: "gem",
  tools: ["gem"],
  cache: {
    directories: ["/usr/local/bundle/cache", "~/.gem", "~/.local/share/gem"],
    offOptions: [],
    offVariables: {},
    moveOptions: [],
    moveVariables: ["GEM_SPEC_CACHE"],
  },
  read(call: ProgramCall): PackageCall {
    // What follows `--` is for the compiler of extensions.
    const build = call.args.findIndex((word) => word.value === "--");
    const line = readSubcommand(build === -1 ? call.args : call.args.slice(0, build), STYLE);
    const action = ACTIONS.get(line.subcommand?.value ?? "") ?? "other";
    const version = optionOf(line, "-v", "--version");
    const packages =
      action === "other" || action === "clean"
        ? []
        : line.rest.map((word): PackageArgument => {
            const local = isPath(word) || word.value?.endsWith(".gem") === true;
            const found = packageWith(word, local ? /$^/ : /:/, local ? "local" : "repository");
            return version && !found.constrained
              ? { ...found, version: version.value, constrained: true }
              : found;
          });
    return packageCall(line, { manager: "gem", tool: "gem", call, action, packages, manifest: false });
  },
};
