/** One step of an image's history, as its configuration has it; the oldest comes first. */
export interface HistoryStep {
  readonly created?: string | undefined;
  readonly created_by?: string | undefined;
  readonly comment?: string | undefined;
  /** It changed only the configuration. */
  readonly empty_layer?: boolean | undefined;
}

/** A step that made a layer, and its place in the history. */
export interface LayerStep {
  readonly step: HistoryStep;
  readonly index: number;
}

/** The step of each layer. None of any when the history tells of more or fewer: it would be a guess. */
export function stepsOfLayers(
  history: readonly HistoryStep[],
  layerCount: number,
): readonly (LayerStep | undefined)[] {
  const made = history
    .map((step, index) => ({ step, index }))
    .filter(({ step }) => step.empty_layer !== true);
  return made.length === layerCount ? made : Array.from({ length: layerCount }, () => undefined);
}

/**
 * What a Dockerfile would say, from what a builder notes: the classic one `/bin/sh -c #(nop) COPY …` and
 * `/bin/sh -c make`, BuildKit `COPY … # buildkit` and `RUN /bin/sh -c make # buildkit`, both with the build
 * arguments as `|1 NAME=value` in front. Notes of other tools stay as they are.
 */
export function readableInstruction(createdBy: string): string {
  const buildKit = createdBy.endsWith(" # buildkit");
  const text = buildKit ? createdBy.slice(0, -" # buildkit".length) : createdBy;
  const nop = /^\/bin\/sh -c #\(nop\)\s+([\s\S]*)$/.exec(text);
  if (nop !== null) return (nop[1] ?? "").trimEnd();
  const run = /^(?:RUN )?(?:\|\d+ [\s\S]*? )?\/bin\/sh -c ([\s\S]*)$/.exec(text);
  return run === null ? text : `RUN ${(run[1] ?? "").trimStart()}`;
}
