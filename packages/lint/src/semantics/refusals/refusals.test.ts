import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseDockerfile } from "../../syntax/parser.ts";
import { analyse } from "../analyse.ts";
import { refusalsOf } from "./refusals.ts";

interface Case {
  readonly id: string;
  readonly dockerfile: string;
  readonly parse: { readonly ok: boolean };
  readonly lint: { readonly ok: boolean };
}

const fixture = new URL("../../../test/fixtures/dockerfile-edge.jsonl", import.meta.url);
const cases = readFileSync(fixture, "utf8")
  .trim()
  .split("\n")
  .map((line): Case => JSON.parse(line));

// What is refused for reasons that the text alone does not tell: an ARG or a variable of the base image that might be
// given, a feature that the frontend may have, the verdict of a lint directive.
const UNDECIDED = new Set([
  "parse/run-device",
  "lint/undef-mount",
  "lint/default-arg",
  "lint/check-error",
  "lint/check-bad",
  "lint/check-bad2",
  "lint/check-invaliddefault",
  "lint/arg-self",
  "lint/copyexpand-err",
  "lint/undef-run",
  "lint/undef-user",
  "lint2/u14",
  "lint2/u18",
  "lint2/u29",
  "lint2/c7",
  "lint2/c14",
  "lint2/e10",
]);

test("what BuildKit builds is never refused, what it refuses is, where the text tells", () => {
  const wrong: string[] = [];
  let refused = 0;
  for (const { id, dockerfile, parse, lint } of cases) {
    if (!parse.ok) continue;
    const refusals = refusalsOf(analyse(parseDockerfile(dockerfile)));
    if (refusals.length > 0) refused += 1;
    if (lint.ok ? refusals.length > 0 : refusals.length === 0 && !UNDECIDED.has(id)) {
      wrong.push(`${id} ${JSON.stringify(dockerfile)} ${JSON.stringify(refusals)}`);
    }
  }
  process.stdout.write(`refused by BuildKit's planner and by us: ${refused}\n`);
  expect(wrong).toEqual([]);
});

test("places are the words", () => {
  const text = "FROM a AS s\nEXPOSE 80 99999\nCOPY --from=9 --chmod=9 a b\nSTOPSIGNAL FOO\nENV A=${:}\n";
  const refusals = refusalsOf(analyse(parseDockerfile(text)));
  expect(refusals.map(({ code, span }) => [code, text.slice(span.start, span.end)])).toEqual([
    ["invalid-stage", "9"],
    ["invalid-port", "99999"],
    ["invalid-mode", "9"],
    ["invalid-signal", "FOO"],
    ["invalid-expansion", "${:}"],
  ]);
});

test("in a heredoc it is the line", () => {
  const faulty = 'echo "${x[1]}" "$y"';
  const text = `FROM a\nCOPY <<EOF /x\necho "it's" \\\n  $HOME\n${faulty}\n\${z@Q}\nEOF\n`;
  const refusals = refusalsOf(analyse(parseDockerfile(text)));
  expect(refusals.map(({ message, span }) => [message, text.slice(span.start, span.end)])).toEqual([
    [expect.stringContaining(JSON.stringify(faulty)), faulty],
  ]);
});

test("quotes in a heredoc need not be closed", () => {
  const text = `FROM a\nCOPY <<EOF /x\nit's "fine\nEOF\n`;
  expect(refusalsOf(analyse(parseDockerfile(text)))).toEqual([]);
});
