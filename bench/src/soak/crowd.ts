import { Docker } from "docker-engine-sdk";
import type { PrivateEngine } from "test-support/engine";
import { engineSockets, leftSockets, ownSockets } from "./sockets.ts";

// Requests at a time.
const flight = 64;

/** Creates, starts, inspects and removes so many containers. Resolves with what was wrong. */
export async function crowd(
  engine: PrivateEngine,
  count: number,
  say: (text: string) => void,
): Promise<readonly string[]> {
  const sockets = ownSockets();
  const docker = new Docker({ host: engine.host, credentials: {}, env: {} });
  const wrong: string[] = [];
  let next = 0;
  let most = 0;

  async function one(number: number): Promise<void> {
    const name = `crowd-${number}`;
    const container = await docker.containers.create({ Image: engine.image, Cmd: ["true"] }, { name });
    await container.start();
    const { Name } = await container.inspect();
    if (Name !== `/${name}`) wrong.push(`container ${name} is called ${Name}`);
    await container.remove({ force: true, volumes: true });
  }
  async function worker(): Promise<void> {
    while (next < count) {
      const number = next++;
      await one(number).catch((error: unknown) => wrong.push(`container ${number}: ${String(error)}`));
      most = Math.max(most, ownSockets() - sockets);
    }
  }
  const start = performance.now();
  await Promise.all(Array.from({ length: Math.min(flight, count) }, worker));
  const seconds = Math.round((performance.now() - start) / 1000);

  const left = await docker.containers.list({ all: true });
  if (left.length > 0) wrong.push(`${left.length} containers are left`);
  await docker.close();
  const own = await leftSockets(ownSockets, sockets);
  if (own > sockets) wrong.push(`${own - sockets} sockets of this process are left`);
  const theirs = await leftSockets(() => engineSockets(engine), 0);
  if (theirs > 0) wrong.push(`${theirs} connections of the engine are left`);
  say(
    `${count} containers in ${seconds} s, ${flight} at a time, at most ${most} sockets; ${left.length} left`,
  );
  return wrong;
}
