/** Layers of an image that was built, by the instructions that made them. */
import type { LayerFacts } from "../../linter/facts/engine-facts.ts";
import type { Model } from "../../semantics/model.ts";
import { joinLayers } from "../measure/measure-layers.ts";
import type { Builder } from "../measure/measure-steps.ts";
import type { ImageContents } from "../port.ts";

/** The layers of the file's own instructions; none where the history does not tell which they are. */
export function layerFacts(
  contents: ImageContents,
  history: readonly string[],
  model: Model,
  builder: Builder,
): LayerFacts[] {
  // Triggers are nobody's instruction here, so that it does not matter how many there were.
  const origins = joinLayers(contents.layers, history, model, { builder, triggers: 0 });
  const { text } = model.dockerfile.source;
  return contents.layers.flatMap(({ size, added, changed }, index): LayerFacts[] => {
    const origin = origins[index];
    if (origin?.kind !== "instruction") return [];
    const { start, end } = origin.instruction.span;
    const hidden = contents.waste.files.flatMap(({ path, bytes, reason, layer, hiddenBy }) => {
      const by = origins[layer];
      if (hiddenBy !== index || by?.kind !== "instruction") return [];
      return [{ path, bytes, reason, by: by.instruction.span.start }];
    });
    const files = [...added, ...changed].filter(({ type }) => type === "file");
    return [
      {
        text: text.slice(start, end),
        start,
        bytes: size,
        written: files.map(({ path }) => path),
        digest: files.length === 1 ? files[0]?.digest : undefined,
        hidden,
      },
    ];
  });
}
