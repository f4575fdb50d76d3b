/** What each instruction of the Dockerfile cost: its step, its layers, and what these hide. */
import type { Model } from "../../semantics/model.ts";
import type { Span } from "../../source/span.ts";
import type { SourceFile } from "../../source/source-file.ts";
import type { Instruction } from "../../syntax/nodes.ts";
import type { TracedStep } from "../build-trace.ts";
import type { LayerOrigin } from "./measure-layers.ts";
import type { JoinedSteps } from "./measure-steps.ts";
import type { MeasuredInstruction, MeasuredRange, MeasuredStep } from "../measurement.ts";
import type { ImageContents } from "../port.ts";

/** All instructions, in the order of the file. */
export function measureInstructions(
  model: Model,
  steps: JoinedSteps,
  origins: readonly LayerOrigin[],
  { layers, waste }: ImageContents,
): MeasuredInstruction[] {
  const made = new Map<Instruction, number[]>();
  for (const [index, origin] of origins.entries()) {
    if (!("instruction" in origin)) continue;
    const list = made.get(origin.instruction) ?? [];
    made.set(origin.instruction, [...list, index]);
  }
  const hides = new Map<number, number>();
  for (const { hiddenBy, bytes } of waste.files) hides.set(hiddenBy, (hides.get(hiddenBy) ?? 0) + bytes);
  return model.dockerfile.instructions.map((instruction, index): MeasuredInstruction => {
    const stage = model.stageOf(instruction);
    const step = steps.byInstruction.get(instruction);
    const own = made.get(instruction) ?? [];
    const sumOf = (of: (layer: number) => number): number => own.reduce((sum, layer) => sum + of(layer), 0);
    return {
      index,
      keyword: instruction.keyword,
      text: instruction.logical.text.trim(),
      range: rangeOf(instruction.span, model.dockerfile.source),
      ...(stage !== undefined && { stage: stage.index }),
      ...(stage?.name !== undefined && { stageName: stage.name }),
      reachable: stage?.reachable ?? true,
      shipped: stage?.shipped ?? false,
      ...(step !== undefined && { step: measuredStep(step) }),
      layers: own,
      bytes: sumOf((layer) => layers[layer]?.size ?? 0),
      entries: sumOf((layer) => (layers[layer]?.added.length ?? 0) + (layers[layer]?.changed.length ?? 0)),
      hides: sumOf((layer) => hides.get(layer) ?? 0),
    };
  });
}

/** Times are told to the millisecond. */
function measuredStep({ state, started, ended = started }: TracedStep): MeasuredStep {
  return {
    cached: state === "cached",
    seconds: toSeconds(ended - started),
    started: toSeconds(started),
    completed: toSeconds(ended),
  };
}

/** Milliseconds as seconds. */
export function toSeconds(milliseconds: number): number {
  return Math.round(milliseconds) / 1000;
}

/** A place as lines and columns. */
export function rangeOf({ start, end }: Span, source: SourceFile): MeasuredRange {
  const [from, to] = [source.position(start), source.position(Math.max(start, end))];
  return {
    start: { line: from.line, column: from.column },
    end: { line: to.line, column: to.column },
  };
}
