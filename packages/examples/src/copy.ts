/** Copy files into and out of a container; it need not run. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Docker } from "docker-engine-sdk";

const docker = new Docker();
const folder = await mkdtemp(join(tmpdir(), "example-"));
const container = await docker.containers.create({ Image: "busybox" });
try {
  await writeFile(join(folder, "note.txt"), "from outside\n");
  await container.copyIn(join(folder, "note.txt"), "/tmp");

  const { size } = await container.stat("/tmp/note.txt");
  const text = new TextDecoder().decode(await container.readFile("/tmp/note.txt"));
  console.log(`${size} bytes inside: ${text.trim()}`);

  await container.copyOut("/tmp/note.txt", join(folder, "back"));
  console.log(`and back: ${(await readFile(join(folder, "back/note.txt"), "utf8")).trim()}`);
} finally {
  await container.remove();
  await rm(folder, { recursive: true });
}
