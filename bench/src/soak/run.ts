/**
 * `npm run soak -- [--seconds N] [--containers N] [--seed N] [--version V]`: 15 minutes of mixed work on an engine of its
 * own that is killed and restarted at random, then 1,000 containers, 64 at a time. Ends with 1 if anything was wrong.
 */
import { parseArgs } from "node:util";
import { defaultRelease, startEngine } from "test-support/engine";
import { parseRelease } from "test-support/engine/versions";
import { crowd } from "./crowd.ts";
import { randomFrom } from "./random.ts";
import { soak } from "./soak.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "900" },
    containers: { type: "string", default: "1000" },
    seed: { type: "string", default: String(Date.now() % 2 ** 31) },
    version: { type: "string", default: defaultRelease },
  },
});
const say = (text: string): void => console.log(text);
const random = randomFrom(Number(values.seed));
await using engine = await startEngine({ version: parseRelease(values.version), say });
say(`seed ${values.seed}, engine ${engine.version}, Node ${process.versions.node}`);
const wrong = [
  ...(await soak(engine, { seconds: Number(values.seconds), hands: 6, random, say })),
  ...(await crowd(engine, Number(values.containers), say)),
];
for (const text of wrong) console.error(text);
say(wrong.length === 0 ? "nothing wrong" : `${wrong.length} things wrong`);
if (wrong.length > 0) process.exitCode = 1;
