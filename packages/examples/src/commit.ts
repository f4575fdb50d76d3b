/** Make an image of a container that was changed. */
import { Docker } from "docker-engine-sdk";

const docker = new Docker();
const { container } = await docker.containers.run({
  image: "busybox",
  command: ["sh", "-c", "echo changed > /note"],
  remove: false,
});
try {
  for (const { Path } of await container.changes()) console.log(`changed: ${Path}`);

  const image = await container.commit({
    reference: "example-commit",
    changes: ['CMD ["cat", "/note"]'],
    comment: "a note was added",
  });
  const { stdout } = await docker.containers.run({ image });
  console.log(`the new image says: ${stdout.trim()}`);
} finally {
  await container.remove();
  await docker.images.get("example-commit").remove();
}
