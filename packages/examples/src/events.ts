/** See what happens on the engine, as it happens. */
import { Docker } from "docker-engine-sdk";

const docker = new Docker();
const since = new Date();
const filters = { type: "container", event: ["create", "start", "die", "destroy"] };

// What happened since is told first, so nothing is missed between the two calls.
await docker.containers.run({ image: "busybox", command: ["true"] });

for await (const event of docker.system.events({ since, filters })) {
  console.log(`${event.Action} ${event.Actor.ID.slice(0, 12)}`);
  if (event.Action === "destroy") break; // closes the stream
}
