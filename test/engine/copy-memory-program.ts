import { Docker } from "docker-engine-sdk";

/** Copies the path in argv into the container in argv and back into the folder in argv, prints the most memory that this process held. */
async function main(): Promise<void> {
  const [, , host = "", container = "", path = "", name = "", back = ""] = process.argv;
  await using docker = new Docker({ host, credentials: {} });
  const box = docker.containers.get(container);
  await box.copyIn(path, "/");
  await box.copyOut(`/${name}`, back);
  // maxRSS is in kilobytes.
  process.stdout.write(JSON.stringify({ rss: process.resourceUsage().maxRSS * 1024 }));
}

void main();
