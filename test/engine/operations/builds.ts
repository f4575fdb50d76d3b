import { writeFile } from "node:fs/promises";
import { expect } from "vitest";
import { tempDir } from "test-support/temp-dir";
import type { Cases } from "./send.ts";
import { registryAuth, tarOf, type World } from "./world.ts";

export const builds = {
  async BuildCancel(send) {
    await send({ query: { id: "no-such-build" } });
  },

  async BuildPrune(send) {
    const sizes = { "reserved-space": 1e9, "max-used-space": 2e9, "min-free-space": 1e6 };
    const query = { all: true, filters: { until: ["24h"] }, "keep-storage": 1e9, ...sizes };
    expect((await send({ query })).SpaceReclaimed).toBe(0);
  },

  async ImageBuild(send, world) {
    const name = world.name();
    const Dockerfile = `FROM ${world.engine.image} AS wanted\nARG WHAT\nRUN echo "built with $WHAT" && ulimit -n\nFROM wanted`;
    const context = await tarOf({ "sub/Dockerfile": Dockerfile });
    const limits = { memory: 256e6, memswap: 256e6, cpushares: 512, cpusetcpus: "0", cpusetmems: "0" };
    const common = {
      dockerfile: "sub/Dockerfile",
      t: [`${name}:1`, `${name}:2`],
      nocache: true,
      cachefrom: [world.engine.image],
      q: false,
      rm: true,
      forcerm: true,
      pull: false,
      ...limits,
      cpuperiod: 100_000,
      cpuquota: 100_000,
      buildargs: { WHAT: "an argument" },
      shmsize: 67_108_864,
      squash: false,
      labels: { made: "by test" },
      networkmode: "none",
      extrahosts: ["somewhere:127.0.0.1"],
      platform: world.platformText,
      target: "wanted",
      cgroupparent: "",
      isolation: "default",
      ulimits: [{ Name: "nofile", Soft: 321, Hard: 654 }],
    };
    const headers = { "X-Registry-Config": registryAuth() };
    const lines = await send({ query: { ...common, version: "1" }, headers, body: context });
    let said = "";
    for await (const { stream = "", error } of lines) said += error ?? stream;
    expect(said).toContain("built with an argument\n");
    expect(said).toContain("321\n");
    const { Config, RepoTags } = await world.docker.images.get(`${name}:2`).inspect();
    expect(Config?.Labels).toMatchObject({ made: "by test" });
    expect(RepoTags).toContain(`${name}:1`);

    await using folder = await tempDir();
    await writeFile(folder.join("context.tar"), await tarOf({ Dockerfile: `FROM ${world.engine.image}` }));
    const address = "127.0.0.1:8099";
    const server = world.engine.inNamespace("busybox", ["httpd", "-f", "-p", address, "-h", folder.path]);
    const remote = `http://${address}/context.tar`;
    try {
      while (!(await answers(world, remote)));
      said = "";
      const lines = await send({ query: { remote, version: "1" } });
      for await (const { stream = "", error } of lines) said += error ?? stream;
    } finally {
      server.kill();
    }
    expect(said).toContain("Successfully built");

    await send.refused("only Windows has them", /security options/, {
      query: { securityopt: ["label=disable"], version: "1" },
    });

    const outputs = [{ Type: "local", Attrs: { dest: "out" } }];
    const session = { buildid: "wanted", session: "no-such-session", remote: "client-session", outputs };
    await send.refused("no such session", /no-such-session|no local sources enabled|session/, {
      query: { ...session, version: "2" },
    });
  },

  async Session(send, world) {
    const connection = await send({
      headers: {
        "X-Docker-Expose-Session-Uuid": world.name(),
        "X-Docker-Expose-Session-Name": "operations",
        "X-Docker-Expose-Session-Sharedkey": "shared",
        "X-Docker-Expose-Session-Grpc-Method": [
          "/grpc.health.v1.Health/Check",
          "/moby.filesync.v1.Auth/Credentials",
        ],
      },
    });
    expect(send.last.status).toBe(101);
    connection.socket.destroy();
  },

  async Grpc(send) {
    const connection = await send({});
    expect(send.last.status).toBe(101);
    connection.socket.destroy();
  },
} satisfies Partial<Cases>;

async function answers(world: World, url: string): Promise<boolean> {
  const probe = world.engine.inNamespace("busybox", ["wget", "-q", "-O", "/dev/null", url]);
  return await new Promise((resolve) => probe.once("close", (code) => resolve(code === 0)));
}
