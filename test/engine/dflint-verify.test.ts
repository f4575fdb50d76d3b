/** `dflint verify` and `dflint fix --verify` on a real engine: each verdict, what is written, and what is left behind. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Docker } from "docker-engine-sdk";
import { engine } from "test-support/engine-under-test";
import { tempDir, type TempDir } from "test-support/temp-dir";
import { CLI, dflint, writeFiles, type Run } from "../packages/dflint-run.ts";

const environment = { DOCKER_HOST: engine.host };

let folder: TempDir;
let docker: Docker;
beforeAll(async () => {
  folder = await tempDir();
  docker = new Docker({ host: engine.host });
});
afterAll(async () => {
  await docker[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

/** A package manager in a few lines, since nothing can be installed without a network. */
const apk = (...commands: readonly string[]): string => `#!/bin/sh\n${commands.join("\n")}\n`;
const cachingApk = apk(
  'mkdir -p /var/cache/apk && case "$*" in *--no-cache*) ;; *) echo index > /var/cache/apk/INDEX ;; esac',
);

const installing = "FROM busybox\nCOPY apk /bin/apk\nRUN chmod 755 /bin/apk && apk add curl\n";

let count = 0;

/** Runs dflint on a Dockerfile in a folder of its own, with the rules named. */
async function run(
  [command, ...args]: readonly [string, ...string[]],
  dockerfile: string,
  files: Readonly<Record<string, string>> = {},
): Promise<Run & { readonly text: string; readonly path: string }> {
  const name = `case-${(count += 1)}`;
  const below = Object.entries({ Dockerfile: dockerfile, ...files }).map(([path, text]) => [
    `${name}/${path}`,
    text,
  ]);
  writeFiles(folder, Object.fromEntries(below) as Record<string, string>); // what the pairs are
  const path = folder.join(name);
  const result = await dflint([command, ...args, "Dockerfile"], { folder: path, environment });
  return { ...result, text: readFileSync(`${path}/Dockerfile`, "utf8"), path };
}

interface Verified {
  readonly verification: { readonly verdict: string; readonly bytes: object; readonly source: string } | null;
  readonly fixes: readonly {
    readonly rule: string;
    readonly kept: boolean;
    readonly verification: {
      readonly verdict: string;
      readonly differences: readonly { readonly path: string; readonly harmless: string | null }[];
      readonly failure: object | null;
    };
  }[];
}

/** Runs `dflint fix --verify` and reads its report. */
async function fixed(
  args: readonly string[],
  dockerfile: string,
  files: Readonly<Record<string, string>> = {},
): Promise<Verified & { readonly code: number | null; readonly err: string; readonly text: string }> {
  const { code, out, err, text } = await run(["fix", "--verify", "-o", "json", ...args], dockerfile, files);
  if (out === "") throw new Error(`dflint ended with ${code}: ${err}`);
  const report = JSON.parse(out) as { files: [{ verified: Verified }] };
  return { ...report.files[0].verified, code, err, text };
}

const pathsOf = ({ fixes }: Verified): unknown =>
  fixes.flatMap(({ verification }) => verification.differences.map(({ path, harmless }) => [path, harmless]));

