import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Docker, ServerError, type models } from "docker-engine-sdk";
import type { PrivateEngine } from "test-support/engine";
import { connectEngines } from "test-support/engine/connect";
import { engine } from "test-support/engine-under-test";

/** Until the test itself is given up: a swarm takes the time it takes. */
const patience = { timeout: 280_000, interval: 200 };

const seconds = 1e9; // the engine counts in nanoseconds

interface Member {
  readonly engine: PrivateEngine;
  readonly docker: Docker;
  readonly address: string;
  /** Its node, once it has joined. */
  id: string;
}

let members: readonly [Member, Member, Member];

beforeAll(async () => {
  const started = await Promise.all([0, 1, 2].map(() => engine.startPrivate()));
  const addresses = await connectEngines(started);
  const [first, second, third] = started.map((engine, index): Member => {
    const docker = new Docker({ host: engine.host, credentials: {} });
    return { engine, docker, address: addresses[index] ?? "", id: "" };
  });
  if (first === undefined || second === undefined || third === undefined)
    throw new Error("three were asked for");
  members = [first, second, third];
});

afterAll(async () => {
  await Promise.all(members.map(({ engine }) => engine.remove()));
});

/** The tasks that should run and do. */
async function running(service: string): Promise<readonly models.Task[]> {
  const tasks = await members[0].docker.tasks.list({ filters: { service, "desired-state": "running" } });
  return tasks.filter(({ Status }) => Status.State === "running");
}

async function nodesOf(service: string): Promise<readonly string[]> {
  return [...new Set((await running(service)).map(({ NodeID = "" }) => NodeID))].toSorted();
}

/** What a task's container says, asked on its own node. */
async function execIn(task: models.Task, command: readonly string[]): Promise<string> {
  const member = members.find(({ id }) => id === task.NodeID);
  const container = task.Status.ContainerStatus?.ContainerID ?? "";
  return (await member?.docker.containers.get(container).exec(command))?.stdout ?? "";
}

