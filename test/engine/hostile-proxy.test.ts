import { describe, expect, test } from "vitest";
import { Docker, DockerError } from "docker-engine-sdk";
import { engine, label } from "test-support/engine-under-test";
import { hostileProxyTo, type Harm, type HostileProxy } from "test-support/hostile-proxy";

const { image } = engine;
const labels = { [label]: "hostile-proxy" };

/** A proxy to the engine under test, which listens on a Unix socket wherever we start it. */
async function proxied(harm: Harm): Promise<HostileProxy> {
  if (engine.socketPath === undefined) throw new Error("the engine listens on no Unix socket");
  const proxy = await hostileProxyTo(engine.socketPath);
  proxy.harm(harm);
  return proxy;
}

const script = "echo out; echo err >&2; printf é; exit 3";

/** What is answered in each of the ways that an engine answers in. */
async function everyWay(docker: Docker): Promise<readonly unknown[]> {
  const run = await docker.containers.run({ image, command: ["sh", "-c", script], labels, check: false });
  const container = await docker.containers.create({ Image: image, Cmd: ["sleep", "600"], Labels: labels });
  try {
    await container.start();
    const exec = await container.exec(["cat"], { input: "in\n" });
    const file = Buffer.from(await container.readFile("/etc/passwd")).toString();
    return [
      run.exitCode,
      run.stdout,
      run.stderr,
      exec.stdout,
      file.includes("root"),
      await container.logs().text(),
    ];
  } finally {
    await container.remove({ force: true });
  }
}

describe("a proxy that passes all on, but", () => {
  test.each<Harm>([{ pieces: 1 }, { pieces: 3 }, { pieces: 700, delay: 2 }])(
    "in pieces: %o",
    async (harm) => {
      await using proxy = await proxied(harm);
      await using docker = new Docker({ host: proxy.host });
      expect(await everyWay(docker)).toEqual([3, "out\né", "err\n", "in\n", true, ""]);
    },
  );

  test("ends answers anywhere: each call fails with an error of the library, or had all it needed", async () => {
    await using direct = new Docker({ host: engine.host });
    await using proxy = await proxied({});
    const container = await direct.containers.create({
      Image: image,
      Cmd: ["sh", "-c", script],
      Labels: labels,
    });
    try {
      await container.start();
      await container.wait();
      for (const kind of ["truncateAt", "resetAt"] as const) {
        // The heads of answers are about 200 bytes long.
        for (let at = 1; at < 420; at += 31) {
          proxy.harm({ [kind]: at });
          await using docker = new Docker({ host: proxy.host, apiVersion: "1.41" });
          const cut = docker.containers.get(container.id);
          const outcomes = await Promise.allSettled([
            cut.logs().collect(),
            cut.inspect(),
            docker.system.ping(),
          ]);
          const [logs] = outcomes;
          if (logs.status === "fulfilled") {
            expect(logs.value).toMatchObject({ stdout: "out\né", stderr: "err\n" });
          }
          const reasons = outcomes.map((outcome) =>
            outcome.status === "rejected" ? outcome.reason : undefined,
          );
          expect(reasons.filter((reason) => reason !== undefined && !DockerError.is(reason))).toEqual([]);
        }
      }
    } finally {
      await container.remove({ force: true });
    }
  });
});
