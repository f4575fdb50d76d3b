import { describe, expect, test } from "vitest";
import {
  ConflictError,
  Docker,
  InvalidRequestError,
  NotFoundError,
  OperationError,
  type Container,
  type StartOptions,
} from "docker-engine-sdk";
import { engine, label } from "test-support/engine-under-test";
import { rejection } from "test-support/rejection";
import { removedAfter } from "test-support/removed-after";

const docker = new Docker({ host: engine.host });
const { image } = engine;
const labels = { [label]: "containers" };
/** From API 1.42 on `stop` takes a signal. */
const takesStopSignal = Number(engine.apiVersion.split(".")[1]) >= 42;

async function sleeper(options: Partial<StartOptions> = {}): Promise<Container & AsyncDisposable> {
  const command = ["sleep", "1000"];
  return removedAfter(await docker.containers.start({ image, command, labels, ...options }));
}

async function created(
  options: Parameters<typeof docker.containers.create>[0] = {},
): Promise<Container & AsyncDisposable> {
  return removedAfter(await docker.containers.create({ Image: image, Labels: labels, ...options }));
}

async function volumeOf(box: Container): Promise<string> {
  return (await box.inspect()).Mounts?.[0]?.Name ?? "";
}

let count = 0;
const newName = (): string => `containers-${process.pid}-${Date.now()}-${count++}`;

describe.concurrent("create", () => {
  test("takes the engine's own words and returns a handle", async () => {
    const name = newName();
    await using box = removedAfter(
      await docker.containers.create({ Image: image, Cmd: ["true"], Labels: labels }, { name }),
    );
    const { Id, Name, Config, State } = await docker.containers.get(name).inspect();
    expect(Id).toBe(box.id);
    expect(Name).toBe(`/${name}`);
    expect(Config.Cmd).toEqual(["true"]);
    expect(State.Status).toBe("created");
    // The names of lists and of inspect begin with a slash.
    expect((await docker.containers.get(Name).inspect()).Id).toBe(box.id);
    expect((await docker.containers.get(box).inspect()).Id).toBe(box.id);
  });

  test("a taken name is a conflict, told in the engine's words", async () => {
    const name = newName();
    await using _ = removedAfter(await docker.containers.create({ Image: image, Labels: labels }, { name }));
    const error = await docker.containers
      .create({ Image: image, Labels: labels }, { name })
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ConflictError);
    expect(error).toMatchObject({ status: 409, code: "CONFLICT", operation: "ContainerCreate" });
    expect(String(error)).toContain(`The container name "/${name}" is already in use by container`);
  });

  test("an image that must not be pulled is not found", async () => {
    const request = { Image: "no-such-image-here:1", Labels: labels };
    const error = await docker.containers.create(request, { pull: "never" }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(NotFoundError);
    expect(String(error)).toMatch(/no such image: .*no-such-image-here:1/i);
  });

  test("pulls a missing image, then creates", async () => {
    const reference = `${engine.registry}/pulled-by-create-${newName()}:1`;
    const pushed = await docker.images.get(image).tag(reference);
    await pushed.push();
    await pushed.remove();
    await using box = removedAfter(await docker.containers.create({ Image: reference, Labels: labels }));
    expect((await box.inspect()).Config.Image).toBe(reference);
    await box.remove();
    await pushed.remove();
  });

  test("a malformed request is refused", async () => {
    const malformed = created({ HostConfig: { Memory: 5 } });
    await expect(malformed).rejects.toBeInstanceOf(InvalidRequestError);
    await expect(malformed).rejects.toThrow(/memory/i);
  });

  test("the kind words mean what the engine's mean", async () => {
    await using volume = removedAfter(await docker.volumes.create({ Labels: labels }));
    await using network = removedAfter(await docker.networks.create({ Name: newName(), Labels: labels }));
    await using box = await sleeper({
      env: { A: "1", B: "two words" },
      ports: ["127.0.0.1::80", "81/udp"],
      volumes: [`${volume.id}:/data:ro`],
      network: network.id,
      user: "1000:1000",
      workingDir: "/tmp",
      hostname: "kind",
      memory: "64m",
      cpus: 0.5,
      readOnly: true,
      init: true,
      create: { StopSignal: "SIGUSR1", HostConfig: { CapDrop: ["NET_RAW"] } },
    });
    const { Config, HostConfig, NetworkSettings, Mounts } = await box.inspect();
    expect(Config).toMatchObject({
      User: "1000:1000",
      WorkingDir: "/tmp",
      Hostname: "kind",
      Cmd: ["sleep", "1000"],
      StopSignal: "SIGUSR1",
      Labels: labels,
    });
    expect(Config.Env).toEqual(expect.arrayContaining(["A=1", "B=two words"]));
    expect(Object.keys(Config.ExposedPorts ?? {}).sort()).toEqual(["80/tcp", "81/udp"]);
    expect(HostConfig).toMatchObject({
      Memory: 64 * 1024 ** 2,
      NanoCpus: 5e8,
      ReadonlyRootfs: true,
      Init: true,
      CapDrop: ["NET_RAW"],
      NetworkMode: network.id,
    });
    expect(Mounts).toMatchObject([{ Name: volume.id, Destination: "/data", RW: false }]);
    expect(NetworkSettings.Ports?.["80/tcp"]).toMatchObject([{ HostIp: "127.0.0.1" }]);
    const ports = await box.ports();
    expect(ports).toContainEqual({
      container: 80,
      protocol: "tcp",
      host: Number(NetworkSettings.Ports?.["80/tcp"]?.[0]?.HostPort),
      address: "127.0.0.1",
    });
    expect(new Set(ports.map(({ container, protocol }) => `${container}/${protocol}`))).toEqual(
      new Set(["80/tcp", "81/udp"]),
    );
    const { stdout } = await box.exec(["sh", "-c", "pwd; id -u; hostname; echo $A $B; touch /x"], {
      check: false,
    });
    expect(stdout.split("\n").slice(0, 4)).toEqual(["/tmp", "1000", "kind", "1 two words"]);
    await box.remove({ force: true });
  });
});

