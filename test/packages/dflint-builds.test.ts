/** `--compose` and `--bake` of the built program. */
import { expect, test } from "vitest";
import { tempDir } from "test-support/temp-dir";
import { dflint, writeFiles } from "./dflint-run.ts";

const DOCKERFILE = `ARG VERSION
FROM alpine:\${VERSION} AS base
FROM base AS dev
RUN sudo true
FROM base AS prod
USER app
`;

interface Report {
  readonly files: readonly {
    readonly path: string;
    readonly build?: string;
    readonly diagnostics: readonly { readonly rule: string; readonly message: string }[];
  }[];
}

function told(out: string): string[] {
  return (JSON.parse(out) as Report).files.map(({ path, build, diagnostics }) =>
    `${path} [${build}] ${diagnostics.map(({ rule }) => rule).join(" ")}`.trim(),
  );
}

const ONLY = ["--only", "DFL201,DFL202,DFL501,DFL608", "-o", "json"];

test("each service is linted with its own context, arguments and target", async () => {
  await using folder = await tempDir();
  writeFiles(folder, {
    "app/Dockerfile": DOCKERFILE,
    ".env": "VERSION=3.20\n",
    "compose.yaml": `services:
  web: { build: { context: app, target: prod, args: { VERSION: latest } } }
  api: { build: { context: app, target: prod, args: { VERSION: latest } } }
  dev: { build: { context: app, target: dev, args: [VERSION] } }
  inline: { build: { dockerfile_inline: "FROM given\\nCOPY nothing /\\nUSER app\\n", additional_contexts: { given: ./app } } }
  db: { image: postgres }
  remote: { build: "https://github.com/a/b.git" }
`,
  });
  const all = await dflint([...ONLY, "--compose", "compose.yaml"], { folder: folder.path });
  expect(told(all.out)).toEqual([
    "app/Dockerfile [service web, api] DFL202",
    "app/Dockerfile [service dev] DFL501",
    "compose.yaml#inline [service inline] DFL608",
  ]);
  expect(all.code).toBe(1);
  expect(all.err).toContain("the Dockerfile of service remote is not on this machine");

  const one = await dflint([...ONLY, "--compose", "compose.yaml:dev"], { folder: folder.path });
  expect(told(one.out)).toEqual(["app/Dockerfile [service dev] DFL501"]);
  const shown = await dflint(["--only", "DFL501", "--compose", "compose.yaml:dev"], { folder: folder.path });
  expect(shown.out).toContain("app/Dockerfile:3:6 [service dev]");

  const both = await dflint([...ONLY, "--compose", "compose.yaml:web", "app"], { folder: folder.path });
  expect(told(both.out).map((line) => line.replace(/\].*/, "]"))).toEqual([
    "app/Dockerfile [undefined]",
    "app/Dockerfile [service web]",
  ]);
});

test("each target of a bake file is linted; HCL is told how to become JSON", async () => {
  await using folder = await tempDir();
  writeFiles(folder, {
    "app/Dockerfile": DOCKERFILE,
    "bake.json": JSON.stringify({
      group: { default: { targets: ["prod"] } },
      target: {
        _base: { context: "app", args: { VERSION: "3.20" } },
        prod: { inherits: ["_base"], target: "prod" },
        dev: { inherits: ["_base"], target: "dev" },
      },
    }),
    "docker-bake.hcl": 'target "x" {}\n',
  });
  const { out } = await dflint([...ONLY, "--bake", "bake.json"], { folder: folder.path });
  expect(told(out)).toContain("app/Dockerfile [target dev] DFL501");
  expect(told(out)).toContain("app/Dockerfile [target prod]");
  const hcl = await dflint(["--bake", "docker-bake.hcl"], { folder: folder.path });
  expect([hcl.code, hcl.err]).toEqual([2, expect.stringContaining("--print > bake.json")]);
});

test("what is wrong with such a file is told, with what is there", async () => {
  await using folder = await tempDir();
  writeFiles(folder, {
    Dockerfile: "FROM alpine:3.20\nUSER a\n",
    "compose.yaml": "services: { web: { build: . }, db: { image: x } }\n",
    "bad.yaml": "services: { a: [\n",
    "none.yaml": "services: { db: { image: x } }\n",
    "bad.json": "{",
  });
  const run = async (...args: readonly string[]): Promise<[number | null, string]> => {
    const { code, err } = await dflint(args, { folder: folder.path });
    return [code, err];
  };
  expect(await run("--compose", "compose.yaml:webb")).toEqual([
    2,
    expect.stringContaining('Did you mean "web"?'),
  ]);
  expect(await run("--compose", "compose.yaml:db")).toEqual([2, expect.stringContaining("It builds web.")]);
  expect(await run("--compose", "nowhere.yaml")).toEqual([2, expect.stringContaining("no such file")]);
  expect(await run("--compose", "bad.yaml")).toEqual([2, expect.stringContaining("bad.yaml")]);
  expect(await run("--bake", "bad.json")).toEqual([2, expect.stringContaining("is no JSON")]);
  expect(await run("--compose", "none.yaml")).toEqual([3, expect.stringContaining("builds nothing")]);
  expect(await run("--fix", "--compose", "compose.yaml")).toEqual([
    2,
    expect.stringContaining("Fixes do not go"),
  ]);
});
