import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  ConflictError,
  Docker,
  InvalidRequestError,
  NotFoundError,
  OperationError,
  type RolloutEvent,
  type models,
} from "docker-engine-sdk";
import type { PrivateEngine } from "test-support/engine";
import { engine } from "test-support/engine-under-test";

const seconds = 1e9; // the engine counts in nanoseconds

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

let count = 0;

/** A service of one task that sleeps, unless told otherwise. */
function spec(
  container: NonNullable<models.TaskSpec["ContainerSpec"]> = {},
  rest: models.ServiceSpec = {},
): models.ServiceSpec {
  const ContainerSpec = {
    Image: engine.image,
    Command: ["sleep", "1000"],
    StopSignal: "SIGKILL",
    ...container,
  };
  return {
    Name: `service-${count++}`,
    TaskTemplate: { ContainerSpec, RestartPolicy: { Delay: 0.1 * seconds } },
    ...rest,
  };
}

function withContainer(
  { TaskTemplate, ...rest }: models.ServiceSpec,
  change: models.TaskSpec["ContainerSpec"],
): models.ServiceSpec {
  const ContainerSpec = { ...TaskTemplate?.ContainerSpec, ...change };
  return { ...rest, TaskTemplate: { ...TaskTemplate, ContainerSpec } };
}

describe.concurrent("a service", () => {
  test("is created, listed, inspected and removed", async () => {
    const wanted = spec({}, { Labels: { tier: "listed" } });
    const service = await docker.services.create(wanted);
    await service.rollout();
    const { ID, Spec } = await docker.services.get(wanted.Name ?? "").inspect();
    expect(ID).toBe(service.id);
    expect(Spec.TaskTemplate?.ContainerSpec?.Image).toBe(engine.image);
    expect(Spec.EndpointSpec?.Mode).toBeUndefined();
    expect((await service.inspect({ insertDefaults: true })).Spec.UpdateConfig).toMatchObject({
      Parallelism: 1,
    });

    const filters = { label: "tier=listed" };
    const [listed, ...others] = await docker.services.list({ filters });
    expect(others).toEqual([]);
    expect(listed).toMatchObject({ ID });
    expect(listed?.ServiceStatus).toBeUndefined();
    const [counted] = await docker.services.list({ filters, status: true });
    expect(counted?.ServiceStatus).toMatchObject({ RunningTasks: 1, DesiredTasks: 1 });

    const [task] = await docker.tasks.list({ filters: { service: wanted.Name ?? "" } });
    expect(await docker.tasks.get(task?.ID ?? "").inspect()).toMatchObject({ ServiceID: ID, Slot: 1 });

    await service.remove();
    await expect(service.inspect()).rejects.toBeInstanceOf(NotFoundError);
    await expect(service.inspect()).rejects.toMatchObject({ what: "service" });
    await expect(service.remove()).rejects.toBeInstanceOf(NotFoundError);
    await expect(docker.tasks.get("no-such-task").inspect()).rejects.toMatchObject({ what: "task" });
  });

  test("whose name is taken is a conflict; one that cannot be is refused", async () => {
    const wanted = spec({}, { Mode: { Replicated: { Replicas: 0 } } });
    await docker.services.create(wanted);
    await expect(docker.services.create(wanted)).rejects.toBeInstanceOf(ConflictError);
    const nameless = docker.services.create({ Name: "!", TaskTemplate: spec().TaskTemplate });
    await expect(nameless).rejects.toBeInstanceOf(InvalidRequestError);
  });

  test("loses no change when many are made at once", async () => {
    const service = await docker.services.create(spec({}, { Mode: { Replicated: { Replicas: 0 } } }));
    const names = ["a", "b", "c", "d"];
    await Promise.all(
      names.map((name) =>
        service.change(({ Labels, ...rest }) => ({ ...rest, Labels: { ...Labels, [name]: "1" } })),
      ),
    );
    const { Spec, Version } = await service.inspect();
    expect(Object.keys(Spec.Labels ?? {}).toSorted()).toEqual(names);
    // One who names an old version is told so.
    await expect(service.update(Version.Index - 1, Spec)).rejects.toThrow(/update out of sequence/);
  });

  test("goes back to what it was", async () => {
    const service = await docker.services.create(spec({ Env: ["N=1"] }));
    await service.rollout();
    await service.change((current) => withContainer(current, { Env: ["N=2"] }));
    await service.rollback();
    const { Spec } = await service.inspect();
    expect(Spec.TaskTemplate?.ContainerSpec?.Env).toEqual(["N=1"]);
    await service.rollout({ acceptRollback: true });
    const running = await docker.tasks.list({ filters: { service: service.id, "desired-state": "running" } });
    expect(running.map((task) => task.Spec.ContainerSpec?.Env)).toEqual([["N=1"]]);
  });
});