describe.concurrent("start", () => {
  test("says whether it changed something", async () => {
    await using box = await created({ Cmd: ["sleep", "1000"] });
    expect(await box.start()).toEqual({ changed: true });
    expect(await box.start()).toEqual({ changed: false });
    expect(await box.stop({ timeout: 0 })).toEqual({ changed: true });
    expect(await box.stop()).toEqual({ changed: false });
  });

  test("of a missing program is refused, and the container is kept", async () => {
    await using box = await created({ Cmd: ["/no/such/program"] });
    const error = await box.start().catch((e: unknown) => e);
    // The API documents 500; engines say 400.
    expect(error).toBeInstanceOf(InvalidRequestError);
    expect(String(error)).toContain("/no/such/program");
    const { State } = await box.inspect();
    expect(State).toMatchObject({ Status: "created", ExitCode: 127 });
  });

  test("through the collection removes a container that cannot be started", async () => {
    const name = newName();
    const started = docker.containers.start({ image, name, labels, command: ["/no/such/program"] });
    await expect(started).rejects.toThrow("/no/such/program");
    await expect(docker.containers.get(name).inspect()).rejects.toBeInstanceOf(NotFoundError);
  });

  test("through the collection with `remove` leaves nothing after the end", async () => {
    const box = await docker.containers.start({ image, labels, command: ["sleep", "1000"], remove: true });
    const gone = box.wait({ condition: "removed" });
    await box.kill();
    expect((await gone).StatusCode).toBe(137);
    await expect(box.inspect()).rejects.toBeInstanceOf(NotFoundError);
  });
});

