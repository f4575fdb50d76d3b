/** `dflint check --engine` on a real engine: what images, layers and containers add to what the text tells. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Docker } from "docker-engine-sdk";
import { label, engine } from "test-support/engine-under-test";
import { startFakeEngine } from "test-support/fake-engine";
import { tempDir, type TempDir } from "test-support/temp-dir";
import { dflint, writeFiles, type Run } from "../packages/dflint-run.ts";

/** An image of our own, of which no name tells anything. */
const BASE = "dflint-facts/base:1";
const BASE_FILE = `FROM ${engine.image}
ENV APP_HOME=/srv/app
SHELL ["/bin/ash", "-o", "pipefail", "-c"]
EXPOSE 80
HEALTHCHECK CMD ["true"]
USER 1000
LABEL ${label}=facts
`;

/** What the images of these tests carry, so that what is left behind is found. */
const MARK = "dflint.facts.test";

interface Finding {
  readonly rule: string;
  readonly severity: string;
  readonly message: string;
  readonly line: number;
  readonly evidence: readonly string[];
  readonly fixes: number;
}

let folder: TempDir;
let docker: Docker;
beforeAll(async () => {
  folder = await tempDir();
  docker = new Docker({ host: engine.host });
  await docker.images.build({ context: "none", dockerfile: { text: BASE_FILE }, tags: [BASE] });
});
afterAll(async () => {
  await docker.images.get(BASE).remove({ force: true });
  await docker[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

let count = 0;

/** Runs `dflint check` on a Dockerfile in a folder of its own, with some rules alone, at any level. */
async function check(
  rules: string,
  args: readonly string[],
  files: Readonly<Record<string, string | Buffer>>,
  environment: Readonly<Record<string, string>> = {},
): Promise<Run & { readonly findings: readonly Finding[] }> {
  const name = `case-${(count += 1)}`;
  writeFiles(
    folder,
    Object.fromEntries(Object.entries(files).map(([path, content]) => [`${name}/${path}`, content])),
  );
  const result = await dflint(["check", "-o", "json", "--only", rules, ...args, "Dockerfile"], {
    folder: folder.join(name),
    environment: { DOCKER_HOST: engine.host, ...environment },
  });
  const findings = result.out === "" ? [] : findingsIn(result.out);
  return { ...result, findings };
}

function findingsIn(json: string): Finding[] {
  const { files } = JSON.parse(json) as {
    files: {
      diagnostics: (Omit<Finding, "line" | "fixes"> & {
        fixes: object[];
        range: { start: { line: number } };
      })[];
    }[];
  };
  return files.flatMap(({ diagnostics }) =>
    diagnostics.map(({ fixes, range, ...rest }) => ({
      ...rest,
      line: range.start.line,
      fixes: fixes.length,
    })),
  );
}

const places = (findings: readonly Finding[]): string[] =>
  findings.map(({ rule, line }) => `${rule}:${line}`);

async function leftBehind(): Promise<readonly unknown[]> {
  const filters = { label: MARK };
  return [
    ...(await docker.containers.list({ all: true, filters })),
    ...(await docker.images.list({ filters })),
  ];
}

describe("--engine read", () => {
  const text = `FROM ${BASE}
WORKDIR $APP_HOME/$MISSING
RUN wget -qO- http://localhost/a | sh
EXPOSE 80 8080
CMD server --port=$PORT | tee log
`;
  const rules = "DFL501,DFL701,DFL804,DFL816,DFL817,DFL830";

  test("judges by the base image's user, variables, shell, ports and health check", async () => {
    const blind = await check(rules, [], { Dockerfile: text });
    expect(places(blind.findings)).toEqual(["DFL501:1", "DFL817:1", "DFL830:3", "DFL804:5"]);
    expect(blind.findings.flatMap(({ evidence }) => evidence)).toEqual([]);

    const told = await check(rules, ["--engine", "read"], { Dockerfile: text });
    expect(told.err).toBe("");
    expect(places(told.findings)).toEqual(["DFL701:2", "DFL816:4"]);
    const [variable, port] = told.findings;
    expect(variable?.message).toContain('Nothing defines "MISSING"');
    expect(variable?.evidence[0]).toMatch(
      /^dflint-facts\/base:1 defines .*APP_HOME.*: inspected dflint-facts\/base:1 \(sha256:[0-9a-f]{12}\), engine \d/,
    );
    expect(port?.evidence[0]).toMatch(/^It exposes 80\/tcp: inspected /);
  });

  test("is asked for by the configuration, and refused on the command line", async () => {
    const files = { Dockerfile: text, ".dflint.yaml": "engine: {mode: read}\n" };
    expect(places((await check(rules, [], files)).findings)).toEqual(["DFL701:2", "DFL816:4"]);
    expect(places((await check(rules, ["--engine", "off"], files)).findings)).toContain("DFL501:1");
    const { out } = await dflint(["config", "--show", "Dockerfile"], {
      folder: folder.join(`case-${count}`),
    });
    expect(out).toMatch(/engine\.mode: "read"/);
  });

  test("knows an image for another platform", async () => {
    const file = `FROM --platform=linux/s390x ${engine.image}\n`;
    const { findings } = await check("DFL208", ["--engine", "read"], { Dockerfile: file });
    const { RepoDigests } = await docker.images.get(engine.image).inspect();
    // One of a registry may be there for other platforms, too.
    expect(places(findings)).toEqual((RepoDigests ?? []).length === 0 ? ["DFL208:1"] : []);
  });

  test("reports what the engine's builder does not know, and holds back fixes that need it", async () => {
    const file = `FROM ${engine.image}\nCOPY --link tool /opt/tool\nRUN chmod 755 /opt/tool\n`;
    const blind = await check("DFL105,DFL908", [], { Dockerfile: file, tool: "x" });
    expect(blind.findings.map(({ rule, fixes }) => [rule, fixes])).toEqual([["DFL105", 1]]);

    const classic = await check(
      "DFL105,DFL908",
      ["--engine", "read"],
      { Dockerfile: file, tool: "x" },
      { DOCKER_BUILDKIT: "0" },
    );
    expect(classic.findings.map(({ rule, fixes }) => [rule, fixes])).toEqual([
      ["DFL908", 0],
      ["DFL105", 0],
    ]);
    expect(classic.findings[1]?.evidence.at(-1)).toMatch(
      /^Fix held back \(.*\): COPY --chmod needs BuildKit, and engine .* builds with the classic builder\.$/,
    );

    // Also of rules that no fact makes more exact.
    const install = `FROM ${engine.image}\nRUN pip install -r requirements.txt\n`;
    const mount = await check("DFL409", ["--engine", "read", "--builder", "classic"], {
      Dockerfile: install,
    });
    expect(mount.findings).toMatchObject([
      { fixes: 0, evidence: [expect.stringContaining("RUN --mount needs")] },
    ]);

    const buildkit = await check("DFL105,DFL908", ["--engine", "read"], { Dockerfile: file, tool: "x" });
    // The frontend of 20.10 is 1.2, which has --chmod and no --link.
    const isOld = engine.version.startsWith("20.10");
    expect(buildkit.findings.map(({ rule, fixes }) => [rule, fixes])).toEqual([
      ...(isOld ? [["DFL908", 0]] : []),
      ["DFL105", 1],
    ]);
  });
});

describe("--engine build", () => {
  const megabyte = Buffer.alloc(1_000_000, "x");

  test.each(["buildkit", "classic"])("judges by the layers that %s made", async (builder) => {
    const file = `FROM ${engine.image} AS fetch
RUN mkdir -p /out/root/.ssh && echo key > /out/root/.ssh/id_ed25519
FROM ${engine.image}
LABEL ${MARK}=${builder}
COPY big.bin script.sh tool /src/
COPY --from=fetch /out /
RUN sh /src/script.sh
RUN rm -f /src/tool.old
RUN chmod 700 /src/tool
COPY small.bin /src/small.bin
RUN rm /src/small.bin
HEALTHCHECK CMD nosuchprobe http://localhost/ || exit 1
`;
    const files = {
      Dockerfile: file,
      "big.bin": megabyte,
      tool: megabyte,
      "small.bin": "1234",
      "script.sh": "rm /src/big.bin\n",
    };
    const environment = { DOCKER_BUILDKIT: builder === "classic" ? "0" : "1" };
    const told = await check("DFL104,DFL105,DFL513,DFL817", ["--engine", "build"], files, environment);
    expect(told.err).toBe("");
    expect(places(told.findings)).toEqual(["DFL513:6", "DFL104:7", "DFL105:9", "DFL104:11", "DFL817:12"]);
    const [secret, script, mode, small, probe] = told.findings;
    expect(secret?.message).toContain("/root/.ssh/id_ed25519");
    expect(script?.evidence[0]).toMatch(
      /^Hidden by this layer: 1 file, 1\.0 MB \(\/src\/big\.bin\): built Dockerfile /,
    );
    expect(mode?.evidence[0]).toMatch(/1 file, 1\.0 MB \(\/src\/tool\)/);
    expect(small?.evidence[0]).toMatch(/1 file, 4 B \(\/src\/small\.bin\)/);
    expect(probe?.message).toMatch(/^The image has no nosuchprobe.*wget/);
    expect(await leftBehind()).toEqual([]);
  });

  test("writes down the sum of what ADD downloads, where the builder checks it", async () => {
    const line = `http://${engine.registry}/v2/ /api.json`;
    const file = `FROM ${engine.image}\nLABEL ${MARK}=sum\nADD ${line}\n`;
    const { findings, err } = await check("DFL432", ["--engine", "build"], { Dockerfile: file });
    expect(err).toBe("");
    const [download] = findings;
    expect(download?.evidence[0]).toMatch(/^What came has sha256:[0-9a-f]{64}: built Dockerfile /);
    // --checksum came with version 1.6 of the frontend.
    const isOld = engine.version.startsWith("20.10");
    expect(download?.fixes).toBe(isOld ? 0 : 1);
    expect(download?.evidence.slice(1)).toEqual(
      isOld
        ? [expect.stringContaining("Fix held back (Write down the sum of what came): ADD --checksum needs")]
        : [],
    );
  });

  test("names a shell that the base image really has", async () => {
    const file = `FROM ${engine.image}\nLABEL ${MARK}=shell\nRUN ls / | sort > /list\n`;
    const { findings, err } = await check("DFL830", ["--engine", "build"], { Dockerfile: file });
    expect(err).toBe("");
    expect(findings[0]?.message).toContain('SHELL ["/bin/ash", "-o", "pipefail", "-c"]');
    expect(findings[0]?.evidence[0]).toMatch(/^The base image sets no SHELL and has \/bin\/ash: inspected /);
  });

  test("pulls only where the configuration allows it", async () => {
    const remote = `${engine.registry}/dflint-facts/pulled:1`;
    await docker.images.get(BASE).tag(remote);
    await docker.images.get(remote).push();
    await docker.images.get(remote).remove();
    const files = { Dockerfile: `FROM ${remote}\n` };
    const kept = await check("DFL501", ["--engine", "read"], files);
    expect(kept.findings).toMatchObject([{ rule: "DFL501", evidence: [] }]);
    expect(kept.err).toMatch(/:1 is judged by its name alone: the engine does not have it, /);
    const allowed = { ...files, ".dflint.yaml": "engine: {mode: read, pull: true}\n" };
    expect(await check("DFL501", [], allowed)).toMatchObject({ findings: [], err: "" });
    await docker.images.get(remote).remove();
  });

  test("says why a file is not built, and judges it by its text", async () => {
    const missing = "registry.invalid/no/such:1";
    const file = `FROM ${missing}\nCOPY a /a\nRUN rm /a\n`;
    const absent = await check("DFL104", ["--engine", "build"], { Dockerfile: file, a: "x" });
    expect(places(absent.findings)).toEqual(["DFL104:3"]);
    expect(absent.err).toBe(
      `dflint: Dockerfile: not built, for want of ${missing}: the engine does not have it, and only "engine: {pull: true}" lets it be pulled.\n`,
    );
    const broken = `FROM ${engine.image}\nCOPY a /a\nRUN rm /a\nRUN exit 3\n`;
    const failed = await check("DFL104", ["--engine", "build"], { Dockerfile: broken, a: "x" });
    expect(places(failed.findings)).toEqual(["DFL104:3"]);
    expect(failed.err).toMatch(/^dflint: Dockerfile: judged by its text alone, because it does not build: /);
  });
});

describe("--engine run", () => {
  const findings = async (cmd: string): Promise<readonly Finding[]> => {
    const file = `FROM ${engine.image}\nLABEL ${MARK}=run\nCMD ${cmd}\n`;
    const told = await check("DFL804", ["--engine", "run"], { Dockerfile: file });
    expect(told.err).toBe("");
    return told.findings;
  };

  test("starts a container that can do little, and stops it", async () => {
    // Ends by itself unless it has what it should have, and nothing else.
    const checks = [
      '[ "$(ls /sys/class/net)" = lo ]',
      "! touch /file 2> /dev/null",
      "grep -q 'NoNewPrivs:.*1' /proc/self/status",
    ];
    const [obeying] = await findings(
      `trap 'exit 7' TERM; ${checks.join(" && ")} && while :; do sleep 0.1; done`,
    );
    expect(obeying?.severity).toBe("info");
    expect(obeying?.evidence[0]).toMatch(/ended \d+\.\d s after SIGTERM \(exit code 7\): built Dockerfile /);
    expect(await leftBehind()).toEqual([]);
  });

  test("tells what had to be killed", async () => {
    const [deaf] = await findings("sleep 1000; echo ended");
    expect(deaf?.severity).toBe("warning");
    expect(deaf?.evidence[0]).toMatch(
      /did not heed SIGTERM, and was killed after \d+\.\d s \(exit code 137\)/,
    );
  });

  test("tells a port that nothing listens on, where something listens on another one", async () => {
    const file = `FROM ${engine.image}\nLABEL ${MARK}=ports\nEXPOSE 8080 3000\nCMD ["httpd", "-f", "-p", "3000"]\n`;
    const told = await check("DFL816", ["--engine", "run"], { Dockerfile: file });
    expect(told.err).toBe("");
    expect(told.findings).toHaveLength(1);
    expect(told.findings[0]?.message).toMatch(/^Nothing listens on port 8080\/tcp .* but on 3000\/tcp/);
    expect(await leftBehind()).toEqual([]);
  });

  test("says nothing of a container that ends by itself", async () => {
    const [brief] = await findings("echo ended; false");
    expect(brief).toMatchObject({ severity: "warning", evidence: [] });
  });
});

describe("without an engine", () => {
  test("an engine that is asked for and not there is an error of its own, and nobody else looks for one", async () => {
    const nowhere = { DOCKER_HOST: `unix://${folder.join("nowhere.sock")}` };
    const files = { Dockerfile: `FROM ${BASE}\nCMD ["a"]\n` };
    const asked = await check("DFL501", ["--engine", "read"], files, nowhere);
    expect(asked).toMatchObject({ code: 4, out: "" });
    expect(asked.err).toContain("nowhere.sock");
    expect(places((await check("DFL501", [], files, nowhere)).findings)).toEqual(["DFL501:1"]);
  });

  test("one that goes away is told once, and the rest is judged by its text", async () => {
    await using fake = await startFakeEngine(async (exchange) => {
      const { path } = exchange.request;
      if (path.endsWith("/version"))
        return exchange.json(200, { Version: "28.5.2", Os: "linux", Arch: "amd64" });
      if (/\/(?:containers|images)\/json$/.test(path)) return exchange.json(200, []);
      if (path.includes("first"))
        return exchange.json(200, {
          Id: "sha256:1",
          Os: "linux",
          Architecture: "amd64",
          Size: 1,
          RootFS: { Type: "layers" },
          Config: { User: "app" },
        });
      await fake.close();
    });
    writeFiles(folder, {
      "lost/a.Dockerfile": "FROM first\n",
      "lost/b.Dockerfile": "FROM second\n",
      "lost/c.Dockerfile": "FROM third\n",
    });
    const told = await dflint(
      ["check", "-o", "json", "--only", "DFL501", "--engine", "read", "--host", fake.host, "."],
      { folder: folder.join("lost") },
    );
    expect(told.code).toBe(1);
    expect(told.err).toMatch(
      /^dflint: The engine went away, so from b\.Dockerfile on files are judged by their text alone: .*\n$/,
    );
    expect(findingsIn(told.out).map(({ rule }) => rule)).toEqual(["DFL501", "DFL501"]);
  });
});
