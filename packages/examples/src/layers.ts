/** What an image is made of: its RootFS layers and the history of instructions. */
import { Docker } from "docker-engine-sdk";

const docker = new Docker();
const image = docker.images.get("busybox");

const { RootFS, Size, Architecture } = await image.inspect();
console.log(`${Size} bytes for ${Architecture}`);
for (const layer of RootFS?.Layers ?? []) console.log(layer);

for (const { CreatedBy, Size: bytes } of await image.history()) {
  console.log(`${String(bytes).padStart(10)} ${CreatedBy}`);
}
