import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { Docker, UnsupportedError, type BuildEvent, type BuildOptions, type Image } from "docker-engine-sdk";
import { engine, label } from "test-support/engine-under-test";
import { removedAfter } from "test-support/removed-after";
import { rejection } from "test-support/rejection";

const docker = new Docker({ host: engine.host, credentials: {} });
const labels = { [label]: "buildkit-options" };
const unique = (): string => randomBytes(8).toString("hex");
const isOld = engine.version.startsWith("20.");

async function printed(image: Image, ...command: string[]): Promise<string> {
  return (await docker.containers.run({ image: image.id, command, labels })).stdout;
}

// A stage to build anew has no parameter of its own in POST /build.
describe.concurrent.each([
  ["POST /build", {}],
  ["BuildKit's own API", { noCache: "nostage" }],
] as const)("options through %s", (_, way) => {
  async function built(text: string, options: Partial<BuildOptions>): Promise<Image & AsyncDisposable> {
    const dockerfile = { text: `FROM ${engine.image}\nENV MARK=${unique()}\n${text}` };
    const all = { context: "none", dockerfile, builder: "buildkit", labels, ...way, ...options } as const;
    return removedAfter(await docker.images.build(all));
  }

  test("shmSize and ulimits, where the engine has them", async () => {
    const text = "RUN df /dev/shm | tail -n 1 > /shm; ulimit -n > /soft; ulimit -Hn > /hard\n";
    const options = { shmSize: "2m", ulimits: [{ name: "nofile", soft: 100, hard: 200 }] };
    if (isOld) {
      expect(await rejection(built(text, options))).toBeInstanceOf(UnsupportedError);
      return;
    }
    await using image = await built(text, options);
    expect(await printed(image, "cat", "/shm")).toMatch(/ 2048 .*\/dev\/shm$/m);
    expect(await printed(image, "cat", "/soft", "/hard")).toBe("100\n200\n");
  });

  test("extraHosts as names and as lines, also of IPv6", async () => {
    const text = "RUN cat /etc/hosts > /seen\n";
    await using names = await built(text, { extraHosts: { "db.example": "10.1.2.3", six: "::1" } });
    const seen = await printed(names, "cat", "/seen");
    expect(seen).toContain("10.1.2.3\tdb.example");
    expect(seen).toContain("::1\tsix");
    await using lines = await built(text, { extraHosts: ["a:10.0.0.1", "b:10.0.0.2"] });
    expect(await printed(lines, "cat", "/seen")).toMatch(/10\.0\.0\.1\ta\n10\.0\.0\.2\tb\n/);
  });

  test("host-gateway is the engine's machine", async () => {
    const build = built("RUN cat /etc/hosts > /seen\n", { extraHosts: { engine: "host-gateway" } });
    // Its BuildKit does not tell; POST /build knows.
    if (isOld && "noCache" in way) {
      expect(await rejection(build)).toBeInstanceOf(UnsupportedError);
      return;
    }
    await using image = await build;
    const [, gateway = ""] = /default via (\S+)/.exec(await printed(image, "ip", "route")) ?? [];
    expect(await printed(image, "cat", "/seen")).toContain(`${gateway}\tengine`);
  });

  test("network: none, the engine's own, the default", async () => {
    const text = "RUN cat /proc/net/dev > /links; cat /proc/net/tcp > /listening\n";
    await using none = await built(text, { network: "none" });
    expect(await printed(none, "cat", "/links")).not.toMatch(/eth0|docker0/);
    await using host = await built(text, { network: "host" });
    expect(await printed(host, "cat", "/links")).toContain("docker0");
    // The registry beside the engine: port 5000.
    expect(await printed(host, "cat", "/listening")).toContain(":1388 ");
    await using usual = await built(text, { network: "default" });
    expect(await printed(usual, "cat", "/links")).toContain("eth0");
  });

  test("platform", async () => {
    const dockerfile = { text: "FROM scratch\nARG TARGETPLATFORM\nENV P=$TARGETPLATFORM\nCOPY a /a\n" };
    const context = { files: { a: unique() } };
    await using image = await built("", { context, dockerfile, platform: "linux/arm64" });
    const { Architecture, Os, Config } = await image.inspect();
    expect({ Architecture, Os }).toEqual({ Architecture: "arm64", Os: "linux" });
    expect(Config?.Env).toContain("P=linux/arm64");
  });

  test("pull looks for a newer base image", async () => {
    const base = `${engine.registry}/base-${unique()}:1`;
    await using old = await built("RUN echo old > /age\n", {});
    await using young = await built("RUN echo young > /age\n", { tags: base });
    await docker.images.push(base);
    await old.tag(base);
    const dockerfile = { text: `FROM ${base}\nRUN cp /age /seen\n` };
    await using local = await built("", { dockerfile });
    // With the containerd store BuildKit asks the registry whenever it can.
    expect(await printed(local, "cat", "/seen")).toBe(engine.hasContainerdStore ? "young\n" : "old\n");
    await using pulled = await built("", { dockerfile, pull: true });
    expect(await printed(pulled, "cat", "/seen")).toBe("young\n");
    expect(young.id).not.toBe(old.id);
  });
});

