import { insertion, type Edit } from "../../source/edit.ts";
import type { SourceFile } from "../../source/source-file.ts";
import type { DependencyInstall } from "../../shell/dependencies/dependency-install.ts";
import { dependencyInstalls } from "../../shell/dependencies/dependency-installs.ts";
import type { Script, ShellCommand } from "../../shell/nodes.ts";
import { withoutOptions } from "../../shell/options.ts";
import {
  optionOf,
  packageCallOf,
  packageCallsOf,
  programOf,
  type PackageCall,
} from "../../shell/commands.ts";
import { removedPaths } from "../../shell/removed-paths.ts";
import { lineEndOf, wholeLines } from "../../syntax/line-edits.ts";
import type { Instruction, RunInstruction } from "../../syntax/nodes.ts";
import type { Model } from "../model.ts";
import { projectFolder } from "./project-folder.ts";
import { siblings } from "../stages/siblings.ts";
import { absolutePath } from "./absolute-path.ts";
import type { SourceCopy } from "./source-copies.ts";

/** What the edits are made from; a part of what a rule sees. */
export interface Surroundings {
  readonly source: SourceFile;
  readonly model: Model;
  /** What is known about the build context. */
  readonly context:
    | {
        exists(path: string): boolean;
        readonly source: { list(folder: string): readonly { name: string }[] };
      }
    | undefined;
  script(instruction: Instruction): Script | undefined;
}

/** Also where the rest is copied to. */
interface Copied extends Surroundings {
  readonly copied: string;
}

/** What may stand between a COPY and an install without needing what was copied. */
const INDIFFERENT = new Set([
  "WORKDIR",
  "ENV",
  "ARG",
  "USER",
  "LABEL",
  "EXPOSE",
  "SHELL",
  "STOPSIGNAL",
  "VOLUME",
]);

/** Commands beside an install that do not look at the source. */
const HARMLESS = new Set(["set", "corepack", "echo", "true"]);

/** Where nobody keeps a project. */
const SYSTEM = /^~|^\/(?:root|tmp|usr|var)\//;

/**
 * The edits that copy the manifests first and the rest after the install; undefined where a step between needs the
 * source, or where it cannot be told which files the install needs.
 */
