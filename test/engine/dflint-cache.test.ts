/** The forecast of what a change runs again, against what the engine's builders do. */
import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Docker } from "docker-engine-sdk";
import type { PrivateEngine } from "test-support/engine/start";
import { containerdArgs } from "test-support/engine/versions";
import { engine } from "test-support/engine-under-test";
import { tempDir } from "test-support/temp-dir";
import { contextFiles } from "../../packages/lint/src/cache/context-files.ts";
import { forecast } from "../../packages/lint/src/cache/forecast.ts";
import { proveCache, type ProofOutcome } from "../../packages/lint/src/engine/prove-cache.ts";
import { withEngine, type EngineRun } from "../../packages/lint/src/engine/with-engine.ts";
import { ContextFolders } from "../../packages/lint/src/files/context.ts";
import { analyse } from "../../packages/lint/src/semantics/analyse.ts";
import { parseDockerfile } from "../../packages/lint/src/syntax/parser.ts";
import { dflint } from "../packages/dflint-run.ts";
import { cacheSample, type CacheSample } from "./cache-samples.ts";

type Builder = "buildkit" | "classic";

async function prove(run: EngineRun, builder: Builder, sample: CacheSample): Promise<ProofOutcome[]> {
  await using folder = await tempDir();
  for (const [path, text] of Object.entries({ ...sample.files, Dockerfile: sample.text })) {
    await mkdir(dirname(folder.join(path)), { recursive: true });
    await writeFile(folder.join(path), text);
  }
  const facts = new ContextFolders().facts(folder.path, folder.join("Dockerfile"));
  if (facts === undefined) throw new Error("the folder was made just now");
  const dockerfile = parseDockerfile(sample.text);
  const options = { ...(sample.target !== undefined && { target: sample.target }) };
  const context = contextFiles(facts, (path) => path);
  return await proveCache(
    run,
    {
      request: { text: sample.text, context: folder.path, builder, ...options },
      model: analyse(dockerfile, options),
      isSent: () => true,
      foretell: (change, facts) => forecast({ dockerfile, options, change, context, ...facts }),
    },
    sample.changes.map((change) => ({ ...change, base: false })),
  );
}

/** What a person needs to see why the two do not agree. */
function describe(seed: number, sample: CacheSample, index: number, outcome: ProofOutcome): string {
  const change = JSON.stringify(sample.changes[index]);
  const about = `seed ${seed}, change ${change}, target ${sample.target ?? "last"}, ignore ${JSON.stringify(sample.files[".dockerignore"])}\n${sample.text}`;
  if (outcome.proof === undefined) return `${about}${outcome.failure.message}`;
  const steps = outcome.proof.steps
    .filter(({ agrees }) => !agrees)
    .map(
      ({ instruction, state, because, measured }) =>
        `line ${instruction.startLine}: foretold ${state} (${because}), ${measured?.state}`,
    );
  return `${about}${steps.join("\n")}`;
}

const isDefault = engine.version.startsWith("20.10");
/** Dockerfiles for each builder, with eight changes each: two hundred pairs. */
const samples = { buildkit: isDefault ? 14 : 2, classic: isDefault ? 11 : 1 };
/** Milliseconds after which a test hangs for certain, however busy the machine is. */
const patience = 1_800_000;
/** Another seed tries others, and as many as one likes: `CACHE_SEED=100 CACHE_SAMPLES=50`. */
const firstSeed = Number(process.env["CACHE_SEED"] ?? 1);
const moreSamples = process.env["CACHE_SAMPLES"];

/** Builds that share a base image with others at the same time take each other's cache keys away. */
const own = new Map<"buildkit" | "classic", PrivateEngine>();
beforeAll(async () => {
  const plain = await engine.startPrivate();
  own.set("classic", plain);
  // With images in containerd's store, --link does what it is there for.
  const hasOther = engine.version.startsWith("28.");
  own.set("buildkit", hasOther ? await engine.startPrivate({ daemonArgs: containerdArgs }) : plain);
});
afterAll(async () => {
  await Promise.all([...new Set(own.values())].map((one) => one.remove()));
});

