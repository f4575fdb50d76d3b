import { readText, shortAnswer } from "../../streams/json-body.ts";
import type { Caller } from "../../transport/call.ts";

/** What the engine tells in the headers of a ping. */
export interface PingResult {
  /** Newest API version the engine speaks. */
  readonly apiVersion: string;
  /** `linux` or `windows`. */
  readonly osType: string;
  /** `2` where BuildKit is the default builder, `1` for the classic one; undefined where not told (20.10.24). */
  readonly builderVersion: string | undefined;
  /** Whether the engine has its experimental features on. */
  readonly experimental: boolean;
  /** e.g. `inactive`, `active/manager`; undefined on engines that do not tell (before 23.0). */
  readonly swarm: string | undefined;
}

export async function ping(caller: Caller, signal: AbortSignal | undefined): Promise<PingResult> {
  const header = await pingHeaders(caller, signal);
  return {
    apiVersion: header("api-version") ?? "",
    osType: header("ostype") ?? "",
    builderVersion: header("builder-version") || undefined,
    experimental: header("docker-experimental") === "true",
    swarm: header("swarm"),
  };
}

/** The engine's clock, to the second below; undefined where the engine does not tell. */
export async function engineSeconds(
  caller: Caller,
  signal: AbortSignal | undefined,
): Promise<number | undefined> {
  const header = await pingHeaders(caller, signal);
  const seconds = Date.parse(header("date") ?? "") / 1000;
  return Number.isNaN(seconds) ? undefined : seconds;
}

async function pingHeaders(
  caller: Caller,
  signal: AbortSignal | undefined,
): Promise<(name: string) => string | undefined> {
  const { headers, body } = await caller.send("SystemPing", { signal });
  await readText(body, "SystemPing", shortAnswer);
  return (name) => {
    const value = headers[name];
    return typeof value === "string" ? value : undefined;
  };
}
