import { expect, it } from "vitest";
import { Linter } from "../linter/linter.ts";
import { rule } from "./dfl411-install-noninteractive.ts";

const linter = new Linter([rule], {});
const findings = (script: string): number =>
  linter.lint({ text: `FROM debian:12\nRUN ${script}\n` }).diagnostics.length;

it.each([
  "apt-get update && apt-get install -y curl && apt-get install git",
  "apt-get install git && apt-get install -y curl",
  "apt-get install git; echo -y",
  "apt-get clean && apt-get install git # -y",
  "apt-get install git-y",
  "a'p't-get install git && apt-get install -y curl",
  "apt-get update \\\n && apt-get install \\\n git",
  "dnf clean all && dnf install git && dnf install -y curl",
])("finds the call that asks beside those that do not: %j", (script) => {
  expect(findings(script)).toBe(1);
});

it.each([
  "apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*",
  "apt-get install --no-install-recommends \\\n  curl git -y",
  "apt-get update -qq; apt-get clean",
])("has nothing to say of %j", (script) => {
  expect(findings(script)).toBe(0);
});
