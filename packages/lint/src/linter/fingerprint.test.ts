import { expect, it } from "vitest";
import { parseDockerfile } from "../syntax/parser.ts";
import { Fingerprints } from "./fingerprint.ts";

it("reads the text of an instruction once, however many findings it has", () => {
  const [, run] = parseDockerfile("FROM x\nRUN a\n").instructions;
  if (run === undefined) throw new Error("There is a RUN.");
  let reads = 0;
  const logical = new Proxy(run.logical, {
    get(target, name) {
      if (name === "text") reads += 1;
      return Reflect.get(target, name, target);
    },
  });
  const counted = { ...run, logical };
  const prints = new Fingerprints();
  const all = Array.from({ length: 100 }, () => prints.next("DFL001", undefined, counted));
  expect(new Set(all).size).toBe(100);
  expect(reads).toBe(1);
});
