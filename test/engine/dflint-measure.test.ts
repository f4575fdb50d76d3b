/** `dflint measure` on a real engine: lines, steps, layers and bytes belong together, with both builders. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Docker } from "docker-engine-sdk";
import { engine, label } from "test-support/engine-under-test";
import { tempDir, type TempDir } from "test-support/temp-dir";
import { dflint, writeFiles, type Run } from "../packages/dflint-run.ts";

const docker = new Docker({ host: engine.host, credentials: {} });
const [major = 0] = engine.version.split(".").map(Number);
const MB = 1_000_000;
let folder: TempDir;
/** An image with ONBUILD triggers: two that make layers, and one that does not. */
const base = `dflint-measure-${process.pid}`;

beforeAll(async () => {
  folder = await tempDir();
  const text = [
    `FROM ${engine.image}`,
    "ONBUILD RUN echo trigger > /trigger",
    "ONBUILD COPY small /triggered",
    "ONBUILD ENV TRIGGERED=1",
    "ENV BASE=1",
    "RUN echo base > /base",
    `LABEL ${label}=dflint-measure`,
  ].join("\n");
  await docker.images.build({ context: "none", dockerfile: { text }, tags: base, builder: "classic" });
});
afterAll(async () => {
  await docker.images.get(base).remove({ force: true });
  await docker[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

/** What is tested of a measurement. */
interface Measured {
  readonly build: { readonly builder: string; readonly steps: number; readonly cachedSteps: number };
  readonly image: {
    readonly id: string;
    readonly bytes: number;
    readonly command: string;
    readonly user: string;
    readonly base: { readonly layers: number };
    readonly waste: { readonly bytes: number; readonly ownBytes: number };
  };
  readonly layers: readonly {
    readonly origin: string;
    readonly instruction?: number;
    readonly bytes: number;
    readonly waste: readonly { readonly kind: string; readonly bytes: number }[];
  }[];
  readonly instructions: readonly {
    readonly keyword: string;
    readonly range: { readonly start: { readonly line: number } };
    readonly step?: { readonly cached: boolean; readonly seconds: number };
    readonly layers: readonly number[];
    readonly bytes: number;
  }[];
  readonly findings: readonly {
    readonly rule: string;
    readonly saves?: { readonly bytes: number; readonly unit: string; readonly source: string };
  }[];
  readonly context: {
    readonly bytes: number;
    readonly sentBytes?: number;
    readonly usedBytes: number;
    readonly ignoreLines: readonly string[];
  };
  readonly budgets: readonly { readonly name: string; readonly actual: number; readonly kept: boolean }[];
  readonly fixes: readonly {
    readonly rule: string;
    readonly diff: string;
    readonly proof?: Proof;
  }[];
  readonly together?: { readonly proof?: Proof };
}

interface Proof {
  readonly verdict: string;
  readonly before: { readonly bytes: number };
  readonly after?: { readonly bytes: number };
}

function run(...args: readonly string[]): Promise<Run> {
  return dflint(["measure", "--host", engine.host, ...args], { folder: folder.path });
}

async function measured(...args: readonly string[]): Promise<Measured> {
  const { code, out, err } = await run(...args, "--output", "json");
  expect({ code, err }).toEqual({ code: 0, err: "" });
  const { measurements } = JSON.parse(out) as { measurements: readonly Measured[] };
  const [measurement] = measurements;
  if (measurement === undefined) throw new Error("nothing was measured");
  return measurement;
}

/** Which line made each layer. */
function linesOfLayers({ layers, instructions }: Measured): (number | string)[] {
  return layers.map(({ origin, instruction = -1 }) =>
    origin === "instruction" ? (instructions[instruction]?.range.start.line ?? "none") : origin,
  );
}

/**
 * The lines whose steps the builder told of. BuildKit keeps that of a FROM to itself while a build of somebody else has begun
 * with the same image (20.10.24).
 */
function linesOfSteps({ instructions }: Measured): number[] {
  return instructions.flatMap(({ keyword, step, range }) =>
    step === undefined || keyword === "FROM" ? [] : [range.start.line],
  );
}

const STAGES = `ARG IMAGE=${engine.image}
FROM \${IMAGE} AS build
ARG Q=1
WORKDIR /
WORKDIR /w
WORKDIR sub
RUN dd if=/dev/zero of=/big bs=1000000 count=3
COPY small \\
  # a comment
  data/used ./
ENV A=1 B=2
FROM ${engine.image} AS other
SHELL ["/bin/ash", "-e", "-c"]
RUN echo $Q > /x
FROM build
COPY --from=other /x /x
RUN chmod 700 /big
RUN rm /w/sub/used
USER 1
ONBUILD RUN echo later
LABEL k=v
CMD ["sh"]
`;

const FILES = {
  small: "small\n",
  "data/used": "u".repeat(MB),
  "data/unused": "n".repeat(2 * MB),
  "node_modules/a/index.js": "x".repeat(MB),
};

describe.each(["buildkit", "classic"] as const)("the builder %s", (builder) => {
  test("has its steps and layers joined with the lines of a file of several stages", async () => {
    writeFiles(folder, { ...FILES, "stages/Dockerfile": STAGES });
    const args = ["stages/Dockerfile", "--context", ".", "--builder", builder];
    const first = await measured(...args, "--no-cache");
    expect(first.build).toMatchObject({ builder });
    expect(linesOfLayers(first)).toEqual(["base", 5, 6, 7, 8, 16, 17, 18]);
    const steps =
      builder === "classic"
        ? [1, 3, 4, 5, 6, 7, 8, 11, 13, 14, 16, 17, 18, 19, 20, 21, 22]
        : [5, 6, 7, 8, 14, 16, 17, 18];
    expect(linesOfSteps(first)).toEqual(steps);
    const at = (line: number): Measured["instructions"][number] | undefined =>
      first.instructions.find(({ range }) => range.start.line === line);
    expect(at(7)).toMatchObject({ keyword: "RUN", bytes: 3 * MB, step: { cached: false } });
    expect(at(8)).toMatchObject({ keyword: "COPY", bytes: MB + 6 });
    expect(at(17)).toMatchObject({ bytes: 3 * MB });
    expect(at(11)).toMatchObject({ keyword: "ENV", layers: [], bytes: 0 });
    expect(first.image).toMatchObject({ command: "sh", user: "1", base: { layers: 1 } });
    expect(first.image.waste).toMatchObject({ bytes: 4 * MB, ownBytes: 4 * MB });
    expect(first.layers[3]?.waste).toMatchObject([{ kind: "metadata", bytes: 3 * MB }]);
    expect(first.layers[4]?.waste).toMatchObject([{ kind: "deleted", bytes: MB }]);
    expect(first.context.usedBytes).toBe(MB + 6);
    expect(first.context.bytes).toBeGreaterThanOrEqual(4 * MB + 6);
    expect(first.context.ignoreLines).toEqual(["data/unused", "node_modules"]);

    // The cache of the classic builder are the images that dflint removes.
    if (builder === "classic") return;
    for (let isCached = false; !isCached;) {
      const again = await measured(...args);
      expect(linesOfLayers(again)).toEqual(linesOfLayers(first));
      expect(linesOfSteps(again)).toEqual(steps);
      // While builds of others run on the same base image, BuildKit may run a step that it has.
      isCached = again.instructions.find(({ range }) => range.start.line === 17)?.step?.cached === true;
    }
  });

  test("has the layers of ONBUILD triggers told apart from the base image's", async () => {
    writeFiles(folder, { ...FILES, "on.Dockerfile": `FROM ${base}\nRUN echo own > /own\n` });
    const once = await measured("on.Dockerfile", "--builder", builder, "--no-cache");
    expect(linesOfLayers(once)).toEqual(["base", "base", "trigger", "trigger", 2]);
    expect(once.layers[2]?.instruction).toBe(0);
    expect(linesOfSteps(once)).toEqual([2]);
    // The trigger's COPY takes it.
    expect(once.context.usedBytes).toBe("small\n".length);
  });
});

test("stages that begin alike share their steps", async () => {
  const alike = (name: string): string => `FROM ${engine.image} AS ${name}\nRUN echo 1 > /1\n`;
  writeFiles(folder, { "twins.Dockerfile": `${alike("one")}${alike("two")}COPY --from=one /1 /2\n` });
  const twins = await measured("twins.Dockerfile");
  expect(linesOfSteps(twins)).toEqual([2, 4, 5]);
  expect(linesOfLayers(twins)).toEqual(["base", 4, 5]);
});

// Docker 23 brought the first frontend that knows them without a line `# syntax=`.
test.runIf(major >= 23)("heredocs are instructions of several lines", async () => {
  const lines = [
    `FROM ${engine.image}`,
    ...["RUN <<EOF", "echo hi > /hi", "echo ho", "EOF"],
    ...["COPY <<X <<Y /d/", "xx", "X", "yy", "Y"],
    ...["RUN <<EOF cat > /z", "a", "EOF", ""],
  ];
  writeFiles(folder, { "heredoc.Dockerfile": lines.join("\n") });
  const heredocs = await measured("heredoc.Dockerfile");
  expect(linesOfLayers(heredocs)).toEqual(["base", 2, 6, 11]);
  expect(linesOfSteps(heredocs)).toEqual([2, 6, 11]);
});

const WASTEFUL = `FROM ${engine.image}
COPY data/used /data
COPY small /tmp/small
RUN chmod 755 /data
RUN cp /tmp/small /kept && rm /tmp/small
RUN head -c 2000000 /dev/zero > /made
RUN rm /made
CMD ["sh"]
`;

test("bytes that fixes save are counted, budgets fail, and every format tells the same", async () => {
  const config = "engine:\n  budget:\n    wasted-bytes: 10kB\n    image-bytes: 1GB\n";
  writeFiles(folder, { ...FILES, "waste.Dockerfile": WASTEFUL, "budget.yaml": config });
  const outputs = ["tty", "markdown=report.md", "json=report.json"].flatMap((one) => ["--output", one]);
  const args = ["waste.Dockerfile", "--config", "budget.yaml", "--sort", "impact", "--html", "report.html"];
  const { code, out, err } = await run(...args, ...outputs);
  expect([code, err]).toEqual([1, ""]);
  expect(out).toMatch(/^waste\.Dockerfile: [\d.]+ MB in 7 layers/);
  expect(out).toMatch(/ 4 {2}RUN chmod 755 \/data .* 1\.0 MB .* hides 1\.0 MB/);
  expect(out).toContain("wasted-bytes: 3.0 MB, over the budget of 10.0 kB");
  expect(out).toContain("within the budget of 1.0 GB");
  expect(readFileSync(folder.join("report.md"), "utf8")).toContain("| 4 | RUN chmod 755 /data |");
  expect(readFileSync(folder.join("report.html"), "utf8")).toContain("RUN chmod 755 /data");
  const text = readFileSync(folder.join("report.json"), "utf8");
  const { measurements } = JSON.parse(text) as { measurements: readonly Measured[] };
  const [measurement] = measurements;
  expect(measurement?.findings.slice(0, 3).map(({ rule, saves }) => [rule, saves])).toEqual([
    // Only the layers tell what head has made.
    ["DFL104", { bytes: 2 * MB, unit: "image", source: "layers" }],
    ["DFL105", { bytes: MB, unit: "image", source: "layers" }],
    ["DFL104", { bytes: 6, unit: "image", source: "layers" }],
  ]);
  const fix = measurement?.fixes.find(({ rule }) => rule === "DFL105");
  expect(fix?.diff).toContain("+COPY --chmod=755 data/used /data\n");
  // What was made is gone.
  await expect(docker.images.get(measurement?.image.id ?? "").inspect()).rejects.toThrow("No such image");
});

test("building a fix proves what it saves; the command line's budget wins", async () => {
  const config = "engine:\n  budget:\n    wasted-bytes: 10kB\n";
  writeFiles(folder, { ...FILES, "waste.Dockerfile": WASTEFUL, "budget.yaml": config });
  const budget = ["--config", "budget.yaml", "--budget", "wasted-bytes=4MB"];
  const proved = await measured("waste.Dockerfile", "--only", "DFL105", "--prove", ...budget);
  expect(proved.findings[0]?.saves).toEqual({ bytes: MB, unit: "image", source: "proved" });
  const [proof] = proved.fixes.map((fix) => fix.proof);
  expect(proof?.verdict).toBe("identical");
  expect((proof?.before.bytes ?? 0) - (proof?.after?.bytes ?? 0)).toBe(MB);
  expect(proved.together?.proof).toEqual(proof);
  expect(proved.budgets).toMatchObject([{ name: "wasted-bytes", actual: 3 * MB + 6, kept: true }]);
});

test("fixes are built one by one and together", async () => {
  const lines = [`FROM ${engine.image}`, "MAINTAINER Ada", "COPY small /small", "RUN chmod 700 /small"];
  writeFiles(folder, { "two.Dockerfile": `${lines.join("\n")}\n`, small: "0123" });
  const only = ["--only", "DFL105", "--only", "DFL810"];
  const { fixes, together } = await measured("two.Dockerfile", ...only, "--prove");
  expect(fixes.map(({ rule, proof }) => [rule, proof?.verdict])).toEqual([
    ["DFL810", "equivalent"],
    ["DFL105", "identical"],
  ]);
  expect(together?.proof?.verdict).toBe("equivalent");
  const { before, after } = together?.proof ?? {};
  expect((before?.bytes ?? 0) - (after?.bytes ?? 0)).toBe(4);
});

test("what does not build is told with its step and what that wrote", async () => {
  const text = `FROM ${engine.image}\nRUN echo before && echo broken >&2 && exit 3\n`;
  writeFiles(folder, { "broken.Dockerfile": text });
  const { code, out, err } = await run("broken.Dockerfile", "--output", "json");
  expect(code).toBe(1);
  expect(err).toMatch(/^dflint: broken\.Dockerfile(?::2)?: does not build, at RUN echo before/);
  expect(err).toContain("  broken\n");
  const { measurements, unbuilt } = JSON.parse(out) as { measurements: unknown[]; unbuilt: unknown[] };
  expect(measurements).toEqual([]);
  expect(unbuilt).toMatchObject([{ path: "broken.Dockerfile", exitCode: 3 }]);
});

test("the classic builder keeps nothing of a file that does not build", async () => {
  const marker = `dflint-measure-${process.pid}-kept`;
  const text = `FROM ${engine.image}\nRUN echo ${marker} > /kept\nRUN exit 3\n`;
  writeFiles(folder, { "broken.Dockerfile": text });
  expect((await run("broken.Dockerfile", "--builder", "classic")).code).toBe(1);
  const unnamed = await docker.images.list({ filters: { dangling: true } });
  const histories = unnamed.map(async ({ Id }) => {
    // Other tests remove theirs meanwhile.
    const history = await docker.images
      .get(Id)
      .history()
      .catch(() => []);
    return history.map(({ CreatedBy }) => CreatedBy);
  });
  expect((await Promise.all(histories)).flat().filter((step) => step?.includes(marker))).toEqual([]);
});

test("a folder called none is a context, too", async () => {
  writeFiles(folder, {
    "none/Dockerfile": `FROM ${engine.image}\nCOPY small /small\n`,
    "none/small": "0123",
  });
  const { instructions } = await measured("none/Dockerfile");
  expect(instructions.map(({ bytes }) => bytes)).toEqual([0, 4]);
});

test("without an engine the code is 4, and it says where it looked; a wrong budget is 2", async () => {
  writeFiles(folder, { "small.Dockerfile": `FROM ${engine.image}\n` });
  const host = `unix://${folder.join("nowhere.sock")}`;
  const args = ["measure", "--host", host, "small.Dockerfile"];
  const none = await dflint(args, { folder: folder.path });
  expect([none.code, none.err]).toEqual([4, expect.stringContaining("nowhere.sock")]);
  for (const budget of ["wasted=2MB", "wasted-bytes=2MB=1", "=2MB"]) {
    const wrong = await dflint([...args, "--budget", budget], { folder: folder.path });
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining("--budget takes image-bytes=SIZE")]);
  }
});

test("what is no UTF-8 is not built as something else", async () => {
  writeFiles(folder, { "latin.Dockerfile": Buffer.from(`FROM ${engine.image}\nRUN echo \xe9\n`, "latin1") });
  const { code, err } = await run("latin.Dockerfile");
  expect([code, err]).toEqual([
    2,
    "dflint: latin.Dockerfile: cannot be built: it holds bytes that are no UTF-8.\n",
  ]);
});