describe("the verdict", () => {
  test("is identical where neither a file nor the configuration differs, and the fix is written", async () => {
    const text = "FROM busybox\nENV GREETING hello\nRUN echo $GREETING > /greeting\nCOPY . /app\n";
    const told = await fixed(["--only", "DFL707"], text);
    expect(told).toMatchObject({
      code: 0,
      text: text.replace("GREETING hello", "GREETING=hello"),
      err: expect.stringContaining("Dockerfile: 1 fix verifies: identical"),
      verification: { verdict: "identical", source: expect.stringContaining(`Docker ${engine.version}`) },
      fixes: [{ rule: "DFL707", kept: true, verification: { verdict: "identical", differences: [] } }],
    });
  });

  test("is equivalent where only a cache goes away", async () => {
    const told = await fixed(["--only", "DFL401"], installing, { apk: cachingApk });
    expect(told).toMatchObject({ code: 0, verification: { verdict: "equivalent" } });
    expect(told.text).toContain("apk add --no-cache curl");
    expect(told.err).toContain("/var/cache/apk/INDEX removed: 6 bytes (a cache)");
    expect(pathsOf(told)).toEqual([["/var/cache/apk/INDEX", "cache"]]);
  });

  test("is different where a file has another content, and nothing is written", async () => {
    const told = await fixed(["--only", "DFL401"], installing, { apk: apk('echo "$*" > /etc/args') });
    expect(told).toMatchObject({ code: 5, text: installing, verification: null, fixes: [{ kept: false }] });
    expect(pathsOf(told)).toEqual([["/etc/args", null]]);
    expect(told.err).toContain("left out DFL401 apk-no-cache");
    expect(told.err).toContain("/etc/args changed");
  });

  test("is that it does not build, with the step and what it wrote", async () => {
    const files = { apk: apk('case "$*" in *--no-cache*) echo no such option; exit 3 ;; esac') };
    const told = await fixed(["--only", "DFL401"], installing, files);
    expect(told).toMatchObject({
      code: 5,
      text: installing,
      fixes: [
        {
          kept: false,
          verification: {
            verdict: "does-not-build",
            failure: {
              of: "fixed",
              step: expect.stringContaining("apk add --no-cache curl"),
              exitCode: 3,
              log: expect.stringContaining("no such option"),
            },
          },
        },
      ],
    });
  });

  test("is none where the file does not build as it is", async () => {
    const text = "FROM busybox\nENV A b\nRUN echo why; exit 4\n";
    const told = await fixed(["--only", "DFL707"], text);
    expect(told).toMatchObject({ code: 5, text, verification: null });
    expect(told.err).toContain("Dockerfile: does not build as it is, so no fix can be verified.");
    expect(told.err).toContain("| why");
  });

  test("passes over what is another in each build of the same file", async () => {
    const text = installing.replace("add curl", "add curl && cat /proc/sys/kernel/random/uuid > /id");
    const told = await fixed(["--only", "DFL401"], text, { apk: cachingApk });
    expect(told).toMatchObject({ code: 0, verification: { verdict: "equivalent" } });
    expect(pathsOf(told)).toEqual([
      ["/id", "unstable"],
      ["/var/cache/apk/INDEX", "cache"],
    ]);
  });
});

describe("what is built", () => {
  test("is the target, with the arguments and the context that are named", async () => {
    const text =
      "FROM busybox AS first\nARG WHO=nobody\nENV A b\nCOPY note /note\nRUN test $WHO = ada\nFROM first\nRUN exit 9\n";
    const options = ["--only", "DFL707", "--target", "first", "--build-arg", "WHO=ada", "--context", "other"];
    const told = await fixed(options, text, { "other/note": "a note" });
    expect(told).toMatchObject({ code: 0, verification: { verdict: "identical" } });
    const last = await fixed(
      options.filter((_, at) => at !== 2 && at !== 3),
      text,
      { "other/note": "a note" },
    );
    expect(last).toMatchObject({ code: 5, fixes: [{ verification: { failure: { of: "original" } } }] });
  });

  test("has the secrets that are named", async () => {
    const text =
      "FROM busybox\nENV A b\nRUN --mount=type=secret,id=key,required=true grep -q hush /run/secrets/key\n";
    const told = await fixed(["--only", "DFL707", "--secret", "id=key,src=key"], text, { key: "hush\n" });
    expect(told).toMatchObject({ code: 0, verification: { verdict: "identical" } });
  });

  test("may be built by the classic builder", async () => {
    const text = "FROM busybox\nENV A b\nCOPY a /a\nRUN echo one > /one\n";
    const told = await fixed(["--only", "DFL707", "--builder", "classic"], text, { a: "a" });
    expect(told).toMatchObject({ code: 0, verification: { verdict: "identical" } });
  });

  test("may be an image without a command or a shell", async () => {
    const told = await fixed(["--only", "DFL810"], "FROM scratch\nMAINTAINER ada\nCOPY a /a\n", {
      a: "a",
    });
    expect(told).toMatchObject({ code: 0, verification: { verdict: "equivalent" } });
    expect(pathsOf(told)).toEqual([
      ["Author", "moved"],
      ["Labels.org.opencontainers.image.authors", "moved"],
    ]);
  });

  test("leaves out what the ignore file will leave out, which shows", async () => {
    const text = 'FROM busybox\nCOPY . /app\nUSER 1000\nCMD ["true"]\n';
    const told = await fixed(["--only", "DFL602"], text, {
      ".dockerignore": "*.log\n",
      ".git/HEAD": "ref: refs/heads/main\n",
    });
    expect(told).toMatchObject({ code: 5, fixes: [{ rule: "DFL602", kept: false }] });
    expect(pathsOf(told)).toEqual(expect.arrayContaining([["/app/.git", null]]));
  });
});

