/** What a RUN that runs again leaves different: of plain commands their effects, of all others any file. */
import type { Model } from "../semantics/model.ts";
import { absolutePath, isBelowUnknown } from "../semantics/paths/absolute-path.ts";
import { programsOf, type ProgramCall } from "../shell/commands.ts";
import type { Script, ShellWord } from "../shell/nodes.ts";
import type { RunInstruction } from "../syntax/nodes.ts";
import type { DifferingFiles } from "./differing-files.ts";
import { codeOf } from "./free-run.ts";
import { worst, type Verdict } from "./verdict.ts";

/** Commands that may take away what differed. */
const DELETING = /\b(?:rm|mv|find|unlink|git|rsync|clean|prune|truncate|shred)\b/;

/** Programs whose files stay as they are; what they print is the same for the same arguments. */
const SAYING: ReadonlySet<string> = new Set([
  "true",
  ":",
  "echo",
  "printf",
  "pwd",
  "set",
  "sleep",
  "test",
  "[",
]);
/** Programs that change modes, owners, times and folders only, or look at names. */
const ASIDE: ReadonlySet<string> = new Set(["mkdir", "touch", "chmod", "chown", "chgrp", "ls", "stat"]);
/** Programs that print another text for another content of the files they are given. */
const TELLING: ReadonlySet<string> = new Set("cat md5sum sha1sum sha256sum sha512sum base64 od".split(" "));
/** Programs that print something made of the files they are given. */
const READING: ReadonlySet<string> = new Set("head tail wc sort uniq cut grep".split(" "));

/** Something that a command does. */
type Effect =
  | { readonly kind: "write"; readonly path: string; readonly content: Content; readonly appends: boolean }
  | { readonly kind: "remove"; readonly path: string }
  | { readonly kind: "copy"; readonly from: readonly string[]; readonly to: string; readonly moves: boolean };

/** What a file is made from: other files, of which it tells for certain or not, or the words of the command. */
type Content =
  | { readonly files: readonly string[]; readonly isExact: boolean }
  | { readonly words: "same" | "other" | "unknown" };

/** Takes a RUN into account. `changes` says whether a variable has another value. */
export function afterRun(
  run: RunInstruction,
  model: Model,
  verdict: Verdict,
  files: DifferingFiles,
  changes: (name: string) => boolean,
): void {
  if (verdict.state === "cached") return;
  const effects = effectsOf(run, model, changes);
  if (effects !== undefined) {
    for (const effect of effects) apply(effect, files, `line ${run.startLine} writes it anew`);
    return;
  }
  if (DELETING.test(run.logical.text)) files.forgetAll();
  files.doubt(`line ${run.startLine} may write other files`);
}

function apply(effect: Effect, files: DifferingFiles, because: string): void {
  if (effect.kind === "remove") return files.remove(effect.path);
  if (effect.kind === "copy") {
    const { state } = worst(effect.from.map((path) => files.look(path).verdict));
    if (effect.moves) for (const path of effect.from) files.remove(path);
    if (state === "runs") files.add(effect.to, because);
    else if (state === "maybe") files.doubtAt(effect.to, because);
    return;
  }
  const state = contentState(effect.content, files);
  if (state === "runs") files.add(effect.path, because);
  else if (state === "maybe") files.doubtAt(effect.path, because);
  else if (!effect.appends) files.remove(effect.path);
}

function contentState(content: Content, files: DifferingFiles): Verdict["state"] {
  if ("words" in content)
    return ({ same: "cached", other: "runs", unknown: "maybe" } as const)[content.words];
  const { state } = worst(content.files.map((path) => files.look(path).verdict));
  return state === "runs" && !content.isExact ? "maybe" : state;
}

