/**
 * `node passes.mjs LINTER CORPUS.json PASSES`: lints the texts over and over. Prints the CPU time of every pass, its time
 * on the clock, how many texts the linter threw at, how much it found, and a hash of all of that.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { linters } from "./linters.mjs";

const [name, file, passes] = process.argv.slice(2);
const texts = JSON.parse(readFileSync(file, "utf8"));
const lint = await linters[name]();
const passMs = [];
const clockMs = [];
let found = [];
for (let pass = 0; pass < Number(passes); pass += 1) {
  const before = process.cpuUsage();
  const start = performance.now();
  found = texts.map((text) => {
    try {
      return lint(text);
    } catch {
      return undefined;
    }
  });
  clockMs.push(performance.now() - start);
  const { user, system } = process.cpuUsage(before);
  passMs.push((user + system) / 1000);
}
const threw = found.filter((all) => all === undefined).length;
const findings = found.reduce((sum, all) => sum + (all?.length ?? 0), 0);
const hash = createHash("sha256").update(JSON.stringify(found)).digest("hex");
console.log(JSON.stringify({ passMs, clockMs, threw, findings, hash }));
