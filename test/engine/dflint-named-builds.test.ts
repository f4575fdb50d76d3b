/** `--compose` and `--bake` of the commands that build: each service with its context, arguments, target and contexts. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { engine } from "test-support/engine-under-test";
import { tempDir, type TempDir } from "test-support/temp-dir";
import { dflint, writeFiles, type Run } from "../packages/dflint-run.ts";

const [major = 0] = engine.version.split(".").map(Number);

let folder: TempDir;
beforeAll(async () => {
  folder = await tempDir();
});
afterAll(() => folder[Symbol.asyncDispose]());

function run(place: string, ...args: readonly string[]): Promise<Run> {
  return dflint(args, { folder: folder.join(place), environment: { DOCKER_HOST: engine.host } });
}

const STAGES = `FROM ${engine.image} AS base
ARG WHO=nobody
COPY note /note
FROM base AS dev
USER $WHO
FROM base AS prod
USER $WHO
`;

interface Measured {
  readonly path: string;
  readonly build: { readonly name?: string; readonly target?: string };
  readonly image: { readonly user: string };
  readonly context: { readonly bytes: number };
}

/** The JSON of `measure`, in short. */
function measured({ out }: Run): unknown {
  const { measurements } = JSON.parse(out) as { measurements: readonly Measured[] };
  return measurements.map(({ path, build, image }) => [path, build.name, build.target, image.user]);
}

test("measure builds what each service says", async () => {
  writeFiles(folder, {
    "m/app/docker/Dockerfile": STAGES,
    "m/app/note": "one",
    "m/compose.yaml": `services:
  web: { build: { context: app, dockerfile: docker/Dockerfile, target: prod, args: { WHO: web } } }
  dev: { build: { context: app, dockerfile: docker/Dockerfile, target: dev } }
  inline: { build: { context: app, dockerfile_inline: "FROM scratch\\nCOPY note /note\\n" } }
  db: { image: postgres }
`,
    "m/bake.json": JSON.stringify({
      target: {
        app: { context: "app", dockerfile: "docker/Dockerfile", target: "prod", args: { WHO: "1" } },
      },
    }),
  });
  const all = await run("m", "measure", "--compose", "compose.yaml", "-o", "json");
  expect(measured(all)).toEqual([
    ["app/docker/Dockerfile", "service web", "prod", "web"],
    ["app/docker/Dockerfile", "service dev", "dev", "nobody"],
    ["compose.yaml#inline", "service inline", undefined, ""],
  ]);
  expect(all).toMatchObject({ code: 0, err: "" });
  const baked = await run("m", "measure", "--bake", "bake.json:app");
  expect(baked.out).toMatch(/^app\/docker\/Dockerfile \[target app\]: /);
  const unknown = await run("m", "measure", "--compose", "compose.yaml:inlin");
  expect(unknown).toMatchObject({ code: 2, err: expect.stringContaining('Did you mean "inline"?') });
  const none = await run("m", "measure", "--compose", "compose.yaml:db");
  expect(none).toMatchObject({ code: 2, err: expect.stringContaining("builds no") });
});

test("named contexts are the build's, and one that another target makes is refused", async () => {
  writeFiles(folder, {
    "c/Dockerfile": "FROM scratch\nCOPY --from=more note /note\n",
    "c/more/note": "m".repeat(1000),
    "c/bake.json": JSON.stringify({
      target: {
        app: { contexts: { more: "more" } },
        next: { contexts: { more: "target:app" } },
      },
    }),
  });
  const { code, out, err } = await run("c", "measure", "--bake", "bake.json:app", "-o", "json");
  if (major < 23) {
    expect({ code, err }).toEqual({
      code: 1,
      err: expect.stringContaining("Dockerfile [target app]: does not build"),
    });
  } else {
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(JSON.parse(out)).toMatchObject({ measurements: [{ image: { bytes: 1000 } }] });
  }
  const next = await run("c", "measure", "--bake", "bake.json:next");
  expect(next).toMatchObject({
    code: 2,
    out: "",
    err: expect.stringContaining('"more" is what target:app builds'),
  });
});

const apk = `#!/bin/sh
mkdir -p /var/cache/apk
case "$STRICT$*" in
  1*--no-cache*) exit 1 ;;
  *--no-cache*) ;;
  *) echo index > /var/cache/apk/INDEX ;;
esac
`;

const INSTALLING = `FROM ${engine.image}
ARG STRICT=
COPY apk /bin/apk
RUN chmod 755 /bin/apk && apk add curl
ENV A b
`;

const COMPOSE = `services:
  lax: { build: . }
  strict: { build: { context: ., args: { STRICT: "1" } } }
  inline: { build: { dockerfile_inline: "FROM scratch\\nENV A b\\n" } }
`;

test("a fix is kept that holds in every build of the file that is named", async () => {
  writeFiles(folder, { "f/Dockerfile": INSTALLING, "f/apk": apk, "f/compose.yaml": COMPOSE });
  const dockerfile = folder.join("f/Dockerfile");
  const verify = ["--only", "DFL401,DFL707", "--compose"];
  const told = await run("f", "verify", ...verify, "compose.yaml:lax");
  expect(told).toMatchObject({
    code: 0,
    out: expect.stringContaining("[service lax]: 2 fixes verify: equivalent"),
  });
  expect(readFileSync(dockerfile, "utf8")).toBe(INSTALLING);

  const inline = await run("f", "fix", "--verify", ...verify, "compose.yaml:inline");
  expect(inline).toMatchObject({ code: 2, err: expect.stringContaining("stands in another file") });

  const both = ["compose.yaml:lax", "--compose", "compose.yaml:strict"];
  const fixed = await run("f", "fix", "--verify", ...verify, ...both);
  expect(fixed).toMatchObject({ code: 5, err: expect.stringContaining("left out DFL401") });
  expect(readFileSync(dockerfile, "utf8")).toBe(INSTALLING.replace("ENV A b", "ENV A=b"));

  const plain = await run("f", "fix", ...verify, "compose.yaml");
  expect(plain).toMatchObject({ code: 2, err: expect.stringContaining("unless --verify") });
});
