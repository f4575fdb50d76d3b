/** dflint beside the other linters for Node: many files in one process, one file in a new one, and what is too long. */
import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fixtureTexts } from "../fixtures.ts";
import { measure, median, type Measurement } from "../harness.ts";
import { table } from "../table.ts";
import { corpus, longDockerfile } from "./corpus.ts";
import { hadolintOn, hadolintVersion } from "./hadolint.ts";

const FILES = 751;
const PASSES = 7;
const MANY = 10_000;
const LONG = 5_000_000;
const LINTERS = ["dflint", "dockerfilelint", "dockerfile-utils", "dockerfile-ast"];

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const installed = (path: string): string => here(`../../node_modules/${path}`);
const DFLINT = [installed("dflint/dist/cli.mjs"), "--no-config"];

/** Runs all of it, for about two minutes, and gives the section that tells of it, as Markdown. */
export async function lintScenario(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "bench-lint-"));
  try {
    const fixtures = fixtureTexts();
    const texts = corpus(fixtures, FILES);
    const file = join(folder, "corpus.json");
    writeFileSync(file, JSON.stringify(texts));
    const kilobytes = Math.round(texts.join("").length / 1000);
    return [
      `${FILES} Dockerfiles of ${kilobytes} KB in all, in one process; CPU time, the first pass and the median of passes 3 to ${PASSES}. V8 compiles in other threads, which CPU time counts, too; files a second are given by the clock as well:`,
      await throughput(file),
      "One file in a new process; CPU time:",
      await coldStart(folder, texts[0] ?? ""),
      await besideHadolint(folder, texts),
      "dflint at length:",
      await atLength(folder, file, longDockerfile(fixtures, LONG), texts),
    ].join("\n\n");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Passes {
  readonly passMs: readonly number[];
  readonly clockMs: readonly number[];
  readonly threw: number;
  readonly findings: number;
  readonly hash: string;
}

async function throughput(file: string): Promise<string> {
  const contenders = LINTERS.map((name) => ({
    name,
    args: [here("passes.mjs"), name, file, String(PASSES)],
  }));
  const measured = await measure(contenders, 5, (output) => (JSON.parse(output) as Passes).hash);
  const rows = [...measured].map(([name, { outputs, rssMb }]) => {
    const all = outputs.map((output) => JSON.parse(output) as Passes);
    const first = median(all.map(({ passMs }) => passMs[0] ?? Number.NaN));
    const later = median(all.map(({ passMs }) => median(passMs.slice(2))));
    const firstClock = median(all.map(({ clockMs }) => clockMs[0] ?? Number.NaN));
    const laterClock = median(all.map(({ clockMs }) => median(clockMs.slice(2))));
    const perSecond = (ms: number): string => String(Math.round((FILES / ms) * 1000));
    const [{ findings, threw } = { findings: 0, threw: 0 }] = all;
    return [
      name,
      `${Math.round(first)} ms`,
      perSecond(first),
      perSecond(firstClock),
      `${Math.round(later)} ms`,
      perSecond(later),
      perSecond(laterClock),
      `${Math.round(rssMb)} MB`,
      name === "dockerfile-ast" ? "–" : String(findings),
      String(threw),
    ];
  });
  return table(
    [
      "",
      "first pass",
      "files/s",
      "by the clock",
      "later pass",
      "files/s",
      "by the clock",
      "peak RSS",
      "findings",
      "files it threw at",
    ],
    rows,
  );
}

async function coldStart(folder: string, text: string): Promise<string> {
  const file = join(folder, "one", "Dockerfile");
  mkdirSync(join(folder, "one"));
  writeFileSync(file, text);
  const measured = await measure(
    [
      { name: "`node -e 0`", args: ["-e", "0"] },
      { name: "dflint", args: [...DFLINT, file] },
      { name: "dockerfilelint", args: [installed("dockerfilelint/bin/dockerfilelint"), file] },
      { name: "dockerfile-utils", args: [installed("dockerfile-utils/bin/dockerfile-utils"), "lint", file] },
      { name: "dockerfile-ast", args: [here("cold-parse.mjs"), file] },
      ...(hadolintVersion() === undefined ? [] : [hadolintOn([file])]),
    ],
    21,
  );
  const empty = measured.get("`node -e 0`")?.cpuMs ?? Number.NaN;
  const rows = [...measured].map(([name, { cpuMs, rssMb }]) => [
    name,
    `${Math.round(cpuMs)} ms`,
    `${(cpuMs / empty).toFixed(2)} ×`,
    `${Math.round(rssMb)} MB`,
  ]);
  return table(["", "CPU", "to an empty Node", "peak RSS"], rows);
}

/** Both get the same files as operands, in one process each. */
async function besideHadolint(folder: string, texts: readonly string[]): Promise<string> {
  if (hadolintVersion() === undefined) return "hadolint was not on the PATH, so it is not among these.";
  const files = texts.map((text, index) => {
    const place = join(folder, "operands", String(index));
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, "Dockerfile"), text);
    return join(place, "Dockerfile");
  });
  const measured = await measure([{ name: "dflint", args: [...DFLINT, ...files] }, hadolintOn(files)], 5);
  const rows = [...measured].map(([name, { cpuMs, wallMs, rssMb }]) => [
    name,
    `${(cpuMs / 1000).toFixed(2)} s`,
    `${(wallMs / 1000).toFixed(2)} s`,
    String(Math.round((files.length / wallMs) * 1000)),
    `${Math.round(rssMb)} MB`,
  ]);
  return [
    `The same ${files.length} files, named to one new process; each with the checks that it has:`,
    table(["", "CPU", "clock", "files/s by the clock", "peak RSS"], rows),
  ].join("\n\n");
}

