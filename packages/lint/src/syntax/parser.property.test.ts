import * as fc from "fast-check";
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

/** The texts for which something does not hold; empty if it always does. */
function failures(texts: fc.Arbitrary<string>, holds: (text: string) => boolean): string[] {
  const failed: string[] = [];
  const property = fc.property(texts, (text) => {
    if (!holds(text)) failed.push(text);
    return failed.length === 0;
  });
  const { counterexample } = fc.check(property, { numRuns: 2000 });
  return counterexample ?? failed;
}

test("any text is printed as it was read", () => {
  const texts = fc.oneof(dockerfile, fc.string({ unit: "binary" }));
  expect(failures(texts, (text) => print(parseDockerfile(text)) === text)).toEqual([]);
});

test("every place lies within the text", () => {
  const outside = failures(dockerfile, (text) => {
    const { instructions, problems, comments, directives } = parseDockerfile(text);
    const spans = [
      ...instructions.flatMap(spansOf),
      ...[...problems, ...comments, ...directives].map((one) => one.span),
    ];
    return spans.every(({ start, end }) => start >= 0 && start <= end && end <= text.length);
  });
  expect(outside).toEqual([]);
});

test("instructions follow each other", () => {
  const disordered = failures(dockerfile, (text) => {
    let done = 0;
    let line = 0;
    return parseDockerfile(text).instructions.every(({ span, startLine, endLine }) => {
      const follows = span.start >= done && startLine > line && endLine >= startLine;
      done = span.end;
      line = endLine;
      return follows;
    });
  });
  expect(disordered).toEqual([]);
});

test("what stands between instructions and comments is blank, or continues nothing", () => {
  const lost = failures(dockerfile, (text) => {
    const { instructions, comments } = parseDockerfile(text);
    const spans = [...instructions, ...comments].map((one) => one.span).sort((a, b) => a.start - b.start);
    let done = 0;
    return spans.every(({ start, end }) => {
      const between = text.slice(done, Math.max(done, start));
      done = Math.max(done, end);
      return /^[\s\u0085\ufeff\\`-]*$/.test(between);
    });
  });
  expect(lost).toEqual([]);
});

test("a word's place holds the word, where nothing was joined or decoded", () => {
  const misplaced = failures(dockerfile, (text) =>
    parseDockerfile(text).instructions.every(
      ({ args, logical, json }) =>
        json ||
        logical.pieces().length > 1 ||
        args.every((word) => text.slice(word.span.start, word.span.end) === word.text),
    ),
  );
  expect(misplaced).toEqual([]);
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
