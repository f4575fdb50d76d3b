import type { Image } from "docker-engine-sdk";

/** Prints each RootFS layer with its size and the instruction that made it, and what the image carries for nothing. */
export async function printLayers(image: Image): Promise<void> {
  const { layers, waste } = await image.contents();
  console.log("\n── Its RootFS layers");
  for (const { digest, size, instruction = "(base image)" } of layers) {
    console.log(`${digest.slice(0, 19)} ${String(size).padStart(9)} bytes  ${instruction}`);
  }
  console.log(`${waste.bytes} bytes are of files that a later layer hides`);
}