export function copyAfterInstall(
  copy: SourceCopy,
  install: DependencyInstall,
  run: RunInstruction,
  around: Surroundings,
): Edit[] | undefined {
  const { instruction } = copy;
  const { model, source } = around;
  const script = around.script(run);
  if (instruction.keyword !== "COPY" || copy.kind !== "whole" || script === undefined || !install.movable)
    return undefined;
  if (instruction.sources.length !== 1 || instruction.heredocs.length > 0 || instruction.json)
    return undefined;
  if (model.stageOf(instruction) !== model.stageOf(run) || run.onbuild !== undefined) return undefined;
  const between = siblings(run, model).slice(model.positionOf(instruction) + 1, model.positionOf(run));
  const target = instruction.destination?.text ?? "";
  if (between.some(({ keyword }) => !INDIFFERENT.has(keyword)) || target.includes("$")) return undefined;
  const flags = instruction.flags.map(({ text }) => text);
  // With --parents the target of a manifest is another; a variable may have another value further down.
  if (flags.some((flag) => flag.startsWith("--parents"))) return undefined;
  const setsVariables = between.some(({ keyword }) => keyword === "ARG" || keyword === "ENV");
  if (setsVariables && flags.some((flag) => flag.includes("$"))) return undefined;
  if (!target.startsWith("/") && between.some(({ keyword }) => keyword === "WORKDIR")) return undefined;
  const folder = projectFolder(copy, install, run, script, model);
  const manifests = folder === undefined ? undefined : manifestCopies(copy, install, folder, around);
  if (manifests === undefined) return undefined;
  const end = lineEndOf(source);
  const lines = wholeLines(instruction, source);
  if (!install.explicit) {
    // The build stays where it is; a step of its own loads before it.
    const here = model.state(instruction).workdir?.value ?? "/";
    if (folder !== "" || !/^\.?\/?$/.test(target.replace(/^\.\//, ".")) || between.length > 0) {
      const sameFolder = target.replace(/\/$/, "") === here;
      if (folder !== "" || !sameFolder) return undefined;
    }
    return [insertion(lines.start, `${manifests}${end}RUN ${install.step}${end}`)];
  }
  const moved = source.slice(lines);
  const first: Edit = { span: lines, newText: manifests + end };
  const copied = absolutePath(target, instruction, model);
  const inside: Copied = {
    source,
    model,
    context: around.context,
    script: (one) => around.script(one),
    copied,
  };
  const rest = afterInstall(run, script, inside, moved.endsWith("\n") ? moved : moved + end);
  return rest === undefined ? undefined : [first, rest];
}

/** The COPY of the manifests, with the flags and the target of the original. */
function manifestCopies(
  { instruction }: SourceCopy,
  { manifests, ecosystem }: DependencyInstall,
  folder: string,
  { context, model }: Surroundings,
): string | undefined {
  const target = instruction.destination?.text ?? "";
  const written = model.state(instruction).workdir?.value;
  const copied = target.startsWith("/") ? target : target === "." || target === "./" ? (written ?? "") : "";
  const names = manifests.map((name) =>
    name.startsWith("/") && copied !== "" && name.startsWith(`${copied.replace(/\/$/, "")}/`)
      ? name.slice(copied.replace(/\/$/, "").length + 1)
      : name,
  );
  if (names.some((name) => name.startsWith("/") || name.startsWith("..") || /[\s$]/.test(name)))
    return undefined;
  const folders = new Set(
    names.map((name) => (name.includes("/") ? name.slice(0, name.lastIndexOf("/")) : "")),
  );
  const [below = ""] = folders;
  if (folders.size > 1) return undefined;
  const inContext = (name: string): string => (folder === "" ? name : `${folder}/${name}`);
  // Without a look at the context npm's lock file may be missing; a pattern takes it if it is there.
  const wanted =
    context !== undefined && names.some((name) => context.exists(inContext(name)))
      ? names.filter((name) => /[*?]/.test(name) || context.exists(inContext(name)))
      : ecosystem === "npm"
        ? ["package*.json"]
        : names;
  const flags = instruction.flags.map(({ text }) => `${text} `).join("");
  const root = target === "." || target === "./" ? "./" : target.endsWith("/") ? target : `${target}/`;
  const tail = [folder, below].filter((part) => part !== "").join("/");
  const included = ecosystem === "pip" ? includedLists(wanted, inContext(""), context) : [];
  const sources = [...wanted, ...included].map(inContext).join(" ");
  return `${instruction.name.text} ${flags}${sources} ${root}${tail === "" ? "" : `${tail}/`}`;
}

/** Lists of requirements beside those that are named, which may include them: `-r base.txt`, `-c constraints.txt`. */
function includedLists(
  named: readonly string[],
  project: string,
  context: Surroundings["context"],
): string[] {
  const folders = new Set(named.map((name) => name.slice(0, name.lastIndexOf("/") + 1)));
  return [...folders].flatMap((folder) =>
    (context?.source.list((project + folder).replace(/\/$/, "")) ?? [])
      .map(({ name }) => folder + name)
      .filter((name) => /\.(?:txt|in)$/.test(name) && !named.includes(name) && isRequirementList(name)),
  );
}

function isRequirementList(path: string): boolean {
  return /(?:^|[/_.-])(?:requirements?|constraints?|reqs?)[/_.-]/.test(path);
}

/** Folders that installs fill in the project itself. */
const INSTALLED = /(?:^|\/)(?:node_modules|vendor|\.?venv)(?:\/|$)/;

/** Whether commands from that index on take away what installs above them may have left: it would stay in their layer. */
function takesBack(script: Script, from: number): boolean {
  const isLate = ({ index }: ShellCommand): boolean => index >= from;
  return (
    packageCallsOf(script).some(
      ({ action, call }) => isLate(call.command) && (action === "clean" || action === "remove"),
    ) ||
    removedPaths(script).some(
      ({ path, command }) => isLate(command) && (/^[/~]/.test(path) || INSTALLED.test(path)),
    )
  );
}

/** Whether a RUN only takes away what others left, so that it belongs to the install above it. */
function onlyCleans(instruction: Instruction, around: Copied): boolean {
  const script = instruction.keyword === "RUN" ? around.script(instruction) : undefined;
  if (script === undefined || !takesBack(script, 0)) return false;
  const managed = packageCallsOf(script).flatMap(({ action, call }) =>
    action === "clean" || action === "remove" ? [call.command] : [],
  );
  return script.commands.every((command) => managed.includes(command) || isHarmless(command, script, around));
}

/** Whether a command does not look at what was copied; an `rm` of something else does not. */
function isHarmless(command: ShellCommand, script: Script, { copied }: Copied): boolean {
  if (command.name !== "rm") return command.name !== undefined && HARMLESS.has(command.name);
  const paths = removedPaths(script).filter((one) => one.command === command);
  const named = withoutOptions(command.words.slice(1));
  return (
    named.length === paths.length && paths.every(({ path }) => SYSTEM.test(path) && !isWithin(path, copied))
  );
}

function isWithin(path: string, folder: string): boolean {
  const end = folder.endsWith("/") ? folder : `${folder}/`;
  return folder !== "/" && (path === folder || path.startsWith(end) || end.startsWith(`${path}/`));
}

/** Whether a package manager is given a folder or a file, which may be among what was copied. */
function takesLocal(call: PackageCall): boolean {
  return (
    call.packages.some(({ source }) => source === "local") || optionOf(call, "-e", "--editable") !== undefined
  );
}

/** The COPY below the RUN, or between the installs at the RUN's start and what needs the source. */
function afterInstall(run: RunInstruction, script: Script, around: Copied, moved: string): Edit | undefined {
  const { commands } = script;
  const { model, source } = around;
  const installs = new Set(
    dependencyInstalls(script).flatMap(({ explicit, movable, call }) =>
      explicit && movable ? [call.command] : [],
    ),
  );
  const needing = commands.find((command) => {
    if (installs.has(command) || isHarmless(command, script, around)) return false;
    const program = programOf(command);
    const call = program && packageCallOf(program);
    return call === undefined || call.action === "other" || call.manifest || takesLocal(call);
  });
  if (needing === undefined) {
    const below = siblings(run, model).slice(model.positionOf(run) + 1);
    const other = below.findIndex((one) => !onlyCleans(one, around));
    const last = below[(other === -1 ? below.length : other) - 1] ?? run;
    const at = wholeLines(last, source).end;
    const ended = source.text[at - 1] === "\n";
    return insertion(at, ended ? moved : lineEndOf(source) + moved.trimEnd());
  }
  const previous = commands[needing.index - 1];
  if (previous === undefined || run.json || run.heredocs.length > 0 || run.flags.length > 0) return undefined;
  const isChain = commands.every(
    ({ block, before }) => block.kind === "script" && (before === "&&" || before === "none"),
  );
  const gap = { start: previous.span.end, end: needing.span.start };
  if (!isChain || takesBack(script, needing.index) || source.slice(gap).includes("#")) return undefined;
  return { span: gap, newText: `${lineEndOf(source)}${moved}${run.name.text} ` };
}