async function atLength(
  folder: string,
  file: string,
  long: string,
  texts: readonly string[],
): Promise<string> {
  const longFile = join(folder, "long", "Dockerfile");
  mkdirSync(join(folder, "long"));
  writeFileSync(longFile, long);
  const inputs = [
    { name: `a file of ${LONG / 1e6} MB`, path: longFile },
    ...[MANY / 10, MANY].map((size) => ({
      name: `a tree of ${size} files`,
      path: treeOf(folder, texts, size),
    })),
  ];
  const everything = `tty=${join(folder, "everything")}`;
  const measured = await measure(
    inputs.flatMap(({ name, path }) => [
      { name, args: [...DFLINT, "--output", everything, path] },
      { name: `${name}, \`--quiet\``, args: [...DFLINT, "--quiet", path] },
    ]),
    3,
  );
  const heap = await measure(
    [{ name: "heap", args: ["--expose-gc", here("memory.mjs"), file, String(MANY), "5"] }],
    1,
    () => "",
  );
  const heapMb = JSON.parse(heap.get("heap")?.outputs[0] ?? "[]") as readonly number[];
  const rows = [...measured].map(([name, use]: readonly [string, Measurement]) => [
    name,
    `${(use.cpuMs / 1000).toFixed(2)} s`,
    `${(use.wallMs / 1000).toFixed(2)} s`,
    `${Math.round(use.rssMb)} MB`,
  ]);
  return [
    "All findings go to a file; `--quiet` shows only what fails, and calls no rules whose findings are all milder, in files " +
      "where no comment and no configuration mutes anything:",
    table(["", "CPU", "clock", "peak RSS"], rows),
    `One \`Linter\` and ${MANY} different files; heap in use after each ${MANY / 5}: ${heapMb.map((mb) => mb.toFixed(1)).join(", ")} MB.`,
  ].join("\n\n");
}

function treeOf(folder: string, texts: readonly string[], size: number): string {
  const tree = join(folder, `tree-${size}`);
  for (let index = 0; index < size; index += 1) {
    const place = join(tree, `s${Math.floor(index / 100)}`, `p${index}`);
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, "Dockerfile"), texts[index % texts.length] ?? "");
  }
  return tree;
}

/** The versions of what is compared. */
export function lintVersions(): readonly string[] {
  const node = LINTERS.map((name) => {
    const { version } = JSON.parse(readFileSync(installed(`${name}/package.json`), "utf8")) as {
      version: string;
    };
    return `${name} ${version}`;
  });
  const hadolint = hadolintVersion();
  return hadolint === undefined ? node : [...node, `hadolint ${hadolint}`];
}
