/** Which files of the image an instruction writes, as far as its text tells. */
import { Dockerignore } from "docker-engine-sdk/dockerignore";
import { cacheEscape } from "../../shell/package-managers/cache-escape.ts";
import {
  cacheFactsOf,
  optionOf,
  packageCallsOf,
  programsOf,
  readCommandLine,
  type ProgramCall,
} from "../../shell/commands.ts";
import { CURL_OPTIONS } from "../../shell/programs/curl-options.ts";
import type { Script, ShellCommand } from "../../shell/nodes.ts";
import { clearsAfter, homePath } from "../../shell/removed-paths.ts";
import { baseName } from "../../source/base-name.ts";
import type { Span } from "../../source/span.ts";
import type { AddInstruction, CopyInstruction, Instruction, RunInstruction } from "../../syntax/nodes.ts";
import { cacheSurroundings } from "../packages/cache-surroundings.ts";
import { cleanContextPath } from "./taken-paths.ts";
import type { Model } from "../model.ts";

/** A path that an instruction writes. */
export interface WrittenPath {
  /** Absolute; somebody's home as `~`. See {@link isBelowUnknown}. */
  readonly path: string;
  /** A `file`; a `tree`, which may also be a file; a package manager's `cache`. */
  readonly kind: "file" | "tree" | "cache";
  /** What writes it, for messages: `COPY`, `curl`. */
  readonly by: string;
  readonly span: Span;
  readonly instruction: Instruction;
  /** The path of the context that a COPY or ADD takes it from; undefined for anything else. */
  readonly source: string | undefined;
}

/** What an instruction writes. `script` is the code of a RUN. */
export function writtenPaths(
  instruction: Instruction,
  script: Script | undefined,
  model: Model,
): WrittenPath[] {
  if (instruction.keyword === "COPY" || instruction.keyword === "ADD") return copiedPaths(instruction, model);
  if (instruction.keyword === "RUN" && script !== undefined) return pathsOfRun(instruction, script, model);
  return [];
}

