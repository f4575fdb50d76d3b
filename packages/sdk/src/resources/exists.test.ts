import { describe, expect, test } from "vitest";
import { startFakeEngine } from "test-support/fake-engine";
import { Docker } from "../docker.ts";
import { ServerError } from "../errors.ts";

const collections = [
  "configs",
  "containers",
  "images",
  "networks",
  "nodes",
  "plugins",
  "secrets",
  "services",
  "tasks",
  "volumes",
] as const;

describe.each(collections)("%s: whether there is one", (name) => {
  test("by the status of inspect, and no other failure is taken for its absence", async () => {
    const statuses: Readonly<Record<string, number>> = { there: 200, missing: 404, broken: 500 };
    await using engine = await startFakeEngine((exchange) => {
      const { path } = exchange.request;
      const [, status = 0] = Object.entries(statuses).find(([id]) => path.includes(id)) ?? [];
      exchange.json(status, { message: "as asked" });
    });
    await using docker = new Docker({ host: engine.host, credentials: {} });
    expect(await docker[name].exists("there")).toBe(true);
    expect(await docker[name].exists({ id: "missing" })).toBe(false);
    await expect(docker[name].exists("broken")).rejects.toThrow(ServerError);
    await expect(docker[name].exists("there", { signal: AbortSignal.abort("enough") })).rejects.toBe(
      "enough",
    );
  });
});