describe.concurrent("a rollout", () => {
  const broken = { Command: ["/no/such/program"] };

  test.each(["pause", "rollback"])("of a broken update that ends with a %s fails", async (FailureAction) => {
    const UpdateConfig = { FailureAction, Monitor: 2 * seconds, Parallelism: 1 };
    const service = await docker.services.create(
      spec({}, { UpdateConfig, RollbackConfig: { Monitor: seconds } }),
    );
    await service.rollout();
    await service.change((current) => withContainer(current, broken));
    const events: RolloutEvent[] = [];
    const watch = async (): Promise<void> => {
      for await (const event of service.rollout()) events.push(event);
    };
    const error = await watch().catch((e: unknown) => e);
    expect(error).toBeInstanceOf(OperationError);
    expect(String(error)).toContain(FailureAction === "pause" ? "stopped half-way" : "was rolled back");
    expect(events.at(-1)?.problem).toMatch(/no such (program|file)/);
    expect(String(error)).toContain(`; its last task that failed: ${events.at(-1)?.problem}`);
    if (FailureAction === "rollback") {
      const { Spec } = await service.rollout({ acceptRollback: true });
      expect(Spec.TaskTemplate?.ContainerSpec?.Command).toEqual(["sleep", "1000"]);
    }
  });

  test("of what never runs tells why, and ends when it is aborted", async () => {
    const service = await docker.services.create(spec({ Image: "127.0.0.1:1/no/such:image" }));
    const reason = new Error("enough");
    const controller = new AbortController();
    const rollout = service.rollout({ signal: controller.signal });
    const watch = async (): Promise<void> => {
      for await (const { ready, desired, problem } of rollout) {
        expect([ready, desired]).toEqual([0, 1]);
        if (problem?.includes("No such image") === true) controller.abort(reason);
      }
    };
    await expect(watch()).rejects.toBe(reason);
    await expect(rollout).rejects.toBe(reason);
  });

  test("of a service that is removed meanwhile ends", async () => {
    const service = await docker.services.create(spec({ Image: "127.0.0.1:1/no/such:image" }));
    const watch = async (): Promise<void> => {
      for await (const { desired } of service.rollout()) if (desired === 1) await service.remove();
    };
    const error = await watch().catch((e: unknown) => e);
    expect(error).toBeInstanceOf(NotFoundError);
    expect(error).toMatchObject({ what: "service", status: 404 });
    await expect(docker.services.get("no-such").rollout()).rejects.toBeInstanceOf(NotFoundError);
  });

  test("of a global service has a task on each node", async () => {
    const service = await docker.services.create(spec({}, { Mode: { Global: {} } }));
    expect((await service.rollout()).ServiceStatus).toMatchObject({ RunningTasks: 1, DesiredTasks: 1 });
  });

  test.each([{ ReplicatedJob: { MaxConcurrent: 2, TotalCompletions: 3 } }, { GlobalJob: {} }])(
    "of a job ends when it is done: %j",
    async (Mode) => {
      const TaskTemplate = {
        ContainerSpec: { Image: engine.image, Command: ["sh", "-c", "echo done"] },
        RestartPolicy: { Condition: "on-failure" },
      };
      const service = await docker.services.create(spec({}, { Mode, TaskTemplate }));
      await service.rollout();
      const done = Mode.ReplicatedJob === undefined ? 1 : 3;
      expect(await service.logs().text()).toBe("done\n".repeat(done));
    },
  );
});

describe.concurrent("the logs of a service", () => {
  test("tell stdout from stderr, follow, and stop when they are left", async () => {
    const script = "echo out; echo err >&2; i=0; while sleep 0.2; do echo tick $((i += 1)); done";
    const service = await docker.services.create(spec({ Command: ["sh", "-c", script] }));
    const lines: string[] = [];
    for await (const { stream, text } of service.logs({ follow: true }).lines()) {
      lines.push(`${stream} ${text}`);
      if (text === "tick 2") break;
    }
    expect(lines.toSorted()).toEqual(["stderr err", "stdout out", "stdout tick 1", "stdout tick 2"]);
    expect(await service.logs({ stdout: false }).text()).toBe("err\n");

    const before = Date.now();
    for await (const line of service.logs({ tail: 1, timestamps: true, stderr: false }).lines()) {
      expect(line.text).toMatch(/^tick \d+$/);
      expect(Math.abs(Date.parse(line.timestamp ?? "") - before)).toBeLessThan(60_000);
    }
    expect(await service.logs({ since: new Date(before + 3_600_000) }).text()).toBe("");
  });

  test("of a terminal are one stream", async () => {
    const command = ["sh", "-c", "echo out; echo err >&2; sleep 1000"];
    const service = await docker.services.create(spec({ Command: command, TTY: true }));
    await service.rollout();
    const [task] = await docker.tasks.list({ filters: { service: service.id } });
    for (const logged of [service, docker.tasks.get(task?.ID ?? "")]) {
      const { stdout, stderr } = await logged.logs().collect();
      expect(stdout).toBe("out\r\nerr\r\n");
      expect(stderr).toBe("");
    }
  });

  test("of what is not there are an error", async () => {
    await expect(docker.services.get("no-such").logs().text()).rejects.toBeInstanceOf(NotFoundError);
    await expect(docker.tasks.get("no-such").logs().text()).rejects.toBeInstanceOf(NotFoundError);
  });
});

test("the nodes pull with the credentials that the client has", async () => {
  const { address, credentials } = await own.startRegistry({ port: 5001, htpasswd: true });
  const known = new Docker({ host: own.host, credentials: { [address]: credentials ?? {} } });
  const image = await known.images.get(engine.image).tag(`${address}/private:1`);
  await image.push();
  await image.remove();

  const anonymous = await docker.services.create(spec({ Image: image.id }));
  for await (const { problem } of anonymous.rollout()) {
    if (problem === undefined) continue;
    expect(problem).toMatch(/no such image|no basic auth|unauthorized|authentication/i);
    break;
  }
  await anonymous.remove();

  const service = await known.services.create(spec({ Image: image.id }));
  await service.rollout();
  await known.images.get(image).remove({ force: true });
  // A client that has none leaves those of the service as they are.
  const other = docker.services.get(service);
  await other.change((current) => withContainer(current, { Env: ["N=2"] }));
  await other.rollout();
  expect(await known.images.exists(image)).toBe(true);
  expect(JSON.stringify(await service.inspect())).not.toContain(credentials?.password);
});
