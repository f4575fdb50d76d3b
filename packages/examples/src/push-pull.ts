/** Push an image to a registry and pull it from there, with progress. */
import { Docker, renderProgress } from "docker-engine-sdk";

const docker = new Docker();
const reference = `${process.env["REGISTRY"] ?? "127.0.0.1:5000"}/example:1`;
const image = docker.images.get(reference);

await docker.images.get("busybox").tag(reference);
try {
  await renderProgress(image.push());
  await image.remove();

  for await (const event of docker.images.pull(reference)) {
    if (event.type === "progress") console.log(`${event.id}: ${event.state} ${event.current ?? ""}`);
  }
  console.log((await image.inspect()).RepoDigests?.join("\n"));
} finally {
  await image.remove();
}