function copiedPaths(instruction: CopyInstruction | AddInstruction, model: Model): WrittenPath[] {
  const target = instruction.destination && model.expand(instruction.destination, instruction).value;
  if (target === undefined) return [];
  const path = absolutePath(target, instruction, model);
  const local = !instruction.flags.some(({ name }) => name === "from");
  const folder = /(?:^|\/)\.?$/.test(target) || instruction.sources.length > 1;
  return instruction.sources.flatMap((word): WrittenPath[] => {
    const { value } = model.expand(word, instruction);
    if (value === undefined) return [];
    const written = {
      by: instruction.keyword,
      span: word.span,
      instruction,
      source: local ? value : undefined,
    };
    const name = baseName(value);
    // A folder's content is copied, not the folder; a file keeps its name.
    const whole = name === "" || name === "." || name === "..";
    if (!folder || whole || /[*?[]/.test(name)) return [{ ...written, path, kind: "tree" }];
    const kind = /\.\w+$/.test(name) ? "file" : "tree";
    const below: WrittenPath = { ...written, path: join(path, name), kind };
    return kind === "file" ? [below] : [below, { ...written, path, kind: "tree" }];
  });
}

function pathsOfRun(run: RunInstruction, script: Script, model: Model): WrittenPath[] {
  return [...loadedPaths(run, script, model), ...cachePaths(run, script, model)];
}

/** What curl, wget and git clone leave behind. */
function loadedPaths(run: RunInstruction, script: Script, model: Model): WrittenPath[] {
  const written: WrittenPath[] = [];
  let folder = absolutePath(".", run, model);
  const write = (command: ShellCommand, by: string, { path, kind }: Output): void => {
    const target = absolutePath(path, run, model, folder);
    if (clearsAfter(script, command.index, target)) return;
    written.push({ path: target, kind, by, span: command.span, instruction: run, source: undefined });
  };
  for (const call of programsOf(script)) {
    const { name, args, command } = call;
    if (name === "cd" && command.block.kind === "script") {
      const [target] = args;
      folder =
        target?.value === undefined
          ? `${UNKNOWN_FOLDER} ${command.span.start})`
          : absolutePath(target.value, run, model, folder);
      continue;
    }
    const read = name === undefined ? undefined : READERS.get(name);
    for (const output of read?.(call) ?? []) write(command, name ?? "RUN", output);
  }
  return written;
}

interface Output {
  readonly path: string;
  readonly kind: "file" | "tree";
}

const WGET = {
  short: "OPoatTwQUeIAR",
  long: ["output-document", "directory-prefix", "header", "tries", "timeout", "user-agent", "ca-certificate"],
};
const GIT = {
  short: "bcCo",
  long: ["branch", "depth", "config", "origin", "reference", "shallow-since", "filter", "jobs"],
};

const READERS: ReadonlyMap<string, (call: ProgramCall) => Output[]> = new Map([
  ["curl", curlOutputs],
  ["wget", wgetOutputs],
  ["git", cloneOutputs],
]);

function curlOutputs({ args, command }: ProgramCall): Output[] {
  const line = readCommandLine(args, CURL_OPTIONS);
  const named = line.options
    .filter(({ name }) => name === "-o" || name === "--output")
    .flatMap(({ value }) => (value === undefined ? [] : [value]));
  const remote = line.options.some(
    ({ name }) => name === "-O" || name === "--remote-name" || name === "--remote-name-all",
  );
  const urls = [...line.operands, ...line.options.filter(({ name }) => name === "--url")];
  const names = remote ? urls.flatMap(({ value }) => nameOfUrl(value)) : [];
  return [...named, ...names, ...redirected(command)].map((path) => ({ path, kind: "file" }));
}

function wgetOutputs({ args, command }: ProgramCall): Output[] {
  const line = readCommandLine(args, WGET);
  const output = optionOf(line, "-O", "--output-document");
  if (output !== undefined) {
    const { value } = output;
    const names = value === undefined ? [] : value === "-" ? redirected(command) : [value];
    return names.map((path) => ({ path, kind: "file" }));
  }
  const folder = optionOf(line, "-P", "--directory-prefix")?.value ?? ".";
  return line.operands
    .flatMap(({ value }) => nameOfUrl(value))
    .map((name) => ({ path: join(folder, name), kind: "file" }));
}

function cloneOutputs({ args }: ProgramCall): Output[] {
  const line = readCommandLine(args, GIT);
  const [subcommand, url, folder] = line.operands;
  if (subcommand?.value !== "clone") return [];
  if (folder !== undefined) return folder.value === undefined ? [] : [{ path: folder.value, kind: "tree" }];
  return nameOfUrl(url?.value).map((name) => ({ path: name.replace(/\.git$/, ""), kind: "tree" }));
}

function redirected({ redirects }: ProgramCall["command"]): string[] {
  return redirects.flatMap(({ operator, target, fd }) =>
    operator === ">" && (fd ?? 1) === 1 && target?.value !== undefined && !target.value.startsWith("/dev/")
      ? [target.value]
      : [],
  );
}

function nameOfUrl(url: string | undefined): string[] {
  if (url === undefined || !url.includes("/")) return [];
  const end = url.search(/[?#]/);
  const path = end === -1 ? url : url.slice(0, end);
  const name = baseName(path);
  return name === "" ? [] : [name];
}

/** The caches and lists that package managers leave, where nothing keeps or takes them out of the layer. */
function cachePaths(run: RunInstruction, script: Script, model: Model): WrittenPath[] {
  const calls = packageCallsOf(script);
  if (calls.length === 0) return [];
  const around = cacheSurroundings(run, script, model);
  const lastClean = new Map<string, number>();
  for (const { action, manager, call } of calls) {
    if (action === "clean") lastClean.set(manager, call.command.index);
  }
  return calls.flatMap((call): WrittenPath[] => {
    const { index } = call.call.command;
    const loads =
      call.manager === "apt"
        ? call.action === "refresh"
        : ["install", "refresh", "upgrade"].includes(call.action);
    if (!loads || cacheEscape(call, around) !== undefined) return [];
    const cleaned = (lastClean.get(call.manager) ?? -1) > index;
    if (cleaned && call.manager !== "apt") return [];
    // The official images delete apt's archives themselves.
    const places = call.manager === "apt" ? ["/var/lib/apt/lists"] : cacheFactsOf(call.manager).directories;
    return places
      .filter((place) => !clearsAfter(script, index, place))
      .map((place) => ({
        path: place,
        kind: "cache",
        by: call.tool,
        span: call.call.word.span,
        instruction: run,
        source: undefined,
      }));
  });
}

/** Stands for a working directory that only the base image knows; it is the same until the next WORKDIR. */
const UNKNOWN_FOLDER = "/(workdir";

/** Whether a path begins in a folder that is not known. */
export function isBelowUnknown(path: string): boolean {
  return path.startsWith(UNKNOWN_FOLDER);
}

/** A path of an instruction as an absolute one, its home folder as `~`; see {@link isBelowUnknown}. */
export function absolutePath(path: string, instruction: Instruction, model: Model, folder?: string): string {
  if (/^(?:\/|~(?:\/|$)|\$HOME\b|\$\{HOME\})/.test(path)) return homePath(clean(path));
  const base = folder ?? workdirOf(instruction, model);
  return homePath(clean(`${base}/${path}`));
}

function workdirOf(instruction: Instruction, model: Model): string {
  const setting = model.state(instruction).workdir;
  const known = setting?.value;
  return known?.startsWith("/") ? known : `${UNKNOWN_FOLDER}${setting?.instruction.span.start ?? ""})`;
}

function join(folder: string, name: string): string {
  return folder.endsWith("/") ? folder + name : `${folder}/${name}`;
}

function clean(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") parts.pop();
    else parts.push(part);
  }
  const root = path.startsWith("/") ? "/" : "";
  return root + parts.join("/");
}

/** What is known about the folder that COPY takes its sources from. */
export interface CopiedFolder {
  exists(path: string): boolean;
  readonly ignore: { ignores(path: string): boolean };
}

/**
 * Whether `path` is a part of a folder that was copied from the context; undefined where it would be one and nothing is
 * known about the context.
 */
export function isCopiedPart(
  { kind, source, path: folder }: WrittenPath,
  path: string,
  context: CopiedFolder | undefined,
): boolean | undefined {
  const base = folder.replace(/\/$/, "");
  if (kind !== "tree" || source === undefined || !path.startsWith(`${base}/`) || /[*?[]/.test(path))
    return false;
  if (context === undefined) return undefined;
  const below = cleanContextPath(source);
  const inContext = `${below === "" ? "" : `${below}/`}${path.slice(base.length + 1)}`;
  return context.exists(inContext) && !context.ignore.ignores(inContext);
}

/** A test whether a path as a shell takes it (it may hold wildcards) names a path or a folder that holds it. */
export function matcherFor(pattern: string): (path: string) => boolean {
  const named = trim(pattern);
  if (named === "" || named === "*" || named === "~") return () => false;
  if (!/[*?[]/.test(named)) {
    const [own, below] = pattern.startsWith("/") ? [`/${named}`, `/${named}/`] : [named, `${named}/`];
    return (path) => path === own || path.startsWith(below);
  }
  try {
    const compiled = new Dockerignore([{ text: named, line: 1 }]);
    compiled.ignores("."); // a pattern is read when it is first needed
    return (path) => compiled.ignores(trim(path));
  } catch {
    return () => false; // no pattern that can be read
  }
}

function trim(path: string): string {
  return path.replace(/^\/+/, "").replace(/\/+$/, "");
}
