import type { Caller } from "../../transport/call.ts";

/** What the engine tells in the headers of a ping. */
export interface PingResult {
  /** Newest API version the engine speaks. */
  readonly apiVersion: string;
  /** `linux` or `windows`. */
  readonly osType: string;
  /** `2` where BuildKit is the default builder, `1` for the classic one. */
  readonly builderVersion: string;
  readonly experimental: boolean;
  /** e.g. `inactive`, `active/manager`; undefined on engines that do not tell (before 23.0). */
  readonly swarm: string | undefined;
}

export async function ping(caller: Caller, signal: AbortSignal | undefined): Promise<PingResult> {
  const { headers, body } = await caller.send("SystemPing", { signal });
  while ((await body.read()) !== undefined);
  const header = (name: string): string | undefined => {
    const value = headers[name];
    return typeof value === "string" ? value : undefined;
  };
  return {
    apiVersion: header("api-version") ?? "",
    osType: header("ostype") ?? "",
    builderVersion: header("builder-version") ?? "",
    experimental: header("docker-experimental") === "true",
    swarm: header("swarm"),
  };
}
