import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { engineVersion, type EngineVersion } from "./engine-call.ts";
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
    const facts = await engineVersion(named).catch((error: unknown) => {
      throw new Error(`no engine answers at DOCKER_HOST=${named}: ${String(error)}`, { cause: error });
    });
    const unfit = whyUnfit(facts);
    if (unfit !== undefined) throw new Error(`DOCKER_HOST=${named} is ${unfit}`);
    return { engine: engineAt(named, facts), tried: [named] };
  }
  const hosts = [...new Set([await contextHost(env), "unix:///var/run/docker.sock"])].filter(
    (host) => host !== undefined,
  );
  const tried: string[] = [];
  for (const host of hosts) {
    tried.push(host);
    if (host.startsWith("unix://") && !(await exists(host.slice("unix://".length)))) continue;
    const facts = await engineVersion(host).catch(() => undefined);
    if (facts === undefined) continue;
    const unfit = whyUnfit(facts);
    if (unfit === undefined) return { engine: engineAt(host, facts), tried };
    tried.splice(-1, 1, `${host} (${unfit})`);
  }
  return { engine: undefined, tried };
}

function engineAt(host: string, { version, apiVersion }: EngineVersion): FoundEngine {
  return { host, version, apiVersion };
}

/** What cannot do what the tests and the demo do would fail in riddles. */
function whyUnfit({ version, apiVersion, stranger }: EngineVersion): string | undefined {
  if (stranger !== undefined)
    return `${stranger} ${version}, and the tests and the demo need Docker's engine, for BuildKit`;
  const [major = 0, minor = 0] = apiVersion.split(".").map(Number);
  if (major > 1 || minor >= 41) return undefined;
  return `Docker Engine ${version} with API ${apiVersion}, and this needs API 1.41, Docker Engine 20.10 or newer`;
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