describe.concurrent("ends", () => {
  test("kill takes a signal's name; without one it is SIGKILL", async () => {
    const command = ["sh", "-c", "trap 'exit 5' USR1; echo ready; while :; do sleep 0.01; done"];
    await using box = await sleeper({ command });
    for await (const { text } of box.logs({ follow: true }).lines()) if (text === "ready") break;
    await box.kill("SIGUSR1");
    expect(await box.wait()).toMatchObject({ StatusCode: 5 });
    await box.start();
    await box.kill();
    expect(await box.wait()).toMatchObject({ StatusCode: 137 });
    const error = await box.kill().catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ConflictError);
    expect(String(error)).toMatch(/is not running/);
  });

  test("stop sends the signal asked for, and says when the engine is too old for it", async () => {
    const command = ["sh", "-c", "trap 'exit 6' USR2; echo ready; while :; do sleep 0.01; done"];
    await using box = await sleeper({ command });
    for await (const { text } of box.logs({ follow: true }).lines()) if (text === "ready") break;
    const outcome = await box.stop({ stopSignal: "SIGUSR2" }).then(
      async () => (await box.inspect()).State.ExitCode,
      (error: unknown) => error,
    );
    const needs: unknown = expect.stringContaining("API 1.42");
    const unsupported: unknown = expect.objectContaining({ code: "UNSUPPORTED", needs });
    expect(outcome).toEqual(takesStopSignal ? 6 : unsupported);
  });

  test("restart gives a new process", async () => {
    await using box = await sleeper();
    const before = (await box.inspect()).State.Pid;
    await box.restart({ timeout: 0 });
    const { State } = await box.inspect();
    expect(State.Running).toBe(true);
    expect(State.Pid).not.toBe(before);
  });

  test("wait on a container not started answers at once, for the next exit when it comes", async () => {
    await using box = await created({ Cmd: ["sh", "-c", "exit 3"] });
    expect(await box.wait()).toMatchObject({ StatusCode: 0 });
    let over = false;
    const next = box.wait({ condition: "next-exit" }).finally(() => (over = true));
    // Which start is the first after the wait has begun, nothing tells.
    while (!over) {
      await box.start();
      await box.wait();
    }
    expect(await next).toMatchObject({ StatusCode: 3 });
    expect(await box.wait()).toMatchObject({ StatusCode: 3 });
  });

  test("remove of a running one is a conflict, unless forced", async () => {
    await using box = await sleeper();
    const error = await box.remove().catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ConflictError);
    expect(String(error)).toMatch(/running/);
    await box.remove({ force: true });
    await expect(box.remove()).rejects.toBeInstanceOf(NotFoundError);
  });

  test("remove takes anonymous volumes along when asked", async () => {
    const kept = await sleeper({ create: { Volumes: { "/data": {} } } });
    const keptVolume = removedAfter(docker.volumes.get(await volumeOf(kept)));
    await kept.remove({ force: true });
    await keptVolume.inspect();
    await keptVolume.remove();
    const taken = await sleeper({ create: { Volumes: { "/data": {} } } });
    const volume = docker.volumes.get(await volumeOf(taken));
    await taken.remove({ force: true, volumes: true });
    await expect(volume.inspect()).rejects.toBeInstanceOf(NotFoundError);
  });
});

describe.concurrent("looking at containers", () => {
  test("list filters, limits and tells sizes", async () => {
    const mark = newName();
    const marked = { ...labels, mark };
    await using box = await sleeper({ labels: marked, name: mark });
    await using _ = await created({ Labels: marked });
    const filters = { label: `mark=${mark}` };
    expect((await docker.containers.list({ filters })).map(({ Id }) => Id)).toEqual([box.id]);
    expect(await docker.containers.list({ all: true, filters })).toHaveLength(2);
    expect(await docker.containers.list({ all: true, filters, limit: 1 })).toHaveLength(1);
    const byStatus = { ...filters, status: ["created", "exited"] };
    expect((await docker.containers.list({ filters: byStatus })).map(({ State }) => State)).toEqual([
      "created",
    ]);
    const [sized] = await docker.containers.list({ filters, size: true });
    expect(sized?.SizeRootFs).toBeGreaterThan(100_000);
    expect(sized?.Names).toEqual([`/${mark}`]);
  });

  test("an unknown filter is refused in the engine's words", async () => {
    const error = await docker.containers
      .list({
        // @ts-expect-error -- the API lists the names
        filters: { nonsense: "x" },
      })
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(InvalidRequestError);
    expect(String(error)).toMatch(/invalid filter/i);
    expect(String(error)).toContain("nonsense");
  });

  test("inspect of one that does not exist", async () => {
    const error = await docker.containers
      .get("no-such-box")
      .inspect()
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(NotFoundError);
    expect(error).toMatchObject({ status: 404, what: "container", operation: "ContainerInspect" });
    expect(String(error)).toContain("No such container: no-such-box");
  });

  test("inspect tells sizes when asked", async () => {
    await using box = await sleeper();
    await box.exec(["sh", "-c", "head -c 5000 /dev/zero > /file"]);
    const sized = await box.inspect({ size: true });
    expect(sized.SizeRw).toBeGreaterThanOrEqual(5000);
    expect((await box.inspect()).SizeRw).toBeUndefined();
  });

  test("top shows processes, with the columns asked for", async () => {
    await using box = await sleeper();
    const { Titles, Processes } = await box.top();
    expect(Titles).toContain("CMD");
    expect(Processes?.map((row) => row.join(" ")).join()).toContain("sleep 1000");
    const slim = await box.top({ psArgs: "-o pid,comm" });
    expect(slim.Titles).toEqual(["PID", "COMMAND"]);
    await box.kill();
    await box.wait();
    // 409 from API 1.42 on (seen on 26.1.5), 500 before (seen on 20.10.24)
    await expect(box.top()).rejects.toMatchObject({ message: expect.stringMatching(/is not running/) });
  });

  test("changes tell what differs from the image", async () => {
    const command = ["sh", "-c", "mkdir /new; echo x > /new/file; rm /bin/wc; echo done; exec sleep 1000"];
    await using box = await sleeper({ command });
    for await (const { text } of box.logs({ follow: true }).lines()) if (text === "done") break;
    expect(await box.changes()).toEqual(
      expect.arrayContaining([
        { Path: "/new", Kind: 1 },
        { Path: "/new/file", Kind: 1 },
        { Path: "/bin", Kind: 0 },
        { Path: "/bin/wc", Kind: 2 },
      ]),
    );
    await using untouched = await sleeper();
    expect(await untouched.changes()).toEqual([]);
  });

  test("stats come about once a second, one at once when asked quickly", async () => {
    await using box = await sleeper();
    const times: string[] = [];
    for await (const { read, memory_stats } of box.stats()) {
      expect(memory_stats.usage).toBeGreaterThan(0);
      if (times.push(read) === 2) break;
    }
    expect(Date.parse(times[1] ?? "")).toBeGreaterThan(Date.parse(times[0] ?? ""));
    const quick = await box.statsOnce({ quick: true });
    expect(quick.precpu_stats.system_cpu_usage ?? 0).toBe(0);
    expect((await box.statsOnce()).precpu_stats.system_cpu_usage).toBeGreaterThan(0);
  });

  test("200 inspects at once beside 50 open follows", async () => {
    await using box = await sleeper({ command: ["sh", "-c", "echo begun; exec sleep 1000"] });
    const follows = Array.from({ length: 50 }, () => box.logs({ follow: true }).lines());
    const firsts = await Promise.all(follows.map((lines) => lines.next()));
    expect(new Set(firsts.map(({ value }) => value?.text))).toEqual(new Set(["begun"]));
    const ids = await Promise.all(Array.from({ length: 200 }, async () => (await box.inspect()).Id));
    expect(new Set(ids)).toEqual(new Set([box.id]));
    for (const lines of follows) await lines.return?.();
  });
});

