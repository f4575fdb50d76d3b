import { mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { succeeds } from "./command-line.ts";
import { whyNoPrivateEngine, type Say } from "./debian.ts";
import { engineCall } from "./engine-call.ts";
import { identify } from "./process-table.ts";
import { startRegistry } from "./registry.ts";
import { label } from "./state.ts";

export interface RegistryBeside extends AsyncDisposable {
  readonly address: string;
}

/** A registry that an engine we did not start can reach on the loopback address; undefined where none can be had. */
export async function registryBeside(host: string, say: Say): Promise<RegistryBeside | undefined> {
  const sameMachine = host.startsWith("unix://") && process.platform === "linux";
  const hasProgram =
    (await whyNoPrivateEngine()) === undefined || (await succeeds("docker-registry", ["--version"]));
  try {
    return sameMachine && hasProgram ? await registryProcess(say) : await registryContainer(host);
  } catch (error) {
    say(`no registry beside ${host}: ${String(error)}`);
    return undefined;
  }
}

/** The folders carry the pid of their owner, so that what a crashed one left is known as such. */
const folderName = `${label}-registry-`;

async function registryProcess(say: Say): Promise<RegistryBeside> {
  await sweepFolders();
  const folder = await mkdtemp(join(tmpdir(), `${folderName}${process.pid}-`));
  const { address, child } = await startRegistry(undefined, folder, { port: await freePort() }, say);
  return {
    address,
    async [Symbol.asyncDispose]() {
      const exited = new Promise((resolve) => child.once("exit", resolve));
      child.ref();
      if (child.kill()) await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function sweepFolders(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(folderName)) continue;
    const owner = Number.parseInt(name.slice(folderName.length), 10);
    if ((await identify(owner)) === undefined)
      await rm(join(tmpdir(), name), { recursive: true, force: true });
  }
}

async function registryContainer(host: string): Promise<RegistryBeside> {
  await engineCall(host, "POST", "/images/create?fromImage=registry&tag=2", { timeout: 120_000 });
  const spec = {
    Image: "registry:2",
    Labels: { [label]: "registry" },
    Env: ["REGISTRY_STORAGE_DELETE_ENABLED=true"],
    HostConfig: { PortBindings: { "5000/tcp": [{ HostIp: "127.0.0.1", HostPort: "" }] } },
  };
  const headers = { "Content-Type": "application/json" };
  const created = await engineCall(host, "POST", "/containers/create", {
    body: JSON.stringify(spec),
    headers,
  });
  const { Id } = JSON.parse(created) as { Id: string };
  await engineCall(host, "POST", `/containers/${Id}/start`);
  const { NetworkSettings } = JSON.parse(await engineCall(host, "GET", `/containers/${Id}/json`)) as {
    NetworkSettings: { Ports: Record<string, { HostPort: string }[] | null> };
  };
  const port = NetworkSettings.Ports["5000/tcp"]?.[0]?.HostPort;
  if (port === undefined) throw new Error("the registry's container has no published port");
  return {
    address: `127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      await engineCall(host, "DELETE", `/containers/${Id}?force=1&v=1`);
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}
