/** Both packages as a project has them that installs them by npm: from ESM, CommonJS and TypeScript, and as a program. */
import { execFile } from "node:child_process";
import { mkdirSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { startFakeEngine, routes, type FakeEngine } from "test-support/fake-engine";
import { tempDir, type TempDir } from "test-support/temp-dir";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeFiles } from "./dflint-run.ts";
import { docExamples, lintExamples } from "./doc-examples.ts";
import { packAll } from "./packed.ts";

const FREE: ReadonlySet<string> = new Set(["Apache-2.0", "MIT", "ISC", "(Apache-2.0 AND BSD-3-Clause)"]);

/** The oldest TypeScript that the READMEs promise. */
const TYPESCRIPT = "5.5.4";

const USE = `
const docker = new Docker({ host: process.env.ENGINE });
const [container] = await docker.containers.list();
const missing = await docker.containers.get("missing").inspect().catch((error) => error);
await docker.close();
console.log(container.Names[0], missing.name, DockerError.is(missing), parseDockerignore("b").ignores("b"), typeof DockerConfigCredentials);
`;

/** Nearly all of the public names with a type, checked without `skipLibCheck`. */
const TYPED = `
import { BuildError, Docker, DockerError, renderProgress, type StreamIterator } from "docker-engine-sdk";
import { parseDockerignore } from "docker-engine-sdk/dockerignore";

export async function use(docker: Docker): Promise<string> {
  const { stdout } = await docker.containers.run({ image: "busybox", command: ["true"] });
  const lines: StreamIterator<{ readonly line: string }> | undefined = undefined;
  for await (const line of docker.containers.get("a").logs({ follow: true }).lines()) console.log(line);
  for await (const event of docker.system.events()) console.log(event.Type);
  const image = await renderProgress(docker.images.build({ context: ".", tags: ["a"] }));
  const answer = await docker.call("ContainerInspect", { path: { id: "a" } });
  // @ts-expect-error -- a parameter that there is not
  await docker.call("ContainerStop", { path: { id: "a" }, query: { when: 5 } });
  return \`\${stdout}\${image.id}\${answer.Name ?? ""}\${String(lines)}\`;
}

export function report(error: unknown): string {
  if (error instanceof BuildError) return error.step ?? error.message;
  return DockerError.is(error) ? error.code : "";
}
console.log(parseDockerignore("a").ignores("a"));
`;

/** CommonJS reaches dflint by `import()` only. */
const TYPED_LINT = `
import { fix, lint, rules } from "dflint";
const { diagnostics } = lint({ text: fix({ text: "FROM alpine:3.20\\n" }).text });
console.log(diagnostics.map(({ rule }) => rule), rules.length);
`;

