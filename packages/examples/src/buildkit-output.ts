/** Take the files of the last stage out of a build, without an image: compile in a container, use the result here. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Docker } from "docker-engine-sdk";

const docker = new Docker();
const folder = await mkdtemp(join(tmpdir(), "example-"));
try {
  const text = `FROM busybox AS build
RUN mkdir /out && echo "made in a container" > /out/result
FROM scratch
COPY --from=build /out /
`;
  await docker.images.build({ context: "none", dockerfile: { text }, output: { local: folder } });
  console.log((await readFile(join(folder, "result"), "utf8")).trim());

  // The same as a tar, and as nothing but a filled cache.
  await docker.images.build({
    context: "none",
    dockerfile: { text },
    output: { tar: join(folder, "out.tar") },
  });
  await docker.images.build({ context: "none", dockerfile: { text }, output: "none" });
  console.log(`a tar of ${(await readFile(join(folder, "out.tar"))).length} bytes`);
} finally {
  await rm(folder, { recursive: true });
}
