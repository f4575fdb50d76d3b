import type { ShellWord } from "../nodes.ts";
import type { ProgramCall } from "../program.ts";
import { isPath, isUrl, optionOf, packageCall, packageWith, readSubcommand, words } from "./call.ts";
import type { PackageAction, PackageArgument, PackageCall, PackageManager } from "./call.ts";

const STYLE = {
  short: "rcieftdbC",
  long: words(
    "requirement constraint index-url extra-index-url find-links editable target root prefix",
    "src no-binary only-binary platform python-version implementation abi dest progress-bar",
    "root-user-action timeout retries proxy trusted-host cert client-cert cache-dir log",
    "upgrade-strategy global-option build-option install-option report group config-settings",
    "python exists-action use-feature use-deprecated keyring-provider build",
  ),
};
const ACTIONS: ReadonlyMap<string, PackageAction> = new Map([
  ["install", "install"],
  ["uninstall", "remove"],
  ["download", "download"],
  ["wheel", "download"],
]);
const TOOL = /^pip\d*(?:\.\d+)?$/;
const PYTHON = /^(?:python\d*(?:\.\d+)?|pypy\d*)$/;

/** pip, also as `python -m pip`. */
export const pip: PackageManager = {
  name: "pip",
  tools: ["pip", "pip2", "pip3", "python", "python2", "python3", "pypy", "pypy3"],
  cache: {
    directories: ["~/.cache/pip"],
    offOptions: ["--no-cache-dir", "--no-cache"],
    // pip reads these as it reads yes and no, where yes means what the name says; 0 does the same by accident.
    offVariables: { PIP_NO_CACHE_DIR: /^(?:1|0|true|false|on|off|yes|no|y|n|t|f)$/i },
    moveOptions: ["--cache-dir"],
    moveVariables: ["PIP_CACHE_DIR", "XDG_CACHE_HOME"],
  },
  read(call: ProgramCall): PackageCall | undefined {
    const found = findPip(call);
    if (!found) return undefined;
    const line = readSubcommand(found.args, STYLE);
    const name = line.subcommand?.value ?? "";
    const purges = name === "cache" && line.rest[0]?.value === "purge";
    const action = purges ? "clean" : (ACTIONS.get(name) ?? "other");
    const packages = action === "other" || action === "clean" ? [] : line.rest.map(packageOf);
    const manifest = optionOf(line, "-r", "--requirement", "--group") !== undefined;
    return packageCall(line, { manager: "pip", tool: found.tool, call, action, packages, manifest });
  },
};

/** Whether a program is pip by its name, or may be by its arguments. */
export function mayBePip(name: string): boolean {
  return TOOL.test(name) || PYTHON.test(name);
}

function findPip(
  call: ProgramCall,
): { readonly tool: string; readonly args: readonly ShellWord[] } | undefined {
  const { name, args } = call;
  if (name === undefined) return undefined;
  if (TOOL.test(name)) return { tool: name, args };
  if (!PYTHON.test(name)) return undefined;
  const module = args.findIndex((word) => word.value === "-m");
  if (module === -1 || args[module + 1]?.value !== "pip") return undefined;
  if (args.slice(0, module).some((word) => !word.prefix.startsWith("-"))) return undefined;
  return { tool: "pip", args: args.slice(module + 2) };
}

/** `name==1`, `name[extra]>=1`, `name @ url`, `git+https://…@tag`, `.`, `x.whl`. */
function packageOf(word: ShellWord): PackageArgument {
  if (isUrl(word)) {
    const revision = /^git\+.*@([^@/#]+)(?:#.*)?$/.exec(word.prefix);
    const plain = packageWith(word, /$^/, "remote");
    return revision ? { ...plain, version: revision[1], constrained: true } : plain;
  }
  // `.[extra]` is the folder with what it offers; `name @ URL` is no path, whatever slashes it has.
  if (
    isPath(word) ||
    /^\.{1,2}\[|^[^@;]*\//.test(word.prefix) ||
    /\.(?:whl|zip|tar\.\w+|tgz)$/.test(word.value ?? "")
  )
    return packageWith(word, /$^/, "local");
  // What follows `;` says on which system it is wanted.
  const found = packageWith(word, /(?<!;.*)\s*(?:===?|(?=[<>!~]))/, "repository");
  return { ...found, name: found.name?.replace(/[[;].*$/, "").trimEnd() };
}
