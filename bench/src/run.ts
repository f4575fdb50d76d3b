/**
 * `npm run bench -- [--scenario NAME] [--write]`: measures, and prints what was measured; with `--write` the section of
 * docs/benchmarks.md is replaced, too. Without a name all scenarios run.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { arch, cpus, platform } from "node:os";
import { parseArgs } from "node:util";
import { lintScenario, lintVersions } from "./lint/scenario.ts";

interface Scenario {
  readonly title: string;
  readonly run: () => Promise<string>;
  readonly versions: () => readonly string[];
}

const scenarios: Readonly<Record<string, Scenario>> = {
  lint: { title: "Linting", run: lintScenario, versions: lintVersions },
};

const PAGE = new URL("../../docs/benchmarks.md", import.meta.url);
const INTRODUCTION = `# Benchmarks

Written by \`npm run bench -- --write\`. Only the ratios within a table mean something: its rows were measured in turns, in
one run, each in new processes, and given are medians. In every round each program had to say the same as in the first.
`;

/** The page with this section in place of the one of the same title, or at its end. */
function withSection(page: string, title: string, section: string): string {
  const [introduction = "", ...sections] = page.split(/^(?=## )/m);
  const others = sections.filter((text) => !text.startsWith(`## ${title}\n`));
  return (
    [introduction, ...others.toSpliced(sections.length, 0, section)].map((text) => text.trim()).join("\n\n") +
    "\n"
  );
}

const { values } = parseArgs({ options: { scenario: { type: "string" }, write: { type: "boolean" } } });
const chosen = values.scenario === undefined ? Object.keys(scenarios) : [values.scenario];
for (const name of chosen) {
  const scenario = scenarios[name];
  if (scenario === undefined) {
    console.error(`There is no scenario ${name}; there is: ${Object.keys(scenarios).join(", ")}`);
    process.exitCode = 2;
    break;
  }
  const body = await scenario.run();
  const date = new Date().toISOString().slice(0, 10);
  const machine = `${platform()} ${arch()}, ${cpus().length} × ${cpus()[0]?.model ?? "unknown"}`;
  const section = `## ${scenario.title}\n\n${date}; Node ${process.versions.node}, ${scenario.versions().join(", ")}; ${machine}.\n\n${body}\n`;
  console.log(section);
  if (values.write === true) {
    writeFileSync(
      PAGE,
      withSection(existsSync(PAGE) ? readFileSync(PAGE, "utf8") : INTRODUCTION, scenario.title, section),
    );
  }
}
