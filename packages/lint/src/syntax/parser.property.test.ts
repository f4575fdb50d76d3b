import fc from "fast-check";
import { expect, test } from "vitest";
import type { Span } from "../source/span.ts";
import type { Instruction } from "./nodes.ts";
import { parseDockerfile } from "./parser.ts";
import { print } from "./print.ts";

// Pieces that mean something to the parser; joined at random they reach far more states than random characters.
const piece = fc.oneof(
  fc.constantFrom(
    ..."\n,\r\n,\\\n,\\ \n,`\n,\n\n,\t, ,#,# c\n,# escape=`\n,# check=skip=all\n,FROM a,FROM a AS b\n,run ,RUN ,COPY ,ADD ,ENV ".split(
      ",",
    ),
    ...'A=1 ,"b c"=d ,\'x,"x,\\,$X,${X:-y},<<EOF,<<-"E F",EOF\n,\tEOF\n,["a"\\, "b"],["a"\\, 1],--mount=type=cache\\,id=x ,--from="a b" ,-- ,ONBUILD ,HEALTHCHECK CMD ,LABEL ,ARG '.split(
      /(?<!\\),/,
    ),
    "\ufeff",
    "\u00a0",
    "\0",
    "é",
    "😀",
  ),
  fc.string({ unit: "binary", maxLength: 4 }),
);
const dockerfile = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(""));

function spansOf(instruction: Instruction): Span[] {
  const { name, rest, args, flags, heredocs } = instruction;
  return [
    instruction.span,
    name.span,
    rest.span,
    ...args.map((word) => word.span),
    ...flags.flatMap((flag) => [flag.span, flag.nameSpan, ...(flag.value ? [flag.value.span] : [])]),
    ...heredocs.flatMap((heredoc) => [heredoc.bodySpan, ...(heredoc.terminator ? [heredoc.terminator] : [])]),
    ...(instruction.keyword === "RUN"
      ? instruction.mounts.flatMap((mount) => mount.options.map((option) => option.span))
      : []),
    ...(instruction.keyword === "ONBUILD" && instruction.inner ? spansOf(instruction.inner) : []),
  ];
}

test("any text is printed as it was read", () => {
  fc.assert(
    fc.property(fc.oneof(dockerfile, fc.string({ unit: "binary" })), (text) => {
      expect(print(parseDockerfile(text))).toBe(text);
    }),
    { numRuns: 2000 },
  );
});

test("every place lies within the text, and instructions follow each other", () => {
  fc.assert(
    fc.property(dockerfile, (text) => {
      const { instructions, problems, comments, directives } = parseDockerfile(text);
      const spans = [...instructions.flatMap(spansOf), ...problems, ...comments, ...directives].map((one) =>
        "span" in one ? one.span : one,
      );
      for (const { start, end } of spans) {
        expect(start).toBeGreaterThanOrEqual(0);
        expect(end).toBeGreaterThanOrEqual(start);
        expect(end).toBeLessThanOrEqual(text.length);
      }
      let done = 0;
      let line = 0;
      for (const { span, startLine, endLine } of instructions) {
        expect(span.start).toBeGreaterThanOrEqual(done);
        expect(startLine).toBeGreaterThan(line);
        expect(endLine).toBeGreaterThanOrEqual(startLine);
        done = span.end;
        line = endLine;
      }
    }),
    { numRuns: 2000 },
  );
});

test("what stands between instructions and comments is blank, or continues nothing", () => {
  fc.assert(
    fc.property(dockerfile, (text) => {
      const { instructions, comments } = parseDockerfile(text);
      const spans = [...instructions, ...comments].map((one) => one.span).sort((a, b) => a.start - b.start);
      let done = 0;
      for (const { start, end } of spans) {
        if (start > done) expect(text.slice(done, start)).toMatch(/^[\s\0\u0085\ufeff\\`-]*$/);
        done = Math.max(done, end);
      }
    }),
    { numRuns: 2000 },
  );
});

test("a word's place holds the word, where nothing was joined or decoded", () => {
  fc.assert(
    fc.property(dockerfile, (text) => {
      for (const { args, logical, json } of parseDockerfile(text).instructions) {
        if (json || logical.pieces().length > 1) continue;
        for (const word of args) expect(text.slice(word.span.start, word.span.end)).toBe(word.text);
      }
    }),
    { numRuns: 1000 },
  );
});

test("large files are read: 5 MB, 100,000 continued lines, deep nesting, heredocs that never end", () => {
  const line = `RUN echo ${"x".repeat(1000)}\n`;
  expect(parseDockerfile(`FROM a\n${line.repeat(5000)}`).instructions).toHaveLength(5001);
  const continued = parseDockerfile(`FROM a\nRUN a${" \\\n  && b".repeat(100_000)}\n`);
  expect(continued.instructions[1]?.endLine).toBe(100_002);
  expect(continued.instructions[1]?.args[0]?.span.end).toBe(7 + 5 + 100_000 * 9);
  const nested = `ENV A=${"${A:-".repeat(60_000)}\nENV B=${'"${'.repeat(15_000)}\n${"ONBUILD ".repeat(8000)}\n`;
  expect(parseDockerfile(`FROM a\n${nested}`).instructions).toHaveLength(4);
  const json = parseDockerfile(`FROM a\nCMD ${"[".repeat(60_000)}\n`);
  expect(json.instructions[1]?.json).toBe(false);
  const heredocs = Array.from({ length: 20_000 }, (_, index) => `RUN <<E${index}\nx\n`).join("");
  expect(parseDockerfile(`FROM a\n${heredocs}`).problems).toHaveLength(20_000);
});