describe.concurrent("changing containers", () => {
  test("pause and unpause", async () => {
    await using box = await sleeper();
    await box.pause();
    expect((await box.inspect()).State.Status).toBe("paused");
    await expect(box.pause()).rejects.toThrow(/already paused/);
    await box.unpause();
    expect((await box.inspect()).State.Status).toBe("running");
    await expect(box.unpause()).rejects.toThrow(/not paused/);
  });

  test("rename; to a taken name is a conflict", async () => {
    const [name, other] = [newName(), newName()];
    await using box = await created();
    await using _ = removedAfter(
      await docker.containers.create({ Image: image, Labels: labels }, { name: other }),
    );
    await box.rename(name);
    expect((await docker.containers.get(name).inspect()).Id).toBe(box.id);
    await expect(box.rename(other)).rejects.toBeInstanceOf(ConflictError);
  });

  test("update changes limits while it runs", async () => {
    await using box = await sleeper({ memory: "32m" });
    await box.update({
      Memory: 64 * 1024 ** 2,
      MemorySwap: -1,
      RestartPolicy: { Name: "on-failure", MaximumRetryCount: 2 },
    });
    const { HostConfig } = await box.inspect();
    expect(HostConfig).toMatchObject({
      Memory: 64 * 1024 ** 2,
      RestartPolicy: { Name: "on-failure", MaximumRetryCount: 2 },
    });
    await expect(box.update({ Memory: 5 })).rejects.toThrow(/memory/i);
  });

  test("commit makes an image that runs with what was changed", async () => {
    await using box = await sleeper();
    await box.exec(["sh", "-c", "echo committed > /note"]);
    const reference = `${newName()}:v2`;
    await using made = removedAfter(
      await box.commit({
        reference,
        comment: "why",
        author: "A. Uthor",
        changes: ['CMD ["cat", "/note"]'],
        config: { Labels: labels, Env: ["X=1"] },
      }),
    );
    const { stdout } = await docker.containers.run({ image: reference, labels });
    expect(stdout).toBe("committed\n");
    const { RepoTags, Comment, Author, Config } = await made.inspect();
    expect({ RepoTags, Comment, Author }).toEqual({
      RepoTags: [reference],
      Comment: "why",
      Author: "A. Uthor",
    });
    expect(Config?.Env).toContain("X=1");
    expect((await box.inspect()).State.Status).toBe("running");
  });

  test("resize needs a running container", async () => {
    await using box = await created({ Tty: true });
    await expect(box.resize({ rows: 10, columns: 20 })).rejects.toThrow(/not running/);
  });
});

