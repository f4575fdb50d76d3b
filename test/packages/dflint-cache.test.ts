/** `dflint cache` without an engine: what a change runs again, and what past commits did. */
import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tempDir, type TempDir } from "test-support/temp-dir";
import { dflint, writeFiles, type Run } from "./dflint-run.ts";

let folder: TempDir;
beforeAll(async () => {
  folder = await tempDir();
  writeFiles(folder, {
    Dockerfile: `FROM debian:12
ARG VERSION
LABEL version=$VERSION
COPY src /app/src/
COPY link /app/link
RUN apt-get update && apt-get install -y make && rm -rf /var/lib/apt/lists/*
`,
    "src/a.c": "a",
    "src/b.c": "b",
    "notes/today.md": "n",
    "data/real.txt": "r",
    ".dockerignore": "notes\n",
  });
  symlinkSync("data/real.txt", folder.join("link"));
});
afterAll(async () => {
  await folder[Symbol.asyncDispose]();
});

function cache(...args: readonly string[]): Promise<Run> {
  return dflint(["cache", ...args], { folder: folder.path });
}

/** The lines in a state, from the JSON. */
async function lines(state: string, ...args: readonly string[]): Promise<number[]> {
  const { code, out, err } = await cache("--json", ...args);
  if (code !== 0) throw new Error(err);
  const { schemaVersion, files } = JSON.parse(out) as {
    schemaVersion: number;
    files: { steps: { line: number; state: string }[] }[];
  };
  expect(schemaVersion).toBe(1);
  return files.flatMap(({ steps }) => steps.filter((step) => step.state === state).map(({ line }) => line));
}

describe("a change", () => {
  it("is a file, a folder, a glob or a link, of the context or of this folder", async () => {
    expect(await lines("runs", "--touch", "src/a.c")).toEqual([4, 5, 6]);
    expect(await lines("runs", "--touch", "src")).toEqual([4, 5, 6]);
    expect(await lines("runs", "--touch", "**/*.c")).toEqual([4, 5, 6]);
    expect(await lines("runs", "--touch", "data/real.txt")).toEqual([5, 6]);
    expect(await lines("runs", "--touch", folder.join("src/a.c"))).toEqual([4, 5, 6]);
    expect(await lines("cached", "--touch", "notes/today.md")).toEqual([4, 5, 6]);
    expect(await lines("none", "--touch", "src")).toEqual([2, 3]);
  });

  it("is an argument or a base image, too", async () => {
    expect(await lines("runs", "--change-arg", "VERSION=2")).toEqual([6]);
    expect(await lines("runs", "--change-arg", "VERSION", "--builder", "classic")).toEqual([3, 4, 5, 6]);
    expect(await lines("runs", "--change-base")).toEqual([4, 5, 6]);
  });

  it("is told to people with its reasons, and what else there is to know", async () => {
    const { code, out } = await cache(
      "--touch",
      "src/new.c",
      "--touch",
      "notes/today.md",
      "--change-arg",
      "NOPE",
    );
    expect(code).toBe(0);
    expect(out).toContain("runs: it takes src/new.c");
    expect(out).toContain("runs: line 4 runs again");
    expect(out).toContain("src/new.c is not there: it is taken for a new file.");
    expect(out).toContain("notes/today.md is kept out of the build by .dockerignore.");
    expect(out).toContain("No ARG declares NOPE");
    const argument = await cache("--change-arg", "VERSION");
    expect(argument.out).toContain("The classic builder does otherwise with lines 4, 5");
  });

  it("has to be told, and to be possible", async () => {
    const nothing = await cache();
    expect(nothing).toMatchObject({ code: 2, out: "" });
    expect(nothing.err).toContain("Say what changes");
    expect((await cache("--touch", "../outside")).err).toContain("is outside of the build context");
    expect((await cache("--touch", "*.none")).err).toContain('matches "*.none"');
    expect(await cache("--change-base", "--prove")).toMatchObject({ code: 2 });
    expect(await cache("--touch", "src", "--compose", "none.yaml")).toMatchObject({ code: 2, out: "" });
    const none = await dflint(["cache", "--touch", "src", "--prove", "--host", "unix:///nowhere.sock"], {
      folder: folder.path,
    });
    expect(none.code).toBe(4);
    expect(none.err).toContain("/nowhere.sock");
  });
});

