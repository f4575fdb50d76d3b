// Writes src/generated/buildkit from proto/ with buf and protoc-gen-es, which both work offline.
//
//   tsx scripts/generate-buildkit.ts [--check]
//
// `--check` writes nothing and exits 1 naming the files that are stale.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = join(import.meta.dirname, "..");
const output = join(folder, "src/generated/buildkit");

function main(): number {
  if (!process.argv.includes("--check")) {
    generate(output);
    console.log("Wrote src/generated/buildkit.");
    return 0;
  }
  const fresh = mkdtempSync(join(tmpdir(), "buildkit-generated-"));
  try {
    generate(fresh);
    const stale = staleFiles(filesIn(fresh), filesIn(output));
    if (stale.length === 0) console.log("The generated messages are current.");
    else console.error(`Stale: ${stale.join(", ")}. Run the generator.`);
    return stale.length === 0 ? 0 : 1;
  } finally {
    rmSync(fresh, { recursive: true });
  }
}

function generate(out: string): void {
  const template = {
    version: "v2",
    clean: true,
    plugins: [{ local: "protoc-gen-es", out, opt: ["target=ts", "import_extension=ts"] }],
  };
  const bin = join(folder, "node_modules/.bin");
  execFileSync(join(bin, "buf"), ["generate", "--template", JSON.stringify(template)], {
    cwd: folder,
    env: { ...process.env, PATH: `${bin}:${process.env["PATH"] ?? ""}` },
    stdio: "inherit",
  });
}

function filesIn(directory: string): ReadonlyMap<string, string> {
  return new Map(readdirSync(directory).map((name) => [name, readFileSync(join(directory, name), "utf8")]));
}

function staleFiles(fresh: ReadonlyMap<string, string>, current: ReadonlyMap<string, string>): string[] {
  return [...new Set([...fresh.keys(), ...current.keys()])].filter(
    (name) => fresh.get(name) !== current.get(name),
  );
}

process.exitCode = main();