test("noCache by stage runs these stages again, and no others", async () => {
  const mark = unique();
  const text = `FROM ${engine.image} AS one
RUN echo one ${mark}; cat /proc/sys/kernel/random/uuid > /one
FROM ${engine.image} AS two
RUN echo two ${mark}; cat /proc/sys/kernel/random/uuid > /two
FROM ${engine.image}
COPY --from=one /one /
COPY --from=two /two /
`;
  const built = async (noCache?: BuildOptions["noCache"]): Promise<string[]> => {
    const dockerfile = { text };
    const build = docker.images.build({ context: "none", dockerfile, builder: "buildkit", labels, noCache });
    await using image = removedAfter(await build);
    return (await printed(image, "cat", "/one", "/two")).trim().split("\n");
  };
  const [one, two] = await built();
  const [newOne, sameTwo] = await built(["one"]);
  expect(newOne).not.toBe(one);
  expect(sameTwo).toBe(two);
  const both = await built(["one", "two"]);
  expect(both).not.toContain(newOne);
  expect(both).not.toContain(two);
});

describe.concurrent("docker.buildkit", () => {
  test("status follows a build from elsewhere", async () => {
    const ref = unique();
    const text = `FROM ${engine.image}\nRUN echo begun; sleep 2; echo ${ref}\n`;
    const solving = docker.buildkit.solve({ context: "none", dockerfile: { text }, ref });
    const events: BuildEvent[] = [];
    for await (const event of solving) {
      if (event.type !== "log") continue;
      for await (const followed of docker.buildkit.status(ref)) events.push(followed);
      break;
    }
    expect(events).toContainEqual(expect.objectContaining({ type: "log", text: `${ref}\n` }));
    expect(events).toContainEqual(expect.objectContaining({ type: "step", state: "completed" }));
  });

  test("status of a build that is not there", async () => {
    const following = async (): Promise<void> => {
      for await (const event of docker.buildkit.status(unique())) expect(event).toBeUndefined();
    };
    expect(await rejection(following())).toMatchObject({ code: "OPERATION_FAILED" });
  });

  test("info, where the engine has it", async () => {
    const info = docker.buildkit.info();
    if (isOld) expect(await rejection(info)).toBeInstanceOf(UnsupportedError);
    else expect((await info).version).toMatch(/^v\d/);
  });

  test("diskUsage and history take filters and find a build again", async () => {
    const mark = unique();
    const text = `FROM ${engine.image}\nRUN echo ${mark}\n`;
    const { ref } = await docker.buildkit.solve({ context: "none", dockerfile: { text } });
    const regular = await docker.buildkit.diskUsage({ filters: ["type==regular"] });
    expect(new Set(regular.map(({ type }) => type))).toEqual(new Set(["regular"]));
    const found = regular.find(({ description }) => description.includes(mark));
    expect(found?.createdAt?.getTime()).toBeGreaterThan(Date.now() - 3_600_000);
    if (isOld) return;
    const record = (await docker.buildkit.history()).find((one) => one.ref === ref);
    expect(record).toMatchObject({ frontend: "dockerfile.v0", totalSteps: expect.any(Number) });
  });
});