describe("what a compose file builds", () => {
  it("is asked with the context, target and arguments of each service", async () => {
    await using own = await tempDir();
    writeFiles(own, {
      "compose.yaml": `services:
  api: { build: { context: api, target: test, args: { VERSION: "2" } } }
  web: { build: { context: web, additional_contexts: { shared: api } } }
  db: { image: postgres }
`,
      "api/Dockerfile":
        "FROM debian:12 AS test\nARG VERSION\nCOPY src /src\nRUN make\nFROM test\nRUN never\n",
      "api/src/a.c": "",
      "web/Dockerfile": "FROM debian:12\nCOPY --from=shared /src /src\nCOPY page /page\n",
      "web/page/a.html": "",
    });
    const ask = async (...args: readonly string[]): Promise<Run> =>
      await dflint(["cache", "--compose", "compose.yaml", ...args], { folder: own.path });
    const both = JSON.parse((await ask("--json", "--touch", "api/src/a.c")).out) as { files: unknown[] };
    const of = (build: string): object => ({
      path: expect.stringContaining(build.slice(8)) as unknown,
      build,
    });
    expect(both.files).toMatchObject([
      {
        ...of("service api"),
        steps: [
          { line: 2, state: "none" },
          { line: 3, state: "runs" },
          { line: 4, state: "runs" },
          { line: 6, state: "skipped" },
        ],
      },
      {
        ...of("service web"),
        notes: [
          '--touch: "api/src/a.c" is outside of the build context web.',
          'What the build context "shared" holds is taken as it is.',
        ],
      },
    ]);
    const one = await dflint(["cache", "--compose", "compose.yaml:web", "--touch", "page/a.html"], {
      folder: own.path,
    });
    expect(one.code).toBe(0);
    expect(one.out).toContain(
      "web/Dockerfile [service web]: after a change of page/a.html, BuildKit runs 1 of 2",
    );
    expect(
      await dflint(["cache", "--compose", "compose.yaml:web", "--touch", "api/src/a.c"], {
        folder: own.path,
      }),
    ).toMatchObject({ code: 2, out: "" });
  });
});

describe("the history", () => {
  it("is that of the context's folder, and is needed", async () => {
    expect((await cache("--history")).err).toContain("has no commits in git");
    const git = (...args: readonly string[]): void => {
      execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b", ...args], { cwd: folder.path });
    };
    git("init", "--quiet");
    git("add", ".");
    git("commit", "--quiet", "--message", "one");
    for (const text of ["1", "2", "3"]) {
      writeFiles(folder, { "src/a.c": text });
      git("commit", "--quiet", "--all", "--message", text);
    }
    mkdirSync(folder.join("elsewhere"));
    const { code, out } = await cache("--history");
    expect(code).toBe(0);
    expect(out).toContain("over 4 commits");
    expect(out).toContain("Changed most often: src/a.c 100 %");
    expect(out).toMatch(
      /in this order:\n.*\n.*\n +6 {2}RUN apt-get[^\n]*\n +5 {2}COPY link[^\n]*\n +4 {2}COPY src/,
    );
    expect((await cache("--history", "--commits", "2")).out).toContain("over 2 commits");

    const check = (...args: readonly string[]): Promise<Run> =>
      dflint([...args, "--history", "--only", "DFL107", "-o", "compact"], { folder: folder.path });
    expect((await check("check", ".")).out).toMatch(/^Dockerfile:4:1: .*DFL107/m);
    const plain = await dflint(["check", ".", "--only", "DFL107", "-o", "compact"], { folder: folder.path });
    expect(plain.out).not.toContain("DFL107");
  });
});