test.each(["buildkit", "classic"] as const)(
  "foretells what %s does, on generated Dockerfiles and changes",
  async (builder) => {
    const wrong: string[] = [];
    const score = { pairs: 0, steps: 0, maybe: 0, untold: 0, restless: 0 };
    const { host, image } = own.get(builder) ?? {};
    if (host === undefined || image === undefined) throw new Error("it was not started");
    await withEngine({ host, environment: {} }, async (run) => {
      const seeds = Array.from(
        { length: Number(moreSamples ?? samples[builder]) },
        (_, index) => firstSeed + index,
      );
      const work = async (): Promise<void> => {
        const seed = seeds.shift();
        if (seed === undefined) return;
        const mark = randomBytes(6).toString("hex");
        const isNewer = builder === "buildkit" && !isDefault;
        const sample = cacheSample(seed, { image, builder, mark, isNewer });
        for (const [index, outcome] of (await prove(run, builder, sample)).entries()) {
          score.pairs += 1;
          if (outcome.proof?.agrees !== true) wrong.push(describe(seed, sample, index, outcome));
          for (const { state, measured, isRestless } of outcome.proof?.steps ?? []) {
            if (state === "none") continue;
            score.steps += 1;
            if (isRestless) score.restless += 1;
            if (state === "maybe") score.maybe += 1;
            else if (measured === undefined && state !== "skipped") score.untold += 1;
          }
        }
        return await work();
      };
      // BuildKit forgets keys of steps that builds side by side share, such as the FROM.
      await Promise.all(builder === "classic" ? [work(), work(), work()] : [work()]);
    });
    process.stdout.write(
      `${engine.version} ${builder}: ${score.pairs - wrong.length} of ${score.pairs} changes foretold, ` +
        `${score.steps} steps, ${score.maybe} left open, ${score.untold} not told by the builder, ` +
        `${score.restless} never cached\n`,
    );
    expect(wrong.join("\n\n")).toBe("");
    expect(score.maybe).toBeLessThan(score.steps / 5);
    expect(score.restless).toBe(0);
  },
  patience,
);

test(
  "dflint cache --prove tells what ran, leaves the context as it is, and nothing on the engine",
  async () => {
    await using folder = await tempDir();
    const { host, image } = own.get("classic") ?? {};
    if (host === undefined || image === undefined) throw new Error("it was not started");
    const mark = randomBytes(6).toString("hex");
    const files = {
      Dockerfile: `FROM ${image}\nENV MARK=${mark}\nCOPY a /a\nRUN cat /a > /b\nCOPY c /c\n`,
      a: `a ${mark}`,
      c: `c ${mark}`,
    };
    for (const [path, text] of Object.entries(files)) await writeFile(folder.join(path), text);
    await using docker = new Docker({ host });
    const images = async (): Promise<readonly string[]> =>
      (await docker.images.list({ all: true })).map(({ Id }) => Id).toSorted();
    const before = await images();
    for (const builder of ["buildkit", "classic"]) {
      const { code, out, err } = await dflint(
        ["cache", "--touch", "a", "--prove", "--json", "--builder", builder, "--host", host],
        { folder: folder.path },
      );
      expect(err).toBe("");
      expect(code).toBe(0);
      expect(JSON.parse(out)).toMatchObject({
        files: [
          {
            builder,
            proof: { agrees: true, disagreements: [] },
            steps: [
              { line: 2 },
              { line: 3, state: "runs", measured: { state: "runs" } },
              { line: 4, state: "runs", measured: { state: "runs" } },
              { line: 5, state: "runs", measured: { state: "runs" } },
            ],
          },
        ],
      });
    }
    for (const [path, text] of Object.entries(files))
      expect(await readFile(folder.join(path), "utf8")).toBe(text);
    expect((await readdir(folder.path)).length).toBe(3);
    expect(await images()).toEqual(before);
  },
  patience,
);
