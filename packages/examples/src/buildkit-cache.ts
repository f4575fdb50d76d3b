/** Leave the build cache in the image for others, look at the engine's cache, and see steps taken from it. */
import { Docker } from "docker-engine-sdk";

const docker = new Docker();
const text = `FROM busybox\nRUN echo expensive > /work\n`;
const build = docker.images.build({
  context: "none",
  dockerfile: { text },
  tags: "example-cache",
  cacheTo: "inline",
});
for await (const event of build) {
  if (event.type === "step" && event.state !== "started") console.log(`${event.state}: ${event.step.name}`);
}
const image = await build;

const records = await docker.buildkit.diskUsage();
const bytes = records.reduce((sum, { size }) => sum + size, 0);
console.log(`${records.length > 0 ? "some" : "no"} records, ${bytes > 0 ? "some" : "no"} bytes in the cache`);
await docker.images.get("example-cache").remove({ force: true });
console.log(image.id.slice(0, 7));
