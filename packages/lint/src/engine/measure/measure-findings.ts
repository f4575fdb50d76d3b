/** What the linter found, what mending it saves, and the fixes that are proposed. */
import { applyEdits } from "../../source/edit.ts";
import { SourceFile } from "../../source/source-file.ts";
import type { Instruction } from "../../syntax/nodes.ts";
import type { LintResult } from "../../linter/linter.ts";
import type { MeasureInput } from "./measure-input.ts";
import { rangeOf } from "./measure-instructions.ts";
import type { FixText } from "./measure-prove.ts";
import { savingsOf } from "./measure-savings.ts";
import type { MeasuredFinding, MeasuredFix, MeasuredInstruction } from "../measurement.ts";
import type { ImageContents } from "../port.ts";

/** What is known of the image. */
export interface MeasuredSoFar {
  readonly contents: ImageContents;
  readonly instructions: readonly MeasuredInstruction[];
  readonly baseLayers: number;
}

/** Findings that count, in order of place, a fix for each that has one, and what each fix makes of its file. */
export function measureFindings(
  lint: LintResult,
  { path, context, diff }: Pick<MeasureInput, "path" | "context" | "diff">,
  { contents, instructions, baseLayers }: MeasuredSoFar,
): { findings: MeasuredFinding[]; fixes: MeasuredFix[]; texts: FixText[] } {
  const { source, instructions: nodes } = lint.dockerfile;
  const diagnostics = lint.diagnostics.filter(({ suppressed }) => suppressed === undefined);
  const indexAt = (offset: number): number | undefined => {
    const index = nodes.findIndex(({ span }) => span.start <= offset && offset < span.end);
    return index === -1 ? undefined : index;
  };
  const measured = new Map(nodes.map((node, index) => [node, instructions[index]]));
  const savings = savingsOf(diagnostics, {
    contents,
    context,
    instructionAt: (offset): Instruction | undefined => nodes[indexAt(offset) ?? -1],
    layersOf: (instruction) => measured.get(instruction)?.layers ?? [],
    secondsOf: (instruction) => {
      const step = measured.get(instruction)?.step;
      return step?.cached === false ? step.seconds : undefined;
    },
    slice: ({ span }) => source.slice(span),
    baseLayers,
  });
  const ignoreText = context?.ignoreFile?.text;
  const ignoreSource = new SourceFile(ignoreText ?? "");
  const findings = diagnostics.map((diagnostic, index): MeasuredFinding => {
    const { rule, name, severity, message, target, span, fixes, evidence } = diagnostic;
    const instruction = target === "dockerfile" ? indexAt(span.start) : undefined;
    const [fix] = fixes;
    const saves = savings[index];
    return {
      rule,
      name,
      severity,
      message,
      target,
      range: rangeOf(span, target === "dockerfile" ? source : ignoreSource),
      ...(instruction !== undefined && { instruction }),
      ...(fix && { fix: fix.applicability }),
      ...(saves && { saves }),
      evidence,
    };
  });
  const fixes: MeasuredFix[] = [];
  const texts: FixText[] = [];
  for (const [finding, { rule, fixes: offered, target: own }] of diagnostics.entries()) {
    const [fix] = offered;
    if (fix === undefined) continue;
    const target = fix.target ?? own;
    const before = target === "dockerfile" ? source.text : ignoreText;
    const after = applyEdits(before ?? "", fix.edits);
    const file = target === "dockerfile" ? path : (context?.ignoreFile?.path ?? ".dockerignore");
    const { title, applicability } = fix;
    fixes.push({ finding, rule, title, applicability, diff: diff({ path: file, before, after }) });
    texts.push({ target, text: after });
  }
  return { findings, fixes, texts };
}