describe("a project with both packages", () => {
  let engine: FakeEngine;
  let folder: TempDir;

  const run = async (program: string, ...args: readonly string[]): Promise<string> => {
    const options = { cwd: folder.join("project"), env: { ...process.env, ENGINE: engine.host } };
    return (await promisify(execFile)(program, args, options)).stdout.trim();
  };

  beforeAll(async () => {
    engine = await startFakeEngine(
      routes({ "GET /containers/json": (exchange) => exchange.json(200, [{ Id: "a", Names: ["/web"] }]) }),
    );
    folder = await tempDir();
    mkdirSync(folder.join("project"));
    const archives = Object.values(await packAll(folder.path));
    writeFiles(folder, {
      "project/package.json": '{ "name": "project", "version": "1.0.0", "private": true }',
      "project/Dockerfile": "FROM alpine:latest\n",
    });
    const quiet = ["--no-audit", "--no-fund", "--prefer-offline", "--fetch-retries=5", "--loglevel=error"];
    await run("npm", "install", ...quiet, ...archives, `typescript@${TYPESCRIPT}`, "@types/node@20");
  });
  afterAll(async () => {
    await engine.close();
    await folder[Symbol.asyncDispose]();
  });

  it("imports the SDK", async () => {
    writeFiles(folder, {
      "project/use.mjs": `
import { Docker, DockerError } from "docker-engine-sdk";
import { parseDockerignore } from "docker-engine-sdk/dockerignore";
import { DockerConfigCredentials } from "docker-engine-sdk/credentials";
${USE}`,
    });
    expect(await run("node", "use.mjs")).toBe("/web NotFoundError true true function");
  });

  it("requires the SDK", async () => {
    writeFiles(folder, {
      "project/use.cjs": `
const { Docker, DockerError } = require("docker-engine-sdk");
const { parseDockerignore } = require("docker-engine-sdk/dockerignore");
const { DockerConfigCredentials } = require("docker-engine-sdk/credentials");
(async () => {${USE}})();`,
    });
    expect(await run("node", "use.cjs")).toBe("/web NotFoundError true true function");
  });

  it(`compiles by TypeScript ${TYPESCRIPT}, the declarations and the examples in the docs too`, async () => {
    const compilerOptions = {
      module: "nodenext",
      target: "es2022",
      lib: ["es2022"],
      types: ["node"],
      strict: true,
      noEmit: true,
      skipLibCheck: false,
    };
    const shown = docExamples();
    expect(shown.split("async () => {").length).toBeGreaterThan(30);
    const modules = lintExamples().map((code, index) => [`lint-${index}.mts`, code] as const);
    writeFiles(folder, {
      ...Object.fromEntries(modules.map(([name, code]) => [`project/${name}`, code])),
      "project/use.mts": `${TYPED}${TYPED_LINT}`,
      "project/use.cts": TYPED,
      "project/shown.mts": shown,
      "project/tsconfig.json": JSON.stringify({
        compilerOptions,
        files: ["use.mts", "use.cts", "shown.mts", ...modules.map(([name]) => name)],
      }),
    });
    const compiled = await run("npx", "tsc", "--project", ".").catch(
      (error: { stdout: string }) => error.stdout,
    );
    expect(compiled).toBe("");
  });

  it("runs dflint", async () => {
    const failed = (await run("npx", "dflint", "-o", "compact").catch((error: unknown) => error)) as {
      readonly code: number;
      readonly stdout: string;
    };
    expect(failed).toMatchObject({ code: 1, stdout: expect.stringContaining("DFL202") });
    expect(await run("npx", "dflint", "explain", "DL3007")).toContain("# DFL202");
  });

  it("has no dependency under a licence that asks for more than to be named", async () => {
    const licences = new Map<string, string>();
    for (const name of await readdir(folder.join("project/node_modules"), { recursive: true })) {
      if (!/(?:^|node_modules\/)(?:@[^/]+\/)?[^/@]+\/package\.json$/.test(name)) continue;
      const text = await readFile(folder.join("project/node_modules", name), "utf8");
      licences.set(name, (JSON.parse(text) as { readonly license: string }).license);
    }
    expect(licences.size).toBeGreaterThan(5);
    expect([...licences].filter(([, licence]) => !FREE.has(licence))).toEqual([]);
  });

  it("runs what dflint's README shows of the library", async () => {
    const said: string[] = [];
    for (const code of lintExamples()) {
      writeFiles(folder, { "project/shown.mjs": code });
      said.push(await run("node", "shown.mjs"));
    }
    expect(said).toEqual([
      expect.stringMatching(/^1:\d+ warning DFL\d{3} .*\nFROM alpine:3\.20\nLABEL .*="Ada"\n\n1 \d+$/s),
      expect.stringMatching(/^(?:\d findings, 1 fixed, \d left\n?){2}$/),
    ]);
  });

  it("lints by the library", async () => {
    writeFiles(folder, {
      "project/lint.mjs": `
import { lint } from "dflint";
import config from "dflint/schema.json" with { type: "json" };
import report from "dflint/report.schema.json" with { type: "json" };
import measurement from "dflint/measurement.schema.json" with { type: "json" };
const { diagnostics } = lint({ text: "FROM alpine:latest\\n" });
console.log(diagnostics.some(({ name }) => name === "base-latest"), config.title, report.title, measurement.title);`,
    });
    expect(await run("node", "lint.mjs")).toBe(
      "true dflint configuration dflint's JSON report dflint's measurements",
    );
  });
});