/** The effects in order; undefined where a command may do anything. */
function effectsOf(
  run: RunInstruction,
  model: Model,
  changes: (name: string) => boolean,
): Effect[] | undefined {
  const script = codeOf(run, model);
  if (script === undefined || !isPlain(script)) return undefined;
  const programs = programsOf(script);
  if (programs.length !== script.commands.length) return undefined;
  const mounted = run.mounts.flatMap(({ type, options }) => {
    const target = options.find(({ key }) => ["target", "dst", "destination"].includes(key))?.value?.text;
    return [target ?? (type === "secret" ? "/run/secrets" : undefined)];
  });
  /** Absolute, and a path of the image; undefined for any other. */
  const pathOf = (word: ShellWord): string | undefined => {
    if (word.value === undefined || /^[~$]/.test(word.value)) return undefined;
    const path = absolutePath(word.value, run, model);
    const isElsewhere = mounted.some(
      (one) => one === undefined || `${path}/`.startsWith(`${one.replace(/\/$/, "")}/`),
    );
    return isElsewhere || isBelowUnknown(path) || /^\/(?:proc|sys)\//.test(path) ? undefined : path;
  };
  const effects: Effect[] = [];
  for (const call of programs) {
    const own = effectsOfCall(call, pathOf, changes);
    if (own === undefined) return undefined;
    effects.push(...own);
  }
  return effects;
}

function isPlain({ commands, problems, hasPipe }: Script): boolean {
  if (problems.length > 0 || hasPipe) return false;
  return commands.every(
    ({ block, before, negated, assignments }) =>
      block.kind === "script" && before !== "||" && before !== "&" && !negated && assignments.length === 0,
  );
}

function effectsOfCall(
  { name = "", args, command: { redirects }, wrappers }: ProgramCall,
  pathOf: (word: ShellWord) => string | undefined,
  changes: (name: string) => boolean,
): Effect[] | undefined {
  if (wrappers.length > 0) return undefined;
  const operands = args.filter(({ text }) => !text.startsWith("-"));
  const paths = operands.map(pathOf);
  const known = paths.every((path) => path !== undefined) ? paths : undefined;
  if (name === "rm") return known?.map((path): Effect => ({ kind: "remove", path }));
  if (name === "cp" || name === "mv") {
    const to = known?.at(-1);
    const hasFolderOption = args.some(({ text }) => /^-(?:\w*[tT]|-target)/.test(text));
    if (known === undefined || to === undefined || known.length < 2 || hasFolderOption) return undefined;
    return [{ kind: "copy", from: known.slice(0, -1), to, moves: name === "mv" }];
  }
  let content: Content;
  if (SAYING.has(name)) content = { words: wordsState(args, changes) };
  else if (ASIDE.has(name)) content = { words: "unknown" };
  else if ((TELLING.has(name) || READING.has(name)) && known !== undefined) {
    content = { files: known, isExact: TELLING.has(name) };
  } else return undefined;
  const effects: Effect[] = [];
  for (const { operator, fd, target } of redirects) {
    if (operator === ">&" || target?.value?.startsWith("/dev/") === true) continue;
    const path = target && pathOf(target);
    const writes = operator === ">" || operator === ">>" || operator === ">|";
    if (!writes || path === undefined) return undefined;
    const own: Content = (fd ?? 1) === 1 ? content : { words: "unknown" };
    effects.push({ kind: "write", path, content: own, appends: operator === ">>" });
  }
  return effects;
}

/** Values that nobody sets. */
const RESTLESS = /^(?:RANDOM|SRANDOM|SECONDS|EPOCH\w*|HOSTNAME|BASHPID|PPID)$/;

/** Whether words are the same in the next build. */
function wordsState(
  words: readonly ShellWord[],
  changes: (name: string) => boolean,
): "same" | "other" | "unknown" {
  const open = words.filter(({ value }) => value === undefined);
  const isPlain = open.every(({ text }) => /^[^$`]*(?:\$(?:\w+|\{\w+\})[^$`]*)*$/.test(text));
  const names = open.flatMap(({ variables }) => variables);
  if (!isPlain || names.some((name) => RESTLESS.test(name)) || words.some(({ glob }) => glob))
    return "unknown";
  return names.some(changes) ? "other" : "same";
}
