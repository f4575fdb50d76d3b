import type { ChildProcess, SpawnOptions } from "node:child_process";
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { tempDir } from "./temp-dir.ts";

/** An engine, or whatever else has a network of its own. */
interface Network {
  inNamespace(command: string, args: readonly string[], options?: SpawnOptions): ChildProcess;
}

export interface PortForward extends AsyncDisposable {
  /** Port on 127.0.0.1, here. */
  readonly port: number;
}

/** Runs in the other network. A Unix socket is reached from every network. */
const relay = `
const { connect, createServer } = require("node:net");
const [path, port] = process.argv.slice(1);
createServer({ allowHalfOpen: true }, (client) => {
  const upstream = connect({ host: "127.0.0.1", port: Number(port), allowHalfOpen: true });
  client.pipe(upstream).pipe(client);
  client.on("error", () => upstream.destroy()).on("close", () => upstream.destroy());
  upstream.on("error", () => client.end()); // what came before a reset is passed on
}).listen(path, () => console.log("ready"));
`;

/** Makes a port of 127.0.0.1 in an engine's network reachable from this process. */
export async function forwardPort(network: Network, port: number): Promise<PortForward> {
  const folder = await tempDir();
  const path = folder.join("relay.sock");
  const child = network.inNamespace(process.execPath, ["-e", relay, path, String(port)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (child.stdout !== null) await once(child.stdout, "data");
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const upstream = connect({ path, allowHalfOpen: true });
    sockets.add(client);
    client.pipe(upstream).pipe(client);
    client.on("error", () => upstream.destroy());
    client.on("close", () => {
      upstream.destroy();
      sockets.delete(client);
    });
    upstream.on("error", () => client.end());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as { port: number }).port, // it listens on TCP
    async [Symbol.asyncDispose]() {
      server.close();
      for (const socket of sockets) socket.destroy();
      child.kill();
      await once(child, "exit");
      await folder[Symbol.asyncDispose]();
    },
  };
}
