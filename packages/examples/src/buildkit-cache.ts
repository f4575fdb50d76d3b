/** Leave the build cache where the next machine finds it: in a folder or a registry, or in the image itself. */
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Docker, UnsupportedError } from "docker-engine-sdk";

const docker = new Docker();
const folder = await mkdtemp(join(tmpdir(), "example-"));
const tag = "example-cache";
const file = { context: "none", dockerfile: { text: "FROM busybox\nRUN echo expensive > /work\n" } };

try {
  // A registry takes it, too: { type: "registry", attrs: { ref: "ghcr.io/org/app:cache", mode: "max" } }
  await docker.images.build({
    ...file,
    tags: tag,
    cacheTo: { type: "local", attrs: { dest: folder, mode: "max" } },
  });
  console.log(`left in a folder: ${(await readdir(folder)).join(" ")}`);
} catch (error) {
  if (!(error instanceof UnsupportedError)) throw error;
  console.log("left in the image, for want of the containerd image store");
  await docker.images.build({ ...file, tags: tag, cacheTo: "inline" }); // and pushed
}

// The first run of a pipeline finds nothing there, which is only a warning. Here no second image is wanted.
const cacheFrom = [tag, { type: "local", attrs: { src: folder } }];
const again = docker.images.build({ ...file, cacheFrom, output: "none" });
for await (const event of again) {
  if (event.type === "step" && event.state === "cached") console.log(`cached: ${event.step.name}`);
}
await docker.images.get(tag).remove({ force: true });
await rm(folder, { recursive: true });