test("prune removes what does not run, and nothing else", async () => {
  await using own = await engine.startPrivate();
  await using there = new Docker({ host: own.host });
  const running = await there.containers.start({ image, labels, command: ["sleep", "1000"] });
  const stopped = await there.containers.create({ Image: image, Labels: labels });
  const other = await there.containers.create({ Image: image, Labels: { keep: "yes" } });
  const { ContainersDeleted } = await there.containers.prune({ filters: { "label!": "keep=yes" } });
  expect(ContainersDeleted).toEqual([stopped.id]);
  const left = await there.containers.list({ all: true });
  expect(left.map(({ Id }) => Id).sort()).toEqual([running.id, other.id].sort());
});

describe.concurrent("ids reach no other endpoint", () => {
  test.each(["", ".", "..", "../images/x", "x/../../images/x", "/../images/x", "a//b"])(
    "%j is refused",
    async (id) => {
      const box = docker.containers.get(id);
      for (const call of [
        () => box.remove({ force: true }),
        () => box.inspect(),
        () => box.start(),
        () => box.logs().text(),
      ]) {
        await expect(call()).rejects.toBeInstanceOf(TypeError);
        await expect(call()).rejects.toThrow('"id"');
      }
    },
  );

  test.each(["a?b", "a#b", "a%2e%2e", "%2e%2e", "a b", "ä", "a\r\nX-Y: z", "..\\images\\x", "a&force=1"])(
    "%j names no container",
    async (id) => {
      await expect(docker.containers.get(id).remove({ force: true })).rejects.toBeInstanceOf(NotFoundError);
    },
  );

  test("an image of that name survives", async () => {
    const name = newName();
    await using victim = removedAfter(await docker.images.get(image).tag(`${name}:latest`));
    await expect(docker.containers.get(`../images/${name}`).remove({ force: true })).rejects.toThrow(
      TypeError,
    );
    await expect(docker.containers.get(`%2e%2e/images/${name}`).remove({ force: true })).rejects.toThrow(
      "No such container",
    );
    await expect(docker.networks.get(`../images/${name}`).remove()).rejects.toThrow(TypeError);
    await expect(docker.volumes.get(`../images/${name}`).remove()).rejects.toThrow(TypeError);
    await victim.inspect();
  });
});

describe.concurrent("untilHealthy", () => {
  const check = (test: string, Retries = 2): Partial<StartOptions> => ({
    init: true,
    create: { Healthcheck: { Test: ["CMD-SHELL", test], Interval: 100_000_000, Retries } },
  });

  test("resolves when the health check succeeds", async () => {
    await using box = await sleeper(check("test -f /ready", 10_000));
    const waiting = box.untilHealthy();
    await box.exec(["touch", "/ready"]);
    await waiting;
    expect((await box.inspect()).State.Health?.Status).toBe("healthy");
    await box.untilHealthy();
  });

  test("tells what an unhealthy one says", async () => {
    await using box = await sleeper(check("echo no database; exit 1"));
    const error = await rejection(box.untilHealthy());
    expect(error).toBeInstanceOf(OperationError);
    expect(String(error)).toContain(`${box.id} is unhealthy: no database`);
  });

  test("waits for one that was paused, or ends at first and is started again", async () => {
    const { create } = check("true");
    await using box = await sleeper({
      command: ["sh", "-c", "echo >> /runs; [ $(wc -l < /runs) -gt 3 ] || exit 1; exec sleep 1000"],
      create: { ...create, HostConfig: { RestartPolicy: { Name: "always" } } },
    });
    await box.untilHealthy();
    await box.pause();
    const waiting = box.untilHealthy();
    const { State } = await box.inspect();
    expect(State).toMatchObject({ Status: "paused", Health: { Status: "unhealthy" } });
    await box.unpause();
    await waiting;
  });

  test("does not wait for one that cannot become healthy", async () => {
    await using plain = await sleeper();
    await expect(plain.untilHealthy()).rejects.toThrow(/has no health check/);
    await using still = await created();
    await expect(still.untilHealthy()).rejects.toThrow(/cannot become healthy: it is created\.$/);
    await using ended = await sleeper({ ...check("false"), command: ["sh", "-c", "exit 3"] });
    await ended.wait();
    await expect(ended.untilHealthy()).rejects.toThrow(/cannot become healthy: it is exited with code 3\.$/);
  });

  test("waits as long as the signal lets it", async () => {
    await using box = await sleeper(check("test -f /never || sleep 1000"));
    const controller = new AbortController();
    const waiting = box.untilHealthy({ signal: controller.signal });
    controller.abort("enough");
    expect(await rejection(waiting)).toBe("enough");
  });
});
