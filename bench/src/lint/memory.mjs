/**
 * `node --expose-gc memory.mjs CORPUS.json FILES STEPS`: lints so many different texts with one linter of dflint's, and
 * prints the megabytes that are in use after each step, garbage collected.
 */
import { readFileSync } from "node:fs";
import { linters } from "./linters.mjs";

const [file, files, steps] = process.argv.slice(2);
const texts = JSON.parse(readFileSync(file, "utf8"));
const lint = await linters.dflint();
const step = Number(files) / Number(steps);
const heapMb = [];
for (let index = 1; index <= Number(files); index += 1) {
  // Each text is a new one, so that nothing is found again that a linter may have kept.
  lint(`${texts[index % texts.length]}ENV NUMBER=${index}\nRUN echo ${index} > /${index}\n`);
  if (index % step === 0) {
    globalThis.gc();
    heapMb.push(process.memoryUsage().heapUsed / 2 ** 20);
  }
}
console.log(JSON.stringify(heapMb));
