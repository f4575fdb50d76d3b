import { setTimeout as sleep } from "node:timers/promises";
import { Docker } from "docker-engine-sdk";

/**
 * Reads the log of the container in argv on the engine in argv as argv says, much slower than it comes, and prints how
 * many bytes of text there were, how much memory this process held before and at most, in bytes.
 */
async function main(): Promise<void> {
  const [, , host = "", id = "", how] = process.argv;
  const docker = new Docker({ host, credentials: {} });
  const logs = docker.containers.get(id).logs();
  const before = process.memoryUsage.rss();
  let read = 0;
  let nextPause = 0;
  const take = async (size: number): Promise<void> => {
    read += size;
    if (read < nextPause) return;
    nextPause = read + 1024 * 1024;
    await sleep(5);
  };
  if (how === "bytes") for await (const { data } of logs) await take(data.length);
  else if (how === "lines") for await (const { text } of logs.lines()) await take(text.length + 1);
  else for await (const chunk of logs.stdout.toReadable()) await take((chunk as Uint8Array).length);
  // maxRSS is in kilobytes.
  process.stdout.write(JSON.stringify({ read, before, most: process.resourceUsage().maxRSS * 1024 }));
}

void main();
