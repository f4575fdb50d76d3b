/** Who is compared, for a job that each has under the same name. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Client, Program } from "./contender.ts";

export const FLOOR = "raw undici";
export const OURS = "docker-engine-sdk";

/** What a new process pays for undici, and not for Node's own client (seen without it by `--liftoff-only`). */
export const PARSER_COST = "V8 optimises the WebAssembly of undici's HTTP parser in each new process";

const NAMES = {
  undici: FLOOR,
  "docker-engine-sdk": OURS,
  dockerode: "dockerode",
  "node-sdk": "@docker/node-sdk",
} as const;

/** The clients that can do it, the floor first. */
export function clientsFor(
  job: string,
  who: readonly (keyof typeof NAMES)[] = ["undici", "docker-engine-sdk", "dockerode", "node-sdk"],
): Client[] {
  return who.map((client) => ({ name: NAMES[client], client, job }));
}

/** The Docker CLI, where there is one; what it prints goes nowhere, and into a hash when it is to be verified. */
export function dockerCli(socketPath: string, command: string): Program[] {
  if (cliVersion() === undefined) return [];
  const docker = `DOCKER_BUILDKIT=0 docker --host unix://${socketPath} ${command}`;
  return [
    { name: "docker CLI", command: `${docker} > /dev/null`, verify: `${docker} 2>/dev/null | sha256sum` },
  ];
}

function cliVersion(): string | undefined {
  const { stdout } = spawnSync("docker", ["--version"], { encoding: "utf8" });
  return /version (?<version>[\d.]+)/.exec(stdout ?? "")?.groups?.["version"];
}

/** The versions of the clients. */
export function clientVersions(): readonly string[] {
  const cli = cliVersion();
  const clients = ["docker-engine-sdk", "undici", "dockerode", "@docker/node-sdk"].map((name) => {
    const manifest = fileURLToPath(new URL(`../../node_modules/${name}/package.json`, import.meta.url));
    const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { readonly version: string };
    return `${name} ${version}`;
  });
  return cli === undefined ? clients : [...clients, `docker CLI ${cli}`];
}
