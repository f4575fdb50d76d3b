/**
 * `npm run bench -- [--scenario NAME]… [--write]`: measures, prints what was measured and whether the targets are met;
 * with `--write` the sections of docs/benchmarks.md are replaced, too. Without a name all scenarios run but `silence`, for about
 * twelve minutes; `BENCH_ROUNDS=1` in the environment is for a quick look.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { arch, cpus, platform } from "node:os";
import { parseArgs } from "node:util";
import { startEngine, type PrivateEngine } from "test-support/engine";
import { lintScenario, lintVersions } from "./lint/scenario.ts";
import type { Scenario, Stage } from "./scenario.ts";
import { sdkScenarios } from "./sdk/scenarios.ts";

const scenarios: Readonly<Record<string, Scenario>> = {
  ...sdkScenarios,
  lint: {
    title: "Linting",
    run: async () => ({ body: await lintScenario(), verdicts: [] }),
    versions: lintVersions,
  },
};

const PAGE = new URL("../../docs/benchmarks.md", import.meta.url);
const INTRODUCTION = `# Benchmarks

Written by \`npm run bench -- --write\`. Only the ratios within a table mean something: its rows were measured in turns, in
one run, each in new processes, and given are medians. In every round each program had to say the same as in the first.

Where clients of the engine are compared, a first round proves by hashes that they are right, and is not measured. The
floor comes first: undici by hand, with nothing but what the job needs, or programs in C. Clients are measured without
the time to load them, except for the cold start. Where the engine's answers come from memory, the CPU time is what
counts: the clock also tells how fast they are made. Who needs longer than six seconds runs once.
`;

/** The page with this section in place of the one of the same title, or at its end. */
function withSection(page: string, title: string, section: string): string {
  const [introduction = "", ...sections] = page.split(/^(?=## )/m);
  const at = sections.findIndex((text) => text.startsWith(`## ${title}\n`));
  const all = at === -1 ? [...sections, section] : sections.with(at, section);
  return `${[introduction, ...all].map((text) => text.trim()).join("\n\n")}\n`;
}

async function run(
  name: string,
  { title, run, versions }: Scenario,
  stage: Stage,
): Promise<readonly string[]> {
  const { body, verdicts } = await run(stage);
  const date = new Date().toISOString().slice(0, 10);
  const machine = `${platform()} ${arch()}, ${cpus().length} × ${cpus()[0]?.model ?? "unknown"}`;
  const section = `## ${title}\n\n${date}; Node ${process.versions.node}, ${versions().join(", ")}; ${machine}.\n\n${body}\n`;
  console.log(section);
  if (values.write === true) {
    const page = existsSync(PAGE) ? readFileSync(PAGE, "utf8") : INTRODUCTION;
    writeFileSync(PAGE, withSection(page, title, section));
  }
  return verdicts.map(({ text }) => `${name}: ${text}`);
}

const { values } = parseArgs({
  options: { scenario: { type: "string", multiple: true }, write: { type: "boolean" } },
});
const usual = Object.keys(scenarios).filter((name) => scenarios[name]?.onlyByName !== true);
const chosen = values.scenario ?? usual;
const unknown = chosen.filter((name) => scenarios[name] === undefined);
let engine: Promise<PrivateEngine> | undefined;
const stage: Stage = { engine: () => (engine ??= startEngine()) };
if (unknown.length > 0) {
  console.error(`There is no scenario ${unknown[0]}; there is: ${Object.keys(scenarios).join(", ")}`);
  process.exitCode = 2;
} else {
  try {
    const targets: string[] = [];
    for (const name of chosen) {
      const scenario = scenarios[name];
      if (scenario !== undefined) targets.push(...(await run(name, scenario, stage)));
    }
    if (targets.length > 0) console.log(`Targets:\n${targets.join("\n")}`);
  } finally {
    await (await engine)?.remove();
  }
}
