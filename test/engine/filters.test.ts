import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  bindMount,
  Docker,
  tmpfsMount,
  volumeMount,
  type FilteredOperation,
  type FilterOptions,
} from "docker-engine-sdk";
import type { PrivateEngine } from "test-support/engine";
import { engine } from "test-support/engine-under-test";

let own: PrivateEngine;
let docker: Docker;

beforeAll(async () => {
  own = await engine.startPrivate();
  docker = new Docker({ host: own.host, credentials: {} });
  await docker.swarm.init({ AdvertiseAddr: "127.0.0.1" });
});

afterAll(async () => {
  await own.remove();
});

/** A value for every filter that the types know. Each keeps what is there: nothing has the label. */
const all: { readonly [Op in Exclude<FilteredOperation, "ImageSearch">]: Required<FilterOptions<Op>> } = {
  BuildPrune: {
    id: "none",
    label: "none",
    "label!": "none",
    description: "none",
    inuse: false,
    parent: "none",
    private: true,
    shared: false,
    type: "regular",
    until: "1000h",
    "unused-for": "1000h",
  },
  ConfigList: { id: "none", name: "none", label: "none" },
  ContainerList: {
    id: "none",
    name: "none",
    label: ["none", "a=b"],
    ancestor: "busybox",
    before: "",
    exited: [0, 1],
    expose: [80, "81/udp"],
    health: "none",
    "is-task": false,
    isolation: "default",
    network: "none",
    publish: 80,
    since: "",
    status: ["running", "exited"],
    volume: "none",
  },
  ContainerPrune: { until: "24h", label: "none", "label!": "none" },
  ImageList: {
    before: "busybox",
    dangling: false,
    label: "none",
    reference: "a*",
    since: "busybox",
    until: "24h",
  },
  ImagePrune: { until: "24h", label: "none", "label!": "none", dangling: true },
  NetworkList: {
    id: "none",
    name: "none",
    label: "none",
    dangling: true,
    driver: "bridge",
    scope: "local",
    type: "custom",
  },
  NetworkPrune: { until: "24h", label: "none", "label!": "none" },
  NodeList: {
    id: "none",
    name: "none",
    label: "none",
    membership: "accepted",
    "node.label": "none",
    role: ["manager", "worker"],
  },
  PluginList: { capability: "volumedriver", enabled: true },
  SecretList: { id: "none", name: "none", names: "none", label: "none" },
  ServiceList: { id: "none", name: "none", label: "none", mode: "replicated" },
  SystemEvents: {
    config: "none",
    container: "none",
    daemon: "none",
    event: "none",
    image: "none",
    label: "none",
    network: "none",
    node: "none",
    plugin: "none",
    scope: "local",
    secret: "none",
    service: "none",
    type: "container",
    volume: "none",
  },
  TaskList: {
    id: "none",
    name: "none",
    label: "none",
    "desired-state": "running",
    node: "none",
    service: "none",
  },
  VolumeList: { name: "none", label: "none", dangling: true, driver: "local" },
  VolumePrune: { label: "none", "label!": "none", all: false },
};

/** What only newer engines know. */
const since: Readonly<Record<string, number>> = { "ImageList.until": 46, "VolumePrune.all": 42 };

describe("every filter of the types is one of the engine's", () => {
  const ask: { readonly [Op in keyof typeof all]: (filters: FilterOptions<Op>) => Promise<unknown> } = {
    BuildPrune: (filters) => docker.images.pruneBuildCache({ filters: { id: "none", ...filters } }),
    ConfigList: (filters) => docker.configs.list({ filters }),
    ContainerList: (filters) => docker.containers.list({ filters }),
    ContainerPrune: (filters) => docker.containers.prune({ filters }),
    ImageList: (filters) => docker.images.list({ filters }),
    ImagePrune: (filters) => docker.images.prune({ filters: { label: "none", ...filters } }),
    NetworkList: (filters) => docker.networks.list({ filters }),
    NetworkPrune: (filters) => docker.networks.prune({ filters }),
    NodeList: (filters) => docker.nodes.list({ filters }),
    PluginList: (filters) => docker.plugins.list({ filters }),
    SecretList: (filters) => docker.secrets.list({ filters }),
    ServiceList: (filters) => docker.services.list({ filters }),
    SystemEvents: (filters) =>
      docker.system.events({ filters, since: 1, until: 2 })[Symbol.asyncIterator]().next(),
    TaskList: (filters) => docker.tasks.list({ filters }),
    VolumeList: (filters) => docker.volumes.list({ filters }),
    VolumePrune: (filters) => docker.volumes.prune({ filters }),
  };
  // The compiler has checked each pair; what is left of them is one type.
  const operations = Object.keys(all) as (keyof typeof all)[];
  test.each(operations)("%s", async (operation) => {
    const box = await docker.containers.create({ Image: engine.image });
    const send: (filters: object) => Promise<unknown> = ask[operation];
    for (const [name, value] of Object.entries(all[operation])) {
      if ((since[`${operation}.${name}`] ?? 0) > Number(engine.apiVersion.split(".")[1])) continue;
      const given = value === "" ? box.id : (value as unknown);
      const answer = await send({ [name]: given }).then(() => "taken", String);
      // What the value names may well not be there.
      expect([name, answer]).toEqual([
        name,
        expect.stringMatching(/^taken$|^NotFoundError: .*none not found/),
      ]);
    }
    await box.remove().catch(() => undefined); // it may have been pruned
  });
});

test("mounts are what they were asked to be", async () => {
  const { stdout } = await docker.containers.run({
    image: engine.image,
    mounts: [
      bindMount("/usr/lib", "/bound", { readOnly: true }),
      volumeMount("mounted", "/volume", { labels: { made: "now" } }),
      volumeMount(undefined, "/nameless"),
      tmpfsMount("/memory", { size: "64m", mode: 0o711 }),
    ],
    command: [
      "sh",
      "-c",
      "touch /bound/x; touch /volume/x /nameless/x /memory/x; stat -c %a /memory; df -k /memory | tail -1; ls /bound | head -1",
    ],
  });
  expect(stdout).toMatch(/^711\ntmpfs +65536 [\s\S]+\n\S+\n$/);
  expect((await docker.volumes.get("mounted").inspect()).Labels).toEqual({ made: "now" });
});
