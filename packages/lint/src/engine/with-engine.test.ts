/** What a run does on an engine beside its work, seen by a fake one. */
import { startFakeEngine, type FakeEngine, type FakeExchange } from "test-support/fake-engine";
import { describe, expect, it } from "vitest";
import { InterruptedError } from "./engine-error.ts";
import { newRunId } from "./owner.ts";
import { withEngine, type EngineRun } from "./with-engine.ts";

interface Thing {
  readonly Id: string;
  readonly Labels: Readonly<Record<string, string>>;
}

/** An engine that knows containers and images by their labels, and removes them. */
class Things {
  readonly removed: string[] = [];
  containers: readonly Thing[] = [];
  images: readonly Thing[] = [];
  /** Answers what is none of this. */
  other: (exchange: FakeExchange) => void = (exchange) => exchange.refuse(404, "no such thing");

  answer(exchange: FakeExchange): void {
    const { method, path, query } = exchange.request;
    const [, kind, id = ""] = /^\/(containers|images)\/([^/]+)$/.exec(path) ?? [];
    if (path === "/version") return exchange.json(200, { Version: "20.10.24", Os: "linux", Arch: "amd64" });
    if (path.endsWith("/json") && method === "GET") {
      const things = path.startsWith("/containers") ? this.containers : this.images;
      return exchange.json(
        200,
        things.filter((thing) => isMeant(thing, query.get("filters") ?? "")),
      );
    }
    if (method !== "DELETE" || kind === undefined) return this.other(exchange);
    this.removed.push(`${kind} ${id}`);
    if (kind === "containers") this.containers = this.containers.filter(({ Id }) => Id !== id);
    else this.images = this.images.filter(({ Id }) => Id !== id);
    return exchange.json(200, []);
  }
}

/** The filters are `{"label":["dflint.run=…"]}`, or an object of those. */
function isMeant({ Labels }: Thing, filters: string): boolean {
  const value = Labels["dflint.run"];
  const [, wanted] = /dflint\.run(?:=([^"]*))?"/.exec(filters) ?? [];
  return value !== undefined && (wanted === undefined || wanted === value);
}

async function engineOf(things: Things): Promise<FakeEngine> {
  return await startFakeEngine((exchange) => things.answer(exchange));
}

const optionsFor = ({ host }: FakeEngine): Parameters<typeof withEngine>[0] => ({ host, environment: {} });

/** Makes a container and an image in the name of a run. */
function make(things: Things, { labels }: EngineRun): void {
  things.containers = [...things.containers, { Id: "c1", Labels: labels }];
  things.images = [...things.images, { Id: "i1", Labels: labels }];
}

describe("withEngine", () => {
  it("tells what engine it is, and removes what was made, containers first", async () => {
    const things = new Things();
    things.images = [{ Id: "other", Labels: { "dflint.run": newRunId() } }];
    await using fake = await engineOf(things);
    const answer = await withEngine(optionsFor(fake), async (run) => {
      make(things, run);
      const { version, apiVersion, platform, host } = run.engine;
      return { version, apiVersion, platform, host };
    });
    expect(answer).toEqual({
      version: "20.10.24",
      apiVersion: "1.41",
      platform: "linux/amd64",
      host: fake.host,
    });
    expect(things.removed).toEqual(["containers c1", "images i1"]);
  });

  it("removes it where the work fails, and throws what it failed with", async () => {
    const things = new Things();
    await using fake = await engineOf(things);
    const failing = withEngine(optionsFor(fake), async (run) => {
      make(things, run);
      throw new RangeError("mine");
    });
    await expect(failing).rejects.toThrow(new RangeError("mine"));
    expect(things.removed).toEqual(["containers c1", "images i1"]);
  });

  it("removes what a process that is no more has left, and nothing of one that lives", async () => {
    const [place, , ...rest] = newRunId().split(".");
    const things = new Things();
    const dead = { "dflint.run": [place, "4194999", ...rest].join(".") };
    things.containers = [{ Id: "dead", Labels: dead }];
    things.images = [
      { Id: "dead", Labels: dead },
      { Id: "alive", Labels: { "dflint.run": newRunId() } },
    ];
    await using fake = await engineOf(things);
    await withEngine(optionsFor(fake), async () => {
      expect(things.removed).toEqual(["containers dead", "images dead"]);
    });
    expect(things.images.map(({ Id }) => Id)).toEqual(["alive"]);
  });

  it("lets a signal abort the work, removes what was made, and gives the signals back", async () => {
    const things = new Things();
    await using fake = await engineOf(things);
    const before = process.listeners("SIGINT");
    const ended = withEngine(optionsFor(fake), async (run) => {
      make(things, run);
      process.emit("SIGINT", "SIGINT");
      run.signal.throwIfAborted();
    });
    const error = await ended.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(InterruptedError);
    expect(error).toMatchObject({ exitCode: 130 });
    expect(things.removed).toEqual(["containers c1", "images i1"]);
    expect(process.listeners("SIGINT")).toEqual(before);
  });

  it("says that no engine answers, and where", async () => {
    const fake = await engineOf(new Things());
    await fake.close();
    const missing = withEngine(optionsFor(fake), async () => undefined);
    await expect(missing).rejects.toMatchObject({
      name: "EngineUnavailableError",
      message: expect.stringContaining(fake.host),
    });
  });

  it("tells a refusal of the engine as such, and that it is gone as if there were none", async () => {
    const things = new Things();
    await using fake = await engineOf(things);
    things.other = (exchange) => exchange.refuse(500, "out of disk");
    const asking = (run: EngineRun): Promise<unknown> => run.engine.docker.images.get("a").history();
    await expect(withEngine(optionsFor(fake), asking)).rejects.toMatchObject({
      name: "EngineRefusalError",
      message: expect.stringContaining("out of disk"),
    });
    things.other = (exchange) => void exchange.socket.destroy();
    await expect(withEngine(optionsFor(fake), asking)).rejects.toMatchObject({
      name: "EngineUnavailableError",
    });
  });
});
