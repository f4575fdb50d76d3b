import { expect, test } from "vitest";
import { routes, startFakeEngine } from "../fake-engine.ts";
import { chooseEngines } from "./choose.ts";

test("NO_ENGINE wins, ENGINES names versions, all means all", async () => {
  expect(await chooseEngines({ NO_ENGINE: "1", ENGINES: "all" })).toEqual([]);
  expect(await chooseEngines({ ENGINES: "all" })).toEqual([
    "20.10.24",
    "26.1.5",
    "28.5.2",
    "28.5.2+containerd",
  ]);
  expect(await chooseEngines({ ENGINES: "28.5.2, 20.10.24,28.5.2" })).toEqual(["28.5.2", "20.10.24"]);
});

test("a version that cannot be started is refused with the list of those that can", async () => {
  await expect(chooseEngines({ ENGINES: "19.3" })).rejects.toThrow(
    "no such test engine: 19.3; there are 20.10.24, 26.1.5, 28.5.2",
  );
});

test("an engine that answers at DOCKER_HOST is used, and ENGINES overrides it", async () => {
  await using fake = await startFakeEngine(
    routes({ "GET /version": (exchange) => exchange.json(200, { Version: "29.0.0", ApiVersion: "1.52" }) }),
  );
  expect(await chooseEngines({ DOCKER_HOST: fake.host })).toEqual(["found"]);
  expect(await chooseEngines({ DOCKER_HOST: fake.host, ENGINES: "26.1.5" })).toEqual(["26.1.5"]);
});

test("a dead DOCKER_HOST is no reason to test another engine", async () => {
  expect(await chooseEngines({ DOCKER_HOST: "unix:///nowhere/docker.sock" })).toEqual(["found"]);
});
