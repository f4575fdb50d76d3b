/** What a call of a package manager does, in terms that hold for all of them. */
import type { ShellWord } from "../nodes.ts";
import { readCommandLine } from "../options.ts";
import type { CommandLine, Option, OptionStyle } from "../options.ts";
import type { ProgramCall } from "../program.ts";

/** The package managers that are understood; `yum` is dnf's older name and has its own rules. */
export type ManagerName =
  | "apt"
  | "apk"
  | "pip"
  | "npm"
  | "yarn"
  | "pnpm"
  | "yum"
  | "dnf"
  | "zypper"
  | "gem"
  | "go"
  | "cargo";

/** `refresh` loads lists (apt update); `upgrade` brings what is installed up to date; `clean` empties caches. */
export type PackageAction = "install" | "refresh" | "upgrade" | "remove" | "clean" | "download" | "other";

/** A package as it is asked for. */
export interface PackageArgument {
  readonly word: ShellWord;
  /** Without version; undefined if it is unknown. */
  readonly name: string | undefined;
  /** The exact version or range as written after the name: `1.2.3`, `>=2`, `~3`; undefined without one or if unknown. */
  readonly version: string | undefined;
  /** Whether a version or a range is given at all, be it a variable. */
  readonly constrained: boolean;
  /** `repository` by name; `local` a file or folder; `remote` a URL or a source repository; `unknown` a variable. */
  readonly source: "repository" | "local" | "remote" | "unknown";
}

/** A call of a package manager. */
export interface PackageCall extends CommandLine {
  readonly manager: ManagerName;
  /** As called: `apt-get`, `pip3`, `microdnf`. */
  readonly tool: string;
  readonly call: ProgramCall;
  readonly action: PackageAction;
  /** As written, such as `install` or `i`; undefined where there is none (plain `yarn`). */
  readonly subcommand: ShellWord | undefined;
  /** For `install`, `upgrade`, `remove`, `download`. */
  readonly packages: readonly PackageArgument[];
  /**
   * Whether what it installs is listed in a file: `npm ci`, `pip install -r requirements.txt`, `go mod download`.
   */
  readonly manifest: boolean;
}

/** What a package manager keeps on disk, and what keeps that out of the layer. */
export interface CacheFacts {
  /** Where it keeps downloads and lists; `~` is the home of the user. */
  readonly directories: readonly string[];
  /** Options that turn it off. */
  readonly offOptions: readonly string[];
  /** Variables that turn it off, and with which values. */
  readonly offVariables: Readonly<Record<string, RegExp>>;
  /** Options and variables whose value is another folder. */
  readonly moveOptions: readonly string[];
  readonly moveVariables: readonly string[];
}

/** How a package manager is understood; each has its file. */
export interface PackageManager {
  readonly name: ManagerName;
  /** The names it is called by. */
  readonly tools: readonly string[];
  readonly cache: CacheFacts;
  /** Undefined if the call is none of it (`python -m http.server`). */
  read(call: ProgramCall): PackageCall | undefined;
}

/** Where the subcommand is, and what follows it. */
export interface SubcommandLine extends CommandLine {
  readonly subcommand: ShellWord | undefined;
  readonly rest: readonly ShellWord[];
}

/** Takes a command line apart whose first operand is a subcommand. */
export function readSubcommand(args: readonly ShellWord[], style: OptionStyle): SubcommandLine {
  const { options, operands } = readCommandLine(args, style);
  return { options, operands, subcommand: operands[0], rest: operands.slice(1) };
}

/** A call, from its command line and what its manager makes of it. */
export function packageCall(
  { options, operands, subcommand }: SubcommandLine,
  { manager, tool, call, action, packages, manifest }: Omit<PackageCall, keyof SubcommandLine>,
): PackageCall {
  return { manager, tool, call, action, subcommand, packages, manifest, options, operands };
}

/** The option of any of these names, the last one if there are more. */
export function optionOf(line: CommandLine, ...names: readonly string[]): Option | undefined {
  return line.options.findLast((option) => names.includes(option.name));
}

/** A package whose version stands after a separator, the first of any: `name=1`, `name==1`, `name@1`. */
export function packageWith(
  word: ShellWord,
  separator: RegExp,
  source: PackageArgument["source"],
): PackageArgument {
  const found = separator.exec(word.prefix);
  if (!found) {
    const known = word.value;
    return {
      word,
      name: known,
      version: undefined,
      constrained: false,
      source: known === undefined ? "unknown" : source,
    };
  }
  const name = word.prefix.slice(0, found.index);
  const version = word.value?.slice(found.index + found[0].length);
  return { word, name, version: version || undefined, constrained: true, source };
}

/** Whether a word is a path by its looks: it begins with `.`, `/` or `~`, or is one. */
export function isPath(word: ShellWord): boolean {
  return /^(?:\.{1,2}(?:\/|$)|\/|~\/|file:)/.test(word.prefix);
}

/** Whether a word is a URL or names a source repository. */
export function isUrl(word: ShellWord): boolean {
  return /^(?:[a-z][a-z0-9+.-]*:\/\/|git@|git\+)/.test(word.prefix);
}

/** The words of lines: a list that is long enough to be read as prose. */
export function words(...lines: readonly string[]): string[] {
  return lines.join(" ").split(" ");
}
