import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Linter } from "../linter/linter.ts";
import { rules } from "../rules/index.ts";
import { baselineEntry, formatBaseline, matchBaseline, parseBaseline } from "./baseline.ts";

const linter = new Linter(rules, { only: ["DFL810", "DFL401"] });

function findings(text: string) {
  return linter.lint({ text }).diagnostics;
}

const START = "FROM alpine:3.20\n";
const BAD = `${START}RUN apk add a\nRUN apk add a\nMAINTAINER x\n`;
const KNOWN = findings(BAD).map(baselineEntry);

describe("matchBaseline", () => {
  it.each([
    ["nothing changed", BAD, 0, 0],
    ["lines moved", `# a\n\n${START}\n# b\nMAINTAINER  x\nRUN apk \\\n  add a\n\nRUN apk add a\n`, 0, 0],
    ["one of two that are the same is gone", `${START}RUN apk add a\nMAINTAINER x\n`, 0, 1],
    ["there is a third one", `${BAD}RUN apk add a\n`, 1, 0],
    ["an instruction changed", BAD.replace("MAINTAINER x", "MAINTAINER y"), 1, 1],
    ["all is well", START, 0, 3],
  ])("%s", (_, text, fresh, gone) => {
    const matched = matchBaseline(findings(text), KNOWN);
    expect({ fresh: matched.fresh.length, gone: matched.gone.length }).toEqual({ fresh, gone });
    expect(findings(text)).toEqual(expect.arrayContaining([...matched.known]));
  });
});

describe("formatBaseline", () => {
  const entry = fc.record({ rule: fc.string(), name: fc.string(), fingerprint: fc.string() });
  const files = fc.uniqueArray(fc.tuple(fc.string(), fc.array(entry, { minLength: 1 })), {
    selector: ([path]) => path,
  });

  it("is what parseBaseline reads, the same text whatever the order", () => {
    fc.assert(
      fc.property(files, (list) => {
        const text = formatBaseline(new Map(list));
        expect(
          formatBaseline(new Map(list.toReversed().map(([path, all]) => [path, all.toReversed()]))),
        ).toBe(text);
        expect(formatBaseline(parseBaseline(text))).toBe(text);
        expect([...parseBaseline(text).keys()].toSorted()).toEqual(list.map(([path]) => path).toSorted());
      }),
    );
  });

  it("has a finding a line, and no file without findings", () => {
    const text = formatBaseline(
      new Map([
        ["b", KNOWN],
        ["a", []],
      ]),
    );
    expect(text.split("\n")).toHaveLength(5 + 3 + 3);
    expect(text).not.toContain('"a"');
    expect(JSON.parse(formatBaseline(new Map()))).toEqual({ schemaVersion: 1, files: {} });
  });
});

describe("parseBaseline", () => {
  it.each([
    ["", "it is no JSON"],
    ["[]", "it is no baseline of dflint"],
    ['{"schemaVersion":2,"files":{}}', "its schemaVersion is 2"],
    ['{"schemaVersion":1,"files":{"a":[{}]}}', 'what it says of a is not a list of findings with "rule"'],
    ['{"schemaVersion":1,"files":{"a":1}}', "what it says of a is not a list"],
  ])("refuses %j", (text, message) => {
    expect(() => parseBaseline(text)).toThrow(message);
  });
});
