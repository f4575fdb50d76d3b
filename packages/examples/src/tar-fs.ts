/** Choose and change what is sent and what is unpacked, with tar-fs: the SDK takes and gives plain tar streams. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { Docker } from "docker-engine-sdk";
import { extract, pack } from "tar-fs";

const docker = new Docker();
const folder = await mkdtemp(join(tmpdir(), "example-"));
try {
  await writeFile(join(folder, "Dockerfile"), "FROM busybox\nCOPY run.sh /bin/run\nRUN run > /said\n");
  await writeFile(join(folder, "run.sh"), "#!/bin/sh\necho packed by tar-fs\n");

  // Scripts are made executable on their way to the engine, whatever they are here.
  const tar = pack(folder, { map: (header) => ({ ...header, mode: 0o755 }) });
  const image = await docker.images.build({ context: { tar }, tags: "example-tar-fs" });

  const container = await docker.containers.create({ Image: image.id });
  const files = (await container.export()).toReadable();
  await pipeline(files, extract(join(folder, "out"), { ignore: (_, header) => header?.name !== "said" }));
  await container.remove();
  console.log((await readFile(join(folder, "out/said"), "utf8")).trim());
} finally {
  await docker.images.get("example-tar-fs").remove({ force: true });
  await rm(folder, { recursive: true });
}
