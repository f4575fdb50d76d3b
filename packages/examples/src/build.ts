/** Build an image from a folder, which is streamed to the engine as it is read. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BuildError, Docker, renderProgress } from "docker-engine-sdk";

const docker = new Docker();
const context = await mkdtemp(join(tmpdir(), "example-"));
try {
  await writeFile(join(context, "greeting"), "hello from the context\n");
  await writeFile(join(context, "Dockerfile"), 'FROM busybox\nCOPY greeting /\nCMD ["cat", "/greeting"]\n');

  const image = await renderProgress(docker.images.build({ context, tags: ["example-build"] }));
  const { stdout } = await docker.containers.run({ image });
  console.log(stdout.trim());

  // What goes wrong in a build says where.
  const broken = { text: "FROM busybox\nRUN echo oh no && exit 7\n" };
  await docker.images.build({ context, dockerfile: broken }).catch((error: unknown) => {
    if (!(error instanceof BuildError)) throw error;
    console.log(`${error.step} ended with ${error.exitCode}; it said: ${error.log.trim()}`);
  });
} finally {
  await docker.images.get("example-build").remove();
  await rm(context, { recursive: true });
}
