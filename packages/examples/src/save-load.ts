/** Save an image to a file and load it back. */
import { createReadStream, createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { Docker } from "docker-engine-sdk";

const docker = new Docker();
const file = join(tmpdir(), `example-${process.pid}.tar`);
const copy = "example-save:1";
await docker.images.get("busybox").tag(copy);
try {
  const tar = await docker.images.get(copy).save();
  await pipeline(tar, createWriteStream(file));
  await docker.images.get(copy).remove();

  const [loaded] = await docker.images.load(createReadStream(file));
  console.log(`loaded ${loaded?.id}: ${await docker.images.exists(copy)}`);
} finally {
  await docker.images.get(copy).remove();
  await rm(file, { force: true });
}
