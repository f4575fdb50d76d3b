import { Docker } from "docker-engine-sdk";

/** Leaves a build in the middle of a RUN, and has then nothing to do. The process must end without more ado. */
async function main(): Promise<void> {
  const [, , host = "", image = "", name] = process.argv;
  const builder = name === "classic" ? "classic" : "buildkit";
  const docker = new Docker({ host, credentials: {} });
  const text = `FROM ${image}\nRUN echo begun; sleep 1000\n`;
  for await (const event of docker.images.build({ builder, context: "none", dockerfile: { text } })) {
    if (event.type === "log") break;
  }
  process.stdout.write("left");
}

void main();
