/** How one part of the page names and finds another: lines, layers and steps of one instruction share a key. */
import type { MeasuredInstruction, MeasuredLayer, Measurement } from "../../engine/measurement.ts";
import { html, type Content, type Markup } from "./markup.ts";

/** The last line that an instruction is on. */
export function lastLine({ range: { start, end } }: MeasuredInstruction): number {
  return end.column === 1 && end.line > start.line ? end.line - 1 : end.line;
}

/** `line 7`, `lines 7–9` */
export function linesOf(instruction: MeasuredInstruction): string {
  const [first, last] = [instruction.range.start.line, lastLine(instruction)];
  return first === last ? `line ${first}` : `lines ${first}–${last}`;
}

/** The instruction that made a layer; for the base image's layers the FROM that names it. */
export function instructionOf(
  layer: MeasuredLayer,
  measurement: Measurement,
): MeasuredInstruction | undefined {
  if (layer.instruction !== undefined) return measurement.instructions[layer.instruction];
  if (layer.origin !== "base") return undefined;
  return measurement.instructions.find(({ keyword, shipped }) => keyword === "FROM" && shipped);
}

/** Marks what belongs to an instruction, so that pointing at one shows the others. */
export function linkKey(instruction: MeasuredInstruction | undefined): Markup {
  return instruction === undefined ? html`` : html` data-link="${instruction.index}"`;
}

/** Lines of the Dockerfile that the page shows: beyond them nobody reads on. */
export const MOST_LINES = 1500;

/** Whether the page shows where an instruction begins. */
export function isShown({ range }: MeasuredInstruction): boolean {
  return range.start.line <= MOST_LINES;
}

/** A link to the lines of an instruction, where they are shown. */
export function toLines(instruction: MeasuredInstruction, content: Content = linesOf(instruction)): Markup {
  return isShown(instruction) ? html`<a href="#i${instruction.index}">${content}</a>` : html`${content}`;
}

/** What made a layer, as a link where there is a line. */
export function makerOf(layer: MeasuredLayer | undefined, measurement: Measurement): Markup {
  if (layer === undefined) return html`a layer`;
  const instruction = instructionOf(layer, measurement);
  if (layer.origin === "base") return html`the base image`;
  return instruction === undefined ? html`layer ${layer.index}` : toLines(instruction);
}
