import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { engineVersion } from "./engine-call.ts";
import { exists } from "./roots.ts";

export interface FoundEngine {
  readonly host: string;
  readonly version: string;
  readonly apiVersion: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

export interface Search {
  readonly engine: FoundEngine | undefined;
  /** The places that were tried. */
  readonly tried: readonly string[];
}

/**
 * Looks for a running engine where the docker CLI looks: DOCKER_HOST, the current context, the default socket.
 * A DOCKER_HOST that does not answer is an error, not a reason to look elsewhere.
 */
export async function findEngine(env: Environment = process.env): Promise<Search> {
  const named = env["DOCKER_HOST"];
  if (named !== undefined && named !== "") {
    try {
      return { engine: { host: named, ...(await engineVersion(named)) }, tried: [named] };
    } catch (error) {
      throw new Error(`no engine answers at DOCKER_HOST=${named}: ${String(error)}`, { cause: error });
    }
  }
  const tried = [...new Set([await contextHost(env), "unix:///var/run/docker.sock"])].filter(
    (host) => host !== undefined,
  );
  for (const host of tried) {
    if (host.startsWith("unix://") && !(await exists(host.slice("unix://".length)))) continue;
    const facts = await engineVersion(host).catch(() => undefined);
    if (facts !== undefined) return { engine: { host, ...facts }, tried };
  }
  return { engine: undefined, tried };
}

async function contextHost(env: Environment): Promise<string | undefined> {
  const folder = env["DOCKER_CONFIG"] ?? join(homedir(), ".docker");
  const config = (await readJson(join(folder, "config.json"))) as { currentContext?: string } | undefined;
  const name = env["DOCKER_CONTEXT"] || config?.currentContext;
  if (name === undefined || name === "" || name === "default") return undefined;
  const id = createHash("sha256").update(name).digest("hex");
  const meta = (await readJson(join(folder, "contexts", "meta", id, "meta.json"))) as
    | { Endpoints?: { docker?: { Host?: string } } }
    | undefined;
  return meta?.Endpoints?.docker?.Host;
}

async function readJson(path: string): Promise<unknown> {
  const json = await readFile(path, "utf8").catch(() => undefined);
  return json === undefined ? undefined : (JSON.parse(json) as unknown);
}