// One story, told in order.
describe("a swarm of three engines", () => {
  test("an engine of its own is no manager", async () => {
    const { docker } = members[0];
    const error = await docker.swarm.inspect().catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ServerError);
    expect(error).toMatchObject({ status: 503, code: "UNAVAILABLE", operation: "SwarmInspect" });
    expect(String(error)).toContain("not a swarm manager");
    await expect(docker.swarm.leave()).rejects.toThrow(/not part of a swarm/);
  });

  test("is begun by one and joined by the others", async () => {
    const [first, ...others] = members;
    const node = await first.docker.swarm.init({
      AdvertiseAddr: first.address,
      Spec: { Dispatcher: { HeartbeatPeriod: 2 * seconds } },
    });
    first.id = node.id;
    expect((await node.inspect()).ManagerStatus).toMatchObject({ Leader: true, Reachability: "reachable" });

    const { JoinTokens = {}, Spec } = await first.docker.swarm.inspect();
    expect(Spec.Dispatcher?.HeartbeatPeriod).toBe(2 * seconds);
    const RemoteAddrs = [`${first.address}:2377`];
    const { Worker = "", Manager = "" } = JoinTokens;
    expect(Manager).not.toBe(Worker);

    const malformed = others[0].docker.swarm.join({ RemoteAddrs, JoinToken: "SWMTKN-1-wrong" });
    await expect(malformed).rejects.toThrow(/invalid join token/);
    for (const other of others) {
      await other.docker.swarm.join({ RemoteAddrs, JoinToken: Worker, AdvertiseAddr: other.address });
      other.id = (await other.docker.system.info()).Swarm?.NodeID ?? "";
    }
    await expect(others[0].docker.swarm.join({ RemoteAddrs, JoinToken: Worker })).rejects.toMatchObject({
      status: 503,
    });
    await expect(first.docker.swarm.init()).rejects.toThrow(/already part of a swarm/);

    const states = async (): Promise<unknown> =>
      (await first.docker.nodes.list())
        .map(({ ID, Status, Spec }) => [ID, Status.State, Spec.Role])
        .toSorted();
    await expect
      .poll(states, patience)
      .toEqual(members.map(({ id }, index) => [id, "ready", index === 0 ? "manager" : "worker"]).toSorted());
    // Only managers know.
    await expect(others[0].docker.nodes.list()).rejects.toMatchObject({ code: "UNAVAILABLE" });
  });

  test("a worker is promoted to manager", async () => {
    const [first, second] = members;
    await first.docker.nodes
      .get(second.id)
      .change((spec) => ({ ...spec, Role: "manager", Labels: { disk: "ssd" } }));
    const status = async (): Promise<unknown> =>
      (await first.docker.nodes.get(second.id).inspect()).ManagerStatus?.Reachability;
    await expect.poll(status, patience).toBe("reachable");
    const seen = async (): Promise<number> => (await second.docker.nodes.list().catch(() => [])).length;
    await expect.poll(seen, patience).toBe(3);
    const labelled = await second.docker.nodes.list({ filters: { "node.label": "disk=ssd" } });
    expect(labelled.map(({ ID }) => ID)).toEqual([second.id]);
  });

  test("a service spreads over all nodes and has its secrets and configs", async () => {
    const { docker } = members[0];
    const network = await docker.networks.create({ Name: "across", Driver: "overlay", Attachable: true });
    const secret = await docker.secrets.create({ Name: "word", Data: Buffer.from("sesame ünicode") });
    const config = await docker.configs.create({ Name: "page", Data: Buffer.from("page of the config\n") });
    const script = "cp /page /www/index.html; echo secret: $(cat /run/secrets/word); exec httpd -f -h /www";
    const service = await docker.services.create({
      Name: "web",
      TaskTemplate: {
        ContainerSpec: {
          Image: engine.image,
          Command: ["sh", "-c", `mkdir /www; ${script}`],
          Env: ["VERSION=1"],
          Secrets: [
            {
              SecretID: secret.id,
              SecretName: "word",
              File: { Name: "word", UID: "0", GID: "0", Mode: 0o400 },
            },
          ],
          Configs: [
            {
              ConfigID: config.id,
              ConfigName: "page",
              File: { Name: "/page", UID: "0", GID: "0", Mode: 0o444 },
            },
          ],
          StopSignal: "SIGKILL",
        },
        Networks: [{ Target: network.id }],
        RestartPolicy: { Delay: 0.2 * seconds },
        Placement: { MaxReplicas: 3 },
      },
      Mode: { Replicated: { Replicas: 3 } },
      UpdateConfig: { Parallelism: 1, Monitor: 0.5 * seconds },
      // The kernel may have no IPVS, which virtual addresses are made with.
      EndpointSpec: { Mode: "dnsrr" },
    });
    const counts: number[] = [];
    const rollout = service.rollout();
    for await (const { ready, desired } of rollout) {
      counts.push(ready);
      expect(desired).toBe(3);
    }
    expect(counts.at(-1)).toBe(3);
    expect((await rollout).ServiceStatus).toMatchObject({ RunningTasks: 3, DesiredTasks: 3 });
    expect(await nodesOf("web")).toEqual(members.map(({ id }) => id).toSorted());

    const tasks = await running("web");
    for (const task of tasks) {
      expect(await execIn(task, ["cat", "/run/secrets/word", "/page"])).toBe(
        "sesame ünicodepage of the config\n",
      );
      expect(await execIn(task, ["stat", "-c", "%a", "/run/secrets/word", "/page"])).toBe("400\n444\n");
    }
  });

  test("its logs come from all nodes", async () => {
    const { docker } = members[0];
    const service = docker.services.get("web");
    const lines: string[] = [];
    const nodes = new Set<string | undefined>();
    for await (const { text, details, stream } of service
      .logs({ details: true, timestamps: true, follow: true })
      .lines()) {
      expect(stream).toBe("stdout");
      lines.push(text);
      nodes.add(/com\.docker\.swarm\.node\.id=(\w+)/.exec(details ?? "")?.[1]);
      if (lines.length === 3) break;
    }
    expect(lines).toEqual(Array(3).fill("secret: sesame ünicode"));
    expect([...nodes].toSorted()).toEqual(members.map(({ id }) => id).toSorted());
    const [task] = await running("web");
    expect(
      await docker.tasks
        .get(task?.ID ?? "")
        .logs()
        .text(),
    ).toBe("secret: sesame ünicode\n");
  });

  test("its tasks reach each other across nodes by name", async () => {
    const tasks = await running("web");
    for (const task of tasks) {
      const found = await execIn(task, ["nslookup", "tasks.web"]);
      for (const { NetworksAttachments } of tasks) {
        const address = NetworksAttachments?.[0]?.Addresses?.[0]?.replace(/\/.*/, "") ?? "none";
        expect(found).toContain(address);
        expect(await execIn(task, ["wget", "-qO-", `http://${address}/`])).toBe("page of the config\n");
      }
    }
  });

  test("an update replaces one task after the other", async () => {
    const { docker } = members[0];
    const before = await running("web");
    const service = docker.services.get("web");
    await service.change(({ TaskTemplate, ...spec }) => ({
      ...spec,
      TaskTemplate: {
        ...TaskTemplate,
        ContainerSpec: { ...TaskTemplate?.ContainerSpec, Env: ["VERSION=2"] },
      },
    }));
    const fewest: number[] = [];
    for await (const { ready } of service.rollout()) fewest.push(ready);
    // One stops before the next one starts, and no more than one at a time.
    expect(Math.min(...fewest)).toBe(2);
    expect((await service.inspect()).UpdateStatus).toMatchObject({ State: "completed" });
    const after = await running("web");
    expect(after.map(({ Spec }) => Spec.ContainerSpec?.Env)).toEqual(
      Array.from({ length: 3 }, () => ["VERSION=2"]),
    );
    const ids = new Set(before.map(({ ID }) => ID));
    expect(after.filter(({ ID }) => ids.has(ID))).toEqual([]);
  });

  test("a drained node gives its tasks to the others", async () => {
    const [first, , third] = members;
    const service = first.docker.services.get("web");
    await service.change(({ TaskTemplate, ...spec }) => ({
      ...spec,
      TaskTemplate: { ...TaskTemplate, Placement: {} },
    }));
    await service.rollout();
    const node = first.docker.nodes.get(third.id);
    await node.change((spec) => ({ ...spec, Availability: "drain" }));
    await expect
      .poll(async () => (await running("web")).length === 3 && (await nodesOf("web")), patience)
      .toEqual([members[0].id, members[1].id].toSorted());
    await node.change((spec) => ({ ...spec, Availability: "active" }));
    await service.change((spec) => ({ ...spec, Mode: { Replicated: { Replicas: 6 } } }));
    await service.rollout();
    expect(await nodesOf("web")).toEqual(members.map(({ id }) => id).toSorted());
  });

  test("the tasks of a node that dies run again elsewhere", async () => {
    const [first, second, third] = members;
    await third.engine.remove();
    const node = first.docker.nodes.get(third.id);
    await expect.poll(async () => (await node.inspect()).Status.State, patience).toBe("down");
    await expect
      .poll(async () => (await running("web")).map(({ NodeID }) => NodeID).toSorted(), patience)
      .toEqual([first.id, first.id, first.id, second.id, second.id, second.id].toSorted());
    await expect(node.remove()).resolves.toBeUndefined();
    expect((await first.docker.nodes.list()).map(({ ID }) => ID).toSorted()).toEqual(
      [first.id, second.id].toSorted(),
    );
  });

  test("is left, by managers last", async () => {
    const [first, second] = members;
    await first.docker.services.get("web").remove();
    await expect(second.docker.swarm.leave()).rejects.toThrow(/manager/);
    await first.docker.nodes.get(second.id).change((spec) => ({ ...spec, Role: "worker" }));
    const control = async (): Promise<unknown> => (await second.docker.system.info()).Swarm?.ControlAvailable;
    await expect.poll(control, patience).toBe(false);
    await second.docker.swarm.leave();
    expect((await second.docker.system.info()).Swarm?.LocalNodeState).toBe("inactive");

    await expect(first.docker.swarm.leave()).rejects.toThrow(/last manager|force/i);
    await first.docker.swarm.leave({ force: true });
    await expect(first.docker.swarm.inspect()).rejects.toMatchObject({ code: "UNAVAILABLE" });
  });
});
