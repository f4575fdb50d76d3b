/** Run a command in a container and take what it says. */
import { ContainerExitError, Docker } from "docker-engine-sdk";

const docker = new Docker();

// Wait for the result …
const { stdout } = await docker.containers.run({ image: "busybox", command: ["echo", "hello"] });
console.log(stdout.trim());

// … or follow the output while it runs, with something on its stdin.
const count = docker.containers.run({ image: "busybox", command: ["wc", "-c"], input: "12345" });
for await (const { stream, data } of count) process[stream].write(data);

// A code other than 0 is an error, which carries the output.
try {
  await docker.containers.run({ image: "busybox", command: ["ls", "/nowhere"] });
} catch (error) {
  if (!(error instanceof ContainerExitError)) throw error;
  console.log(`exit code ${error.exitCode}: ${error.stderr.trim()}`);
}
