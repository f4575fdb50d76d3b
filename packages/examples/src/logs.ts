/** Follow the log of a container, line by line. */
import { Docker } from "docker-engine-sdk";

const docker = new Docker();
const clock = await docker.containers.start({
  image: "busybox",
  command: ["sh", "-c", "for i in 1 2 3; do echo tick $i; echo tock >&2; sleep 0.1; done"],
});
try {
  for await (const line of clock.logs({ follow: true, timestamps: true }).lines()) {
    console.log(`${line.timestamp} ${line.stream}: ${line.text}`);
  }
} finally {
  await clock.remove({ force: true });
}
