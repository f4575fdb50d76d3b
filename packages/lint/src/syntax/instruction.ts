/** Reads one instruction from the joined text of its lines. */
import { isSeparator, skipSpace, trimSpaceEnd } from "./blank.ts";
import { readFlags } from "./flags.ts";
import { add } from "./instructions/add.ts";
import { arg } from "./instructions/arg.ts";
import { cmd } from "./instructions/cmd.ts";
import { copy } from "./instructions/copy.ts";
import { entrypoint } from "./instructions/entrypoint.ts";
import { env } from "./instructions/env.ts";
import { expose } from "./instructions/expose.ts";
import { from } from "./instructions/from.ts";
import { healthcheck } from "./instructions/healthcheck.ts";
import { label } from "./instructions/label.ts";
import { maintainer } from "./instructions/maintainer.ts";
import { onbuild } from "./instructions/onbuild.ts";
import type { InstructionReader } from "./instructions/reader.ts";
import { run } from "./instructions/run.ts";
import { shell } from "./instructions/shell.ts";
import { stopsignal } from "./instructions/stopsignal.ts";
import { unknownReader } from "./instructions/unknown.ts";
import { user } from "./instructions/user.ts";
import { volume } from "./instructions/volume.ts";
import { workdir } from "./instructions/workdir.ts";
import { readJsonArray } from "./json-array.ts";
import type { LogicalText } from "./logical-text.ts";
import type { Comment, Flag, Heredoc, Instruction, InstructionBase, OnbuildInstruction } from "./nodes.ts";
import type { Problem, ProblemSink } from "./problem.ts";
import type { Word } from "./word.ts";
import { cut, splitAtBlanks, splitWords } from "./words.ts";

// In the order in which BuildKit offers them as what was meant.
const READERS: ReadonlyMap<string, InstructionReader> = new Map([
  ["add", add],
  ["arg", arg],
  ["cmd", cmd],
  ["copy", copy],
  ["entrypoint", entrypoint],
  ["env", env],
  ["expose", expose],
  ["from", from],
  ["healthcheck", healthcheck],
  ["label", label],
  ["maintainer", maintainer],
  ["onbuild", onbuild],
  ["run", run],
  ["shell", shell],
  ["stopsignal", stopsignal],
  ["user", user],
  ["volume", volume],
  ["workdir", workdir],
]);
const unknown = unknownReader(READERS.keys());
const HEREDOC_READERS: ReadonlySet<InstructionReader> = new Set([run, copy, add]);
// ONBUILD in ONBUILD is refused, but it has to be read without recursing as deep as somebody likes.
const ONBUILD_DEPTH = 8;
const NO_WORDS: readonly Word[] = [];

/** Whether a word is the name of an instruction. */
export function isInstructionName(name: string): boolean {
  return READERS.has(name.toLowerCase());
}

/** An instruction cut into its parts, before its heredocs are known. */
export interface Head {
  readonly reader: InstructionReader;
  readonly logical: LogicalText;
  readonly name: Word;
  readonly flags: readonly Flag[];
  readonly rest: Word;
  readonly args: readonly Word[];
  readonly json: boolean;
  /** What stands in an ONBUILD. */
  readonly inner: Head | undefined;
  /** What stops BuildKit's parser already here. */
  readonly notStrings: boolean;
}

/** What an instruction has beside its joined text. */
export interface Surroundings {
  readonly span: InstructionBase["span"];
  readonly startLine: number;
  readonly endLine: number;
  readonly heredocs: readonly Heredoc[];
  readonly comments: readonly Comment[];
  readonly innerComments: readonly Comment[];
  readonly blankLines: readonly number[];
}

/** Cuts an instruction into name, flags and arguments. */
export function readHead(logical: LogicalText, escape: string, from = 0, depth = 0): Head {
  const { text } = logical;
  const start = skipSpace(text, from, text.length);
  const end = trimSpaceEnd(text, start, text.length);
  let nameEnd = start;
  while (nameEnd < end && !isSeparator(text.charCodeAt(nameEnd))) nameEnd += 1;
  const name = cut(logical, start, nameEnd);
  const reader = READERS.get(name.text.toLowerCase()) ?? unknown;
  const { flags, rest: restStart } = readFlags(logical, nameEnd, end);
  const rest = cut(logical, restStart, end);
  const nested = reader === onbuild && restStart < end && depth < ONBUILD_DEPTH;
  const inner = nested ? readHead(logical, escape, restStart, depth + 1) : undefined;
  const elements = reader.form === "command" || reader.form === "list" ? readJsonArray(rest) : undefined;
  const json = Array.isArray(elements);
  const args = json ? elements : argumentsOf(reader, rest, escape, inner);
  return { reader, logical, name, flags, rest, args, json, inner, notStrings: elements === "not-strings" };
}

function argumentsOf(
  reader: InstructionReader,
  rest: Word,
  escape: string,
  inner: Head | undefined,
): readonly Word[] {
  if (rest.text === "") return NO_WORDS;
  switch (reader.form) {
    case "command":
    case "text":
      return [rest];
    case "list":
    case "blanks":
      return splitAtBlanks(rest);
    case "words":
      return splitWords(rest, escape);
    default:
      return inner ? [inner.name, ...inner.args] : NO_WORDS;
  }
}

/** Whether the instruction, or the one in its ONBUILD, may open heredocs. */
export function mayOpenHeredocs(head: Head): boolean {
  const { reader, json } = head.inner ?? head;
  return HEREDOC_READERS.has(reader) && !json;
}

/** Makes the node of an instruction once its heredocs are known, and says what is wrong with it. */
export function readInstruction(head: Head, around: Surroundings, problems: ProblemSink): Instruction {
  return readNested(head, around, undefined, problems);
}

function readNested(
  head: Head,
  around: Surroundings,
  onbuild: OnbuildInstruction | undefined,
  problems: ProblemSink,
): Instruction {
  const node = finish(head, around, onbuild, problems);
  if (node.keyword !== "ONBUILD" || !head.inner) return node;
  // BuildKit looks at what ONBUILD holds only when an image is built on it: what stops its parser counts now.
  const parserOnly: ProblemSink = {
    push: (problem: Problem) => problem.phase === "parser" && problems.push(problem),
  };
  const outer: { -readonly [Key in keyof OnbuildInstruction]: OnbuildInstruction[Key] } = node;
  outer.inner = readNested(head.inner, around, node, parserOnly);
  return node;
}

function finish(
  head: Head,
  around: Surroundings,
  onbuild: OnbuildInstruction | undefined,
  problems: ProblemSink,
): Instruction {
  const span = onbuild ? { start: head.name.span.start, end: around.span.end } : around.span;
  if (head.notStrings) {
    problems.push({
      code: "json-not-strings",
      phase: "parser",
      message: "when using JSON array syntax, arrays must be comprised of strings only",
      advice: "Put double quotes around every element.",
      span: head.rest.span,
      line: around.startLine,
    });
  }
  const base: InstructionBase = {
    name: head.name,
    span,
    startLine: around.startLine,
    endLine: around.endLine,
    logical: head.logical,
    flags: head.flags,
    rest: head.rest,
    args: head.args,
    json: head.json,
    heredocs: around.heredocs,
    comments: around.comments,
    innerComments: around.innerComments,
    blankLines: around.blankLines,
    onbuild,
  };
  return head.reader.read(base, problems);
}
