import { Docker } from "docker-engine-sdk";

/** Reads the layers of the image in argv, prints them and the most memory that this process held. */
async function main(): Promise<void> {
  const [, , host = "", image = ""] = process.argv;
  await using docker = new Docker({ host, credentials: {} });
  const layers = await docker.images.get(image).layers();
  const sizes = layers.map(({ size, added }) => ({ size, added: added.length }));
  // maxRSS is in kilobytes.
  process.stdout.write(JSON.stringify({ sizes, rss: process.resourceUsage().maxRSS * 1024 }));
}

void main();
