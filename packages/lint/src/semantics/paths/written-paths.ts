/** Which files of the image an instruction writes, as far as its text tells. */
import { cacheEscape } from "../../shell/package-managers/cache-escape.ts";
import { cacheFactsOf, packageCallsOf, programsOf } from "../../shell/commands.ts";
import { downloadsOf, type Download } from "../../shell/programs/downloads.ts";
import type { Script, ShellCommand } from "../../shell/nodes.ts";
import { clearsAfter } from "../../shell/removed-paths.ts";
import { baseName, joinPath } from "../../source/path.ts";
import type { Span } from "../../source/span.ts";
import type { AddInstruction, CopyInstruction, Instruction, RunInstruction } from "../../syntax/nodes.ts";
import { cacheSurroundings } from "../packages/cache-surroundings.ts";
import { absolutePath, UNKNOWN_FOLDER } from "./absolute-path.ts";
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
    const below: WrittenPath = { ...written, path: joinPath(path, name), kind };
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
  const write = (command: ShellCommand, by: string, { path, kind }: Download): void => {
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
    for (const download of downloadsOf(call)) write(command, name ?? "RUN", download);
  }
  return written;
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
    // They are the places of several versions, of which one is in use: whoever clears one knows which.
    if (places.some((place) => clearsAfter(script, index, place))) return [];
    return places.map((place) => ({
      path: place,
      kind: "cache",
      by: call.tool,
      span: call.call.word.span,
      instruction: run,
      source: undefined,
    }));
  });
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
