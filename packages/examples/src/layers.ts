/** What an image is made of: its layers with the instructions that made them, its files, and what it wastes. */
import { Docker } from "docker-engine-sdk";

const docker = new Docker();
const text = `FROM busybox
RUN head -c 100000 /dev/zero > /big && echo small > /small
RUN rm /big && chmod 600 /small
`;
const image = await docker.images.build({ context: "none", dockerfile: { text } });

const { layers, files, waste } = await image.contents({ base: "busybox" });
for (const { instruction = "(base)", size, added, changed, deleted } of layers) {
  console.log(`${size} bytes  +${added.length} ~${changed.length} -${deleted.length}  ${instruction}`);
}

console.log(`${files.size} paths; /small belongs to layer ${files.get("/small")?.layer}`);
console.log(`${waste.ownBytes} bytes are in it for nothing:`);
for (const { path, bytes, reason } of waste.files) console.log(`${bytes} of ${path}: ${reason}`);

await image.remove({ force: true });
