/** Reads one instruction from the joined text of its lines. */
import { findSeparator, skipSpace, trimSpaceEnd } from "./blank.ts";
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
import { onbuild, OnbuildNode } from "./instructions/onbuild.ts";
import type { InstructionParts, Surroundings } from "./instructions/instruction-node.ts";
import { refuseJson } from "./instructions/reader.ts";
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
import type { Instruction, OnbuildInstruction } from "./nodes.ts";
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
export interface Head extends InstructionParts {
  readonly reader: InstructionReader;
  /** What stands in an ONBUILD. */
  readonly inner: Head | undefined;
  /** What stops BuildKit's parser already here. */
  readonly notStrings: boolean;
}

/** Cuts an instruction into name, flags and arguments. */
export function readHead(logical: LogicalText, escape: string, from = 0, depth = 0): Head {
  const { text } = logical;
  const start = skipSpace(text, from, text.length);
  const end = trimSpaceEnd(text, start, text.length);
  const nameEnd = findSeparator(text, start, end);
  const reader = READERS.get(text.slice(start, nameEnd).toLowerCase()) ?? unknown;
  const { flags, rest: restStart } = readFlags(logical, nameEnd, end);
  const rest = cut(logical, restStart, end);
  const nested = reader === onbuild && restStart < end && depth < ONBUILD_DEPTH;
  const inner = nested ? readHead(logical, escape, restStart, depth + 1) : undefined;
  const elements = reader.form === "command" || reader.form === "list" ? readJsonArray(rest) : undefined;
  const json = Array.isArray(elements);
  const args = json ? elements : argumentsOf(reader, rest, escape, inner);
  return {
    reader,
    logical,
    nameStart: start,
    nameEnd,
    restStart,
    restEnd: end,
    flags,
    args,
    json,
    inner,
    notStrings: elements === "not-strings",
  };
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
      return inner ? [cut(inner.logical, inner.nameStart, inner.nameEnd), ...inner.args] : NO_WORDS;
  }
}

/** Whether the instruction, or the one in its ONBUILD, may open heredocs. */
export function mayOpenHeredocs(head: Head): boolean {
  const { reader, json } = head.inner ?? head;
  return HEREDOC_READERS.has(reader) && !json;
}

/** Makes the node of an instruction once its heredocs are known, and says what is wrong with it. */
export function readInstruction(
  head: Head,
  around: Surroundings,
  problems: ProblemSink,
  outer?: OnbuildInstruction,
): Instruction {
  const node = head.reader.read({ parts: head, around, onbuild: outer }, problems);
  if (head.notStrings) refuseJson(problems, node.rest, around.startLine);
  if (!(node instanceof OnbuildNode) || !head.inner) return node;
  // BuildKit looks at what ONBUILD holds only when an image is built on it: what stops its parser counts now.
  const parserOnly: ProblemSink = {
    push: (problem: Problem) => problem.phase === "parser" && problems.push(problem),
  };
  node.inner = readInstruction(head.inner, around, parserOnly, node);
  return node;
}
