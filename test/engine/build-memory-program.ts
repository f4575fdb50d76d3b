import { Docker } from "docker-engine-sdk";

/** Builds the folder in argv on the engine in argv with the builder in argv, prints the image and the most memory that this process held. */
async function main(): Promise<void> {
  const [, , host = "", context = "", builder] = process.argv;
  const docker = new Docker({ host, credentials: {} });
  const { id } = await docker.images.build({
    context,
    builder: builder === "classic" ? "classic" : "buildkit",
  });
  // maxRSS is in kilobytes.
  process.stdout.write(JSON.stringify({ id, rss: process.resourceUsage().maxRSS * 1024 }));
}

void main();
