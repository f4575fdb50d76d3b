/** Which lines a directive speaks for: each dialect has scopes of its own. */
import { countBefore } from "../../source/count-before.ts";
import type { Model } from "../../semantics/model.ts";
import type { SourceFile } from "../../source/source-file.ts";
import type { Dockerfile, Instruction } from "../../syntax/nodes.ts";
import type { LintDirective } from "./directives.ts";

/** The lines (from 1, both included) that a directive covers; the whole file includes its ignore file. */
export interface Cover {
  readonly first: number;
  readonly last: number;
  readonly wholeFile: boolean;
}

/** The file that directives stand in. */
export interface DirectiveFile {
  readonly dockerfile: Dockerfile;
  readonly model: Model;
  readonly directives: readonly LintDirective[];
}

const WHOLE_FILE: Cover = { first: 1, last: Infinity, wholeFile: true };

/** What a directive covers; undefined where it stands in vain. */
export function coverOf(directive: LintDirective, file: DirectiveFile): Cover | undefined {
  switch (directive.kind) {
    case "ignore-file":
      return WHOLE_FILE;
    case "disable":
      return { first: directive.line, last: enabledAgainAt(directive, file), wholeFile: false };
    case "ignore-stage":
      return directive.dialect === "hadolint" ? hadolintStage(directive, file) : stageAround(directive, file);
    default:
      return coverOfNext(directive, file);
  }
}

function coverOfNext(
  { line, comment, dialect }: LintDirective,
  { dockerfile }: DirectiveFile,
): Cover | undefined {
  const next = instructionAfter(line, dockerfile);
  if (dialect === "buildkit") {
    const isFirst = next?.comments.find(({ text }) => /^check\s*=/i.test(text))?.line === line;
    return isFirst ? linesOf(next) : undefined;
  }
  if (dialect === "hadolint") return next?.startLine === line + 1 ? linesOf(next) : undefined;
  return comment?.inner === true ? nextLine(line, dockerfile.source) : linesOf(next);
}

function enabledAgainAt({ names, line }: LintDirective, { directives }: DirectiveFile): number {
  const lines = enablingLines(directives);
  const keys = new Set([...names.map(({ text }) => text.toLowerCase()), "all"]);
  return Math.min(...[...keys].map((key) => firstAfter(lines.get(key) ?? [], line)));
}

const enabling = new WeakMap<readonly LintDirective[], ReadonlyMap<string, readonly number[]>>();

/** The lines of the directives that end a `disable`, by what they name. */
function enablingLines(directives: readonly LintDirective[]): ReadonlyMap<string, readonly number[]> {
  const known = enabling.get(directives);
  if (known !== undefined) return known;
  const lines = new Map<string, number[]>();
  for (const { kind, names, line } of directives) {
    if (kind !== "enable") continue;
    for (const { text } of names) {
      const key = text.toLowerCase();
      const own = lines.get(key);
      if (own === undefined) lines.set(key, [line]);
      else own.push(line);
    }
  }
  enabling.set(directives, lines);
  return lines;
}

function firstAfter(lines: readonly number[], line: number): number {
  return lines[countBefore(lines, (one) => one <= line)] ?? Infinity;
}

/** hadolint wants it right above a FROM, and does not count the FROM itself. */
function hadolintStage({ line }: LintDirective, { dockerfile, model }: DirectiveFile): Cover | undefined {
  const next = instructionAfter(line, dockerfile);
  const stage = next?.keyword === "FROM" && next.startLine === line + 1 ? model.stageOf(next) : undefined;
  return stage && { first: stage.from.startLine + 1, last: stageEnd(stage.index, model), wholeFile: false };
}

/** The stage that a directive stands in; right above a FROM, the stage that this one opens. */
function stageAround({ line }: LintDirective, { dockerfile, model }: DirectiveFile): Cover | undefined {
  const next = instructionAfter(line, dockerfile);
  const stage = next === undefined ? model.stages.at(-1) : model.stageOf(next);
  return stage && { first: stage.from.startLine, last: stageEnd(stage.index, model), wholeFile: false };
}

function stageEnd(index: number, { stages }: Model): number {
  const next = stages[index + 1];
  return next === undefined ? Infinity : next.from.startLine - 1;
}

/** Between continued lines: the next line that is neither blank nor a comment. */
function nextLine(line: number, source: SourceFile): Cover {
  let next = line + 1;
  while (next < source.lineCount && /^\s*(?:#|$)/.test(source.line(next))) next += 1;
  return { first: next, last: next, wholeFile: false };
}

/** The first instruction that starts below a line. */
function instructionAfter(line: number, { instructions }: Dockerfile): Instruction | undefined {
  return instructions[countBefore(instructions, ({ startLine }) => startLine <= line)];
}

function linesOf(instruction: Instruction | undefined): Cover | undefined {
  return instruction && { first: instruction.startLine, last: instruction.endLine, wholeFile: false };
}
