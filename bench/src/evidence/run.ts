/**
 * `npm run evidence [-- RULE…]`: builds a bad and a good Dockerfile for each rule that promises bytes, layers or shorter
 * rebuilds, on real engines, and writes what came of it: docs/evidence.md, and what the rules' pages show.
 */
import { rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { Docker } from "docker-engine-sdk";
import { startEngine, type EngineRelease } from "test-support/engine";
import { debianArchive, installBases } from "./bases.ts";
import { cases, type EvidenceCase } from "./cases.ts";
import { costOf } from "./measure.ts";
import { evidencePage, evidenceSource, type Measured } from "./page.ts";

const PAGE = new URL("../../../docs/evidence.md", import.meta.url);
const SOURCE = new URL("../../../packages/lint/src/report/generated/evidence.ts", import.meta.url);

/** The classic builder is on its way out of newer engines. */
const ways: readonly {
  readonly version: EngineRelease;
  readonly builders: readonly ("classic" | "buildkit")[];
}[] = [
  { version: "20.10.24", builders: ["classic", "buildkit"] },
  { version: "28.5.2", builders: ["buildkit"] },
];

async function measureOn(
  version: EngineRelease,
  builders: readonly ("classic" | "buildkit")[],
  debian: string,
  chosen: readonly EvidenceCase[],
): Promise<Measured[]> {
  await using engine = await startEngine({ version });
  await using docker = new Docker({ host: engine.host });
  const bases = await installBases(docker, debian);
  const measured: Measured[] = [];
  for (const builder of builders) {
    for (const pair of chosen) {
      if (builder === "classic" && pair.needsBuildKit === true) continue;
      const way = { docker, builder, base: bases[pair.base] };
      const [bad, good] = [await costOf(way, pair, "bad"), await costOf(way, pair, "good")];
      const one = {
        rule: pair.rule,
        way: `${version}, ${builder === "classic" ? "classic" : "BuildKit"}`,
        bad,
        good,
      };
      console.log(JSON.stringify(one));
      measured.push(one);
    }
  }
  return measured;
}

const names = process.argv.slice(2);
const chosen = names.length === 0 ? cases : cases.filter(({ rule }) => names.includes(rule));
const debian = await debianArchive();
try {
  const measured: Measured[] = [];
  for (const { version, builders } of ways)
    measured.push(...(await measureOn(version, builders, debian, chosen)));
  if (names.length === 0) {
    await writeFile(PAGE, evidencePage(measured, new Date()));
    await writeFile(SOURCE, evidenceSource(measured, new Date()));
  }
} finally {
  await rm(dirname(debian), { recursive: true });
}
