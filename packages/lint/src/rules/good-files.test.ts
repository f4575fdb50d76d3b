/** Dockerfiles as experienced people write them: nobody should have to mute anything in them. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { Linter } from "../linter/linter.ts";
import { rules } from "./index.ts";

const folder = new URL("../../test/fixtures/good/", import.meta.url);
const linter = new Linter(rules);

it.each(readdirSync(folder))("recommended has nothing above info to say about %s", (name) => {
  const { diagnostics, dockerfile } = linter.lint({ text: readFileSync(new URL(name, folder), "utf8") });
  const loud = diagnostics.filter(({ severity }) => severity === "error" || severity === "warning");
  expect(
    loud.map(({ span, rule, message }) => `${dockerfile.source.lineAt(span.start)} ${rule} ${message}`),
  ).toEqual([]);
  expect(dockerfile.problems).toEqual([]);
});
