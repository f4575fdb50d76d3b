import type { Image } from "docker-engine-sdk";

/** Prints each RootFS layer with its size and the instruction that made it. */
export async function printLayers(image: Image): Promise<void> {
  const { RootFS } = await image.inspect();
  const history = (await image.history()).toReversed();
  // Instructions that only set metadata make no layer; the classic builder marks all but RUN with "#(nop)".
  const made = history.filter(({ CreatedBy }) => !/#\(nop\)\s+(?!ADD|COPY)/.test(CreatedBy));
  console.log("\n── Its RootFS layers");
  for (const [i, layer] of (RootFS?.Layers ?? []).entries()) {
    const { Size = 0, CreatedBy = "" } = made[i] ?? {};
    const instruction = CreatedBy.replace(/^\/bin\/sh -c #\(nop\)\s+/, "").replace(/^\/bin\/sh -c /, "RUN ");
    console.log(`${layer.slice(0, 19)} ${String(Size).padStart(9)} bytes  ${instruction || "(base image)"}`);
  }
}
