/** `npm run fuzz -- [RUNS] [SEED]`: dflint on very many broken Dockerfiles; ends with the first that breaks dflint. */
import { fuzzLint } from "./lint.ts";

const [runs = "200000", seed = String(Date.now() % 2 ** 31)] = process.argv.slice(2);
const portion = 5000;
const started = Date.now();
for (let done = 0; done < Number(runs); done += portion) {
  const failure = fuzzLint({ runs: Math.min(portion, Number(runs) - done), seed: Number(seed) + done });
  if (failure !== undefined) {
    console.error(`${failure.what}\n${JSON.stringify(failure.text)}\nseed ${Number(seed) + done}`);
    process.exitCode = 1;
    break;
  }
  const seconds = Math.round((Date.now() - started) / 1000);
  console.log(`${Math.min(done + portion, Number(runs))} texts in ${seconds} s, nothing wrong`);
}
