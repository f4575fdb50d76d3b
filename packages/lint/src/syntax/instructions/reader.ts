import type { Span } from "../../source/span.ts";
import type { FlagType, KnownFlags } from "../flags.ts";
import { nearestName } from "../nearest-name.ts";
import type { Flag, Instruction, InstructionBase, Word } from "../nodes.ts";
import type { ProblemCode, ProblemSink } from "../problem.ts";
import type { NodeSource } from "./instruction-node.ts";

/**
 * How arguments are cut: `command` is a JSON array or one text; `list` a JSON array or words; `blanks` words, quoted or
 * not; `words` words that quotes keep together; `text` one text; `own` is cut by the instruction itself.
 */
type ArgumentForm = "command" | "list" | "blanks" | "words" | "text" | "own";

/** How an instruction is read; each has its file. */
export interface InstructionReader {
  readonly form: ArgumentForm;
  /** Makes the node, and says what BuildKit would refuse. */
  read(source: NodeSource, problems: ProblemSink): Instruction;
}

/** Reports something for which BuildKit refuses the instruction. */
export function refuse(
  problems: ProblemSink,
  base: InstructionBase,
  code: ProblemCode,
  message: string,
  advice: string,
  span: Span = base.name.span,
): void {
  problems.push({ code, phase: "instruction", message, advice, span, line: base.startLine });
}

/** Reports a JSON array that holds something else than strings, which already stops BuildKit's parser. */
export function refuseJson(problems: ProblemSink, word: Word, line: number): void {
  problems.push({
    code: "json-not-strings",
    phase: "parser",
    message: "when using JSON array syntax, arrays must be comprised of strings only",
    advice: "Put double quotes around every element.",
    span: word.span,
    line,
  });
}

const NO_FLAGS: KnownFlags = {};

/** Checks flags as BuildKit does; every wrong one is reported. */
export function checkFlags(base: InstructionBase, problems: ProblemSink, known: KnownFlags = NO_FLAGS): void {
  if (base.flags.length === 0) return;
  const seen = base.flags.length > 1 ? new Set<string>() : undefined;
  for (const flag of base.flags) {
    const type = Object.hasOwn(known, flag.name) ? known[flag.name] : undefined;
    if (!type) {
      refuseUnknownFlag(base, problems, flag, known);
    } else if (seen?.has(flag.name) && type !== "strings") {
      refuse(
        problems,
        base,
        "duplicate-flag",
        `duplicate flag specified: --${flag.name}`,
        "Give it once.",
        flag.span,
      );
    } else {
      checkValue(base, problems, flag, type);
    }
    seen?.add(flag.name);
  }
}

function refuseUnknownFlag(
  base: InstructionBase,
  problems: ProblemSink,
  flag: Flag,
  known: KnownFlags,
): void {
  const names = Object.keys(known);
  const near = nearestName(flag.name, names);
  const keyword = base.name.text.toUpperCase();
  const has = names.length === 0 ? `${keyword} has no flags` : `it has --${names.join(", --")}`;
  const advice = near ? `Did you mean --${near}?` : `Remove it: ${has}.`;
  refuse(problems, base, "unknown-flag", `unknown flag: --${flag.name}`, advice, flag.nameSpan);
}

function checkValue(base: InstructionBase, problems: ProblemSink, flag: Flag, type: FlagType): void {
  const { name, value } = flag;
  if (type === "boolean") {
    if (value === undefined) return;
    const lower = value.text.toLowerCase();
    if (lower === "true" || lower === "false") return;
    const message =
      lower === ""
        ? `missing a value on flag: --${name}`
        : `expecting boolean value for flag --${name}, not: ${value.text}`;
    const advice = `Write --${name} alone, --${name}=true or --${name}=false.`;
    refuse(problems, base, "invalid-flag-value", message, advice, flag.span);
  } else if (value === undefined) {
    const advice = `Write --${name}=VALUE.`;
    refuse(problems, base, "invalid-flag-value", `missing a value on flag: --${name}`, advice, flag.span);
  }
}

/** Reports that there are no arguments where one is needed at least. */
export function needOne(base: InstructionBase, problems: ProblemSink, example: string): void {
  if (base.args.length > 0) return;
  const keyword = base.name.text.toUpperCase();
  const message = `${keyword} requires at least one argument`;
  refuse(problems, base, "missing-argument", message, `Write ${example}, or remove the line.`);
}

/** Reports that the one text it needs is not there. */
export function needExactlyOne(base: InstructionBase, problems: ProblemSink, example: string): void {
  if (base.args.length > 0) return;
  const keyword = base.name.text.toUpperCase();
  const message = `${keyword} requires exactly one argument`;
  refuse(problems, base, "missing-argument", message, `Write ${example}, or remove the line.`);
}
