/**
 * `npm run fuzz -- [lint|sdk] [RUNS] [SEED]`: dflint on very many broken Dockerfiles, or docker-engine-sdk on very many
 * answers of broken and hostile engines; ends with the first that breaks one of them. The same seed tries the same.
 */
import { fuzzLint } from "./lint.ts";
import { fuzzSdk } from "./sdk.ts";

const given = process.argv.slice(2);
const what = given[0] === "sdk" || given[0] === "lint" ? given.shift() : "lint";
if (!given.every((word) => /^\d+$/.test(word))) {
  console.error("Usage: npm run fuzz -- [lint|sdk] [RUNS] [SEED]");
  process.exit(2);
}
const [runs = "200000", seed = String(Date.now() % 2 ** 31)] = given;
console.log(`${what}, ${runs} cases, seed ${seed}`);
const portion = 5000;
const started = Date.now();
if (what === "sdk" && !fuzzSdk({ runs: Number(runs), seed: Number(seed) })) process.exitCode = 1;
for (let done = 0; what === "lint" && done < Number(runs); done += portion) {
  const failure = fuzzLint({ runs: Math.min(portion, Number(runs) - done), seed: Number(seed) + done });
  if (failure !== undefined) {
    console.error(`${failure.what}\n${JSON.stringify(failure.text)}\nseed ${Number(seed) + done}`);
    process.exitCode = 1;
    break;
  }
  const seconds = Math.round((Date.now() - started) / 1000);
  console.log(`${Math.min(done + portion, Number(runs))} texts in ${seconds} s, nothing wrong`);
}
