import { expect, it } from "vitest";
import { rules } from "../rules/index.ts";
import { parseDockerfile } from "../syntax/parser.ts";
import { Fingerprints } from "./fingerprint.ts";
import { Linter } from "./linter.ts";

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
  const prints = new Fingerprints([]);
  const all = Array.from({ length: 100 }, () => prints.next("DFL001", undefined, counted));
  expect(new Set(all).size).toBe(100);
  expect(reads).toBe(1);
});

it("stays when lines move, blanks change and named stages join, and tells everything else apart", () => {
  const linter = new Linter(rules, { only: ["DFL401"] });
  const prints = (text: string): string[] =>
    linter.lint({ text }).diagnostics.map(({ fingerprint }) => fingerprint);
  const [known = ""] = prints("FROM alpine:3.20\nRUN apk add curl\n");
  expect(known).toMatch(/^[0-9a-f]{16}$/);
  for (const text of [
    "# why\n\nFROM alpine:3.20\n\nRUN   apk   add   curl\n",
    "FROM alpine:3.20\nRUN apk \\\n  # why\n  add curl\n",
    "FROM golang:1.23 AS build\nRUN go build\nFROM alpine:3.20\nRUN apk add curl\n",
    "FROM alpine:3.21\nRUN apk add curl\n",
  ]) {
    expect(prints(text)).toEqual([known]);
  }
  const others = [
    "FROM alpine:3.20\nRUN apk add wget\n",
    "FROM alpine:3.20 AS named\nRUN apk add curl\n",
    "FROM alpine:3.20\nFROM alpine:3.20\nRUN apk add curl\n",
    "FROM alpine:3.20\nRUN apk add curl\nRUN apk add curl\n",
  ].map((text) => prints(text).at(-1));
  expect(new Set([known, ...others]).size).toBe(5);
});
