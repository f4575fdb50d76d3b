import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { engine, label } from "test-support/engine-under-test";
import { engineCall } from "test-support/engine/engine-call";
import { identify } from "test-support/engine/process-table";
import { isRelease } from "test-support/engine/versions";
import { listStates, sweepCrashed } from "test-support/engine/state";
import { sweep } from "test-support/engine/sweep";

const json = { "Content-Type": "application/json" };

async function createContainer(host: string, name: string, spec: object): Promise<string> {
  const body = JSON.stringify({ Image: "busybox", ...spec });
  const answer = await engineCall(host, "POST", `/containers/create?name=${name}`, { body, headers: json });
  return (JSON.parse(answer) as { Id: string }).Id;
}

async function names(host: string): Promise<readonly string[]> {
  const list = JSON.parse(await engineCall(host, "GET", "/containers/json?all=1")) as { Names: string[] }[];
  return list.flatMap(({ Names }) => Names);
}

async function runs(host: string, id: string): Promise<boolean> {
  const { State } = JSON.parse(await engineCall(host, "GET", `/containers/${id}/json`)) as {
    State: { Running: boolean };
  };
  return State.Running;
}

describe("the engine under test", () => {
  test("is the version it claims to be, and has busybox", async () => {
    const { Version, ApiVersion } = JSON.parse(await engineCall(engine.host, "GET", "/version")) as Record<
      string,
      string
    >;
    expect(Version?.replace(/\+.*/, "")).toBe(engine.version);
    expect(ApiVersion).toBe(engine.apiVersion);
    const image = JSON.parse(await engineCall(engine.host, "GET", `/images/${engine.image}/json`)) as {
      Config: { Cmd: string[] };
    };
    expect(image.Config.Cmd).toEqual(["sh"]);
  });

  test("runs containers", async () => {
    const id = await createContainer(engine.host, "support-runs", {
      Cmd: ["sh", "-c", "exit $((40 + 2))"],
      Labels: { [label]: "support" },
    });
    await engineCall(engine.host, "POST", `/containers/${id}/start`);
    const { StatusCode } = JSON.parse(
      await engineCall(engine.host, "POST", `/containers/${id}/wait`),
    ) as Record<string, number>;
    expect(StatusCode).toBe(42);
    await engineCall(engine.host, "DELETE", `/containers/${id}`);
  });

  test("has a registry in its network", async () => {
    const [host = "", port = ""] = engine.registry.split(":");
    const request = `printf 'GET /v2/ HTTP/1.0\\r\\n\\r\\n' | busybox nc ${host} ${port}`;
    const shell = engine.inNamespace("sh", ["-c", request], { stdio: ["ignore", "pipe", "inherit"] });
    expect(shell.stdout && (await text(shell.stdout))).toMatch(/^HTTP\/1\.[01] 200 /);
  });

  test("sweep removes what carries the label and nothing else", async () => {
    await using own = await engine.startPrivate();
    const labels = { Labels: { [label]: "x" } };
    const { host } = own;
    await createContainer(host, "mine", labels);
    await createContainer(host, "theirs", {});
    for (const [kind, spec] of [
      ["networks", labels],
      ["volumes", labels],
      ["networks", {}],
      ["volumes", {}],
    ] as const) {
      const Name = `${kind}-${"Labels" in spec ? "mine" : "theirs"}`;
      await engineCall(host, "POST", `/${kind}/create`, {
        body: JSON.stringify({ Name, ...spec }),
        headers: json,
      });
    }
    await engineCall(host, "POST", `/commit?container=mine&repo=labelled&tag=latest`, {
      body: "{}",
      headers: json,
    });

    await sweep(host);

    expect(await names(host)).toEqual(["/theirs"]);
    const networks = JSON.parse(await engineCall(host, "GET", "/networks")) as { Name: string }[];
    expect(networks.map(({ Name }) => Name).sort()).toEqual(["bridge", "host", "networks-theirs", "none"]);
    const { Volumes } = JSON.parse(await engineCall(host, "GET", "/volumes")) as {
      Volumes: { Name: string }[];
    };
    expect(Volumes.map(({ Name }) => Name)).toEqual(["volumes-theirs"]);
    const images = JSON.parse(await engineCall(host, "GET", "/images/json")) as { RepoTags: string[] }[];
    expect(images.flatMap(({ RepoTags }) => RepoTags)).toEqual(["busybox:latest"]);
  });
});

describe("a private engine", () => {
  test.each(["kill", "terminate"] as const)(
    "%s and start keep images, containers and the socket",
    async (end) => {
      await using own = await engine.startPrivate();
      await createContainer(own.host, "kept", {});
      await own[end]();
      await expect(engineCall(own.host, "GET", "/_ping")).rejects.toThrow(/ENOENT|ECONNREFUSED/);
      await own.start();
      expect(await names(own.host)).toEqual(["/kept"]);
      await engineCall(own.host, "GET", "/images/busybox:latest/json");
    },
  );

  test("with liveRestore keeps containers running while it is down", async () => {
    await using own = await engine.startPrivate({ liveRestore: true });
    const id = await createContainer(own.host, "lives", { Cmd: ["sleep", "1000"] });
    await engineCall(own.host, "POST", `/containers/${id}/start`);
    await own.kill();
    await own.start();
    expect(await runs(own.host, id)).toBe(true);
  });

  test("has more registries, with accounts when asked", async () => {
    await using own = await engine.startPrivate();
    const { address, credentials } = await own.startRegistry({ port: 5001, htpasswd: true });
    expect(credentials).toBeDefined();
    const login = (password: string): Promise<string> =>
      engineCall(own.host, "POST", "/auth", {
        body: JSON.stringify({ username: credentials?.username, password, serveraddress: address }),
        headers: json,
      });
    expect(await login(credentials?.password ?? "")).toContain("Login Succeeded");
    await expect(login("wrong")).rejects.toThrow("401");
  });

  test("of an owner that crashed is swept, containers included", async () => {
    const program = fileURLToPath(new URL("../support/src/start-and-wait.ts", import.meta.url));
    const version = isRelease(engine.version) ? engine.version : "20.10.24";
    const owner = spawn(process.execPath, ["--import", "tsx", program, version], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = (await once(owner.stdout, "data")) as [Buffer];
    const { folder, pid } = JSON.parse(line.toString()) as { folder: string; pid: number };
    expect((await listStates()).map((state) => state.folder)).toContain(folder);
    await engineCall(`unix://${folder}/docker.sock`, "GET", "/_ping");

    owner.kill("SIGKILL");
    await once(owner, "exit");
    await sweepCrashed();

    expect(existsSync(folder)).toBe(false);
    // A zombie nobody reaped yet counts as gone.
    expect(await identify(pid)).toBeUndefined();
    // Another owner's engine stays.
    await engineCall(engine.host, "GET", "/_ping");
  });
});
