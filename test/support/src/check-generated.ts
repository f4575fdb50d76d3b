import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Packages whose sources are partly generated; each generator knows `--check` and names the files that are stale. */
const generators = [
  "packages/sdk/scripts/generate.ts",
  "packages/sdk/scripts/generate-buildkit.ts",
  "packages/lint/scripts/generate.ts",
  "packages/examples/scripts/generate.ts",
  "packages/site/scripts/generate.ts",
  "test/scripts/generate.ts",
];

const root = fileURLToPath(new URL("../../../", import.meta.url));
const stale: string[] = [];
let ran = 0;

for (const generator of generators) {
  if (!existsSync(`${root}${generator}`)) continue;
  ran += 1;
  const result = spawnSync(process.execPath, ["--import", "tsx", "-C", "source", generator, "--check"], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (result.status === 0) continue;
  const said = `${result.stdout}${result.stderr}`.trim();
  stale.push(`${generator}:\n${said || `ended with status ${result.status ?? result.signal ?? "unknown"}`}`);
}

if (stale.length > 0) {
  process.stderr.write(`Generated files are not current; run npm run generate.\n${stale.join("\n")}\n`);
  process.exitCode = 1;
} else {
  process.stdout.write(`Generated files are current (${ran} generators).\n`);
}