test("bolder fixes are tried one by one, and those that hold are written without being asked for", async () => {
  const text = "FROM busybox:latest\nRUN echo one > /one\nRUN echo two > /two\nCMD echo hello\n";
  const options = ["--only", "DFL106,DFL501,DFL804"];
  const told = await fixed(options, text);
  expect(told.err).toContain("kept DFL106 run-merge");
  expect(told.err).toContain("left out DFL501 user-missing (unsafe)");
  expect(told.err).toContain("configuration User added: 10001:10001");
  expect(told.err).toContain('configuration Cmd changed: ["/bin/sh","-c","echo hello"] → ["echo","hello"]');
  expect(told.text.match(/^RUN /gm)).toHaveLength(1);
  expect(told.text).toContain("CMD echo hello");
  expect(told.code).toBe(1); // findings are left; nothing that was asked for has failed
  const asked = await run(["verify", "--unsafe", "--only", "DFL804"], text);
  expect(asked).toMatchObject({ code: 5, text, out: expect.stringContaining("left out DFL804 exec-form") });
});

test("--diff shows what holds, and writes nothing", async () => {
  const text = "FROM busybox\nENV A b\nRUN true\n";
  const { code, out, text: after } = await run(["fix", "--verify", "--diff", "--only", "DFL707"], text);
  expect(code).toBe(1);
  expect(out).toContain("-ENV A b\n+ENV A=b\n");
  expect(after).toBe(text);
});

test("standard input is fixed without a context", async () => {
  const input = "FROM busybox\nENV A b\n";
  const { code, out, err } = await dflint(["fix", "--verify", "--only", "DFL707", "-"], {
    folder: folder.path,
    environment,
    input,
  });
  expect(err).toContain("<stdin>: 1 fix verifies: identical");
  expect({ code, out }).toEqual({ code: 0, out: "FROM busybox\nENV A=b\n" });
});

test("without an engine nothing is written, and it is said where it was looked for", async () => {
  const host = `unix://${folder.join("nobody.sock")}`;
  const text = "FROM busybox\nENV A b\n";
  const refused = await run(["fix", "--verify", "--host", host, "--only", "DFL707"], text);
  expect(refused).toMatchObject({ code: 4, out: "", text });
  expect(refused.err).toContain(host);
  expect(refused.err).not.toContain("defect");
  expect((await run(["verify", "--host", host], text)).code).toBe(4);
});

describe("what was made on the engine", () => {
  const slow = "FROM busybox\nMAINTAINER ada\nRUN sleep 3000\n";
  const quick = "FROM busybox\nMAINTAINER ada\nRUN echo quick > /quick\n";

  /** What a process has made and is still there: its number is the second part of the label. */
  async function leftOf({ pid }: ChildProcess): Promise<readonly unknown[]> {
    const filters = { label: "dflint.run" };
    const things = [
      ...(await docker.containers.list({ all: true, filters })),
      ...(await docker.images.list({ filters })),
    ];
    return things.filter(({ Labels }) => Labels?.["dflint.run"]?.split(".")[1] === String(pid));
  }

  /** A run that has made the two images of one file, and now builds another, which takes long. */
  async function underWay(): Promise<ChildProcess> {
    writeFiles(folder, { "slow/a.Dockerfile": quick, "slow/b.Dockerfile": slow });
    const child = spawn(
      process.execPath,
      [CLI, "verify", "--only", "DFL810", "a.Dockerfile", "b.Dockerfile"],
      {
        cwd: folder.join("slow"),
        env: { ...process.env, ...environment },
        stdio: "ignore",
      },
    );
    while ((await leftOf(child)).length < 2) {
      if (child.exitCode !== null) throw new Error(`dflint ended with ${child.exitCode}`);
      await setTimeout(20);
    }
    return child;
  }

  test("is removed when a signal ends the run", async () => {
    const child = await underWay();
    child.kill("SIGINT");
    expect(await once(child, "exit")).toEqual([130, null]);
    expect(await leftOf(child)).toEqual([]);
  });

  test("is removed by the next run where a run was killed", async () => {
    const child = await underWay();
    child.kill("SIGKILL");
    await once(child, "exit");
    await fixed(["--only", "DFL810"], quick);
    expect(await leftOf(child)).toEqual([]);
  });

  test("is removed at the end, whether a build fails or not", async () => {
    writeFiles(folder, {
      "end/a.Dockerfile": quick,
      "end/b.Dockerfile": "FROM busybox\nMAINTAINER ada\nRUN exit 1\n",
    });
    const child = spawn(
      process.execPath,
      [CLI, "verify", "--only", "DFL810", "a.Dockerfile", "b.Dockerfile"],
      {
        cwd: folder.join("end"),
        env: { ...process.env, ...environment },
        stdio: "ignore",
      },
    );
    expect(await once(child, "exit")).toEqual([5, null]);
    expect(await leftOf(child)).toEqual([]);
  });
});
