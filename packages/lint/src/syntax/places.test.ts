import { expect, test } from "vitest";
import type { Instruction, InstructionOf, Keyword } from "./nodes.ts";
import { flagNamed } from "./nodes.ts";
import { parseDockerfile } from "./parser.ts";

function only<Name extends Keyword>(text: string, keyword: Name): InstructionOf<Name> {
  const found = parseDockerfile(text).instructions.find(
    (one): one is InstructionOf<Name> & Instruction => one.keyword === keyword,
  );
  if (!found) throw new Error(`no ${keyword}`);
  return found;
}

function read(text: string): string[] {
  return parseDockerfile(text).directives.map(({ name, value }) => `${name}=${value}`);
}

test("flags, their names, values and mount options are where they stand", () => {
  const text = 'FROM a\nRUN --mount=type=cache,"target=/a b",ro \\\n  --network="no"ne x\n';
  const { flags, mounts } = only(text, "RUN");
  const at = (span: { start: number; end: number }): string => text.slice(span.start, span.end);
  expect(flags.map((flag) => [flag.name, flag.value?.text, at(flag.nameSpan), at(flag.span)])).toEqual([
    ["mount", "type=cache,target=/a b,ro", "--mount", '--mount=type=cache,"target=/a b",ro'],
    ["network", "none", "--network", '--network="no"ne'],
  ]);
  expect(mounts[0]?.type).toBe("cache");
  expect(mounts[0]?.options.map(({ key, value, span }) => [key, value?.text, at(span)])).toEqual([
    ["type", "cache", "type=cache"],
    ["target", "/a b", "target=/a b"],
    ["ro", undefined, "ro"],
  ]);
});

test("words, pairs and JSON elements are where they stand, also across lines", () => {
  const text = 'FROM a AS b\nENV A="x \\\n  y" B=z\nCOPY [ "a\\u0062", \\\n # c\n "d" ]\n';
  const at = (span: { start: number; end: number }): string => text.slice(span.start, span.end);
  const env = only(text, "ENV");
  expect(env.pairs.map(({ key, value }) => [at(key.span), value.text, at(value.span)])).toEqual([
    ["A", '"x   y"', '"x \\\n  y"'],
    ["B", "z", "z"],
  ]);
  const copy = only(text, "COPY");
  expect(copy.args.map((word) => [word.text, at(word.span)])).toEqual([
    ["ab", "a\\u0062"],
    ["d", "d"],
  ]);
  expect(copy.innerComments.map((comment) => [comment.text, at(comment.span)])).toEqual([["c", "# c"]]);
  const from = only(text, "FROM");
  expect([from.image, from.as?.keyword, from.as?.name].map((word) => word && at(word.span))).toEqual([
    "a",
    "AS",
    "b",
  ]);
});

test("an instruction ends with its heredocs, and comments belong to what follows them", () => {
  const text = "FROM a\n# gone\n#\n# one\n\n# two\nRUN <<EOF\n# body\nEOF\n# rest\n";
  const run = only(text, "RUN");
  expect(text.slice(run.span.start, run.span.end)).toBe("RUN <<EOF\n# body\nEOF");
  expect(run.comments.map((comment) => comment.text)).toEqual(["one", "two"]);
  expect(run.heredocs[0]?.content).toBe("# body\n");
  expect(parseDockerfile(text).comments).toHaveLength(5);
});

test("one bad instruction does not hide the rest", () => {
  const { instructions, problems } = parseDockerfile(
    "FROM a\nRUNN x\nCOPY --form=b x\nENV a\nRUN cat <<EOF\nx\nCMD [1]\nUSER\nRUN last\n",
  );
  expect(instructions.map((one) => one.keyword)).toEqual([
    "FROM",
    "UNKNOWN",
    "COPY",
    "ENV",
    "RUN",
    "CMD",
    "USER",
    "RUN",
  ]);
  expect(problems.map(({ code, line }) => [code, line])).toEqual([
    ["missing-value", 4],
    ["unterminated-heredoc", 5],
    ["json-not-strings", 7],
    ["unknown-instruction", 2],
    ["missing-argument", 3],
    ["unknown-flag", 3],
    ["missing-argument", 8],
  ]);
  expect(problems.map((problem) => problem.advice)).toContain("Did you mean RUN?");
  expect(problems.map((problem) => problem.advice)).toContain("Did you mean --from?");
});

test("ONBUILD holds an instruction like any other", () => {
  const text = "FROM a\nONBUILD COPY --from=x <<E /y\nz\nE\n";
  const { inner } = only(text, "ONBUILD");
  expect(inner?.keyword).toBe("COPY");
  expect(inner && flagNamed(inner, "from")?.value?.text).toBe("x");
  expect(inner && text.slice(inner.span.start, inner.span.end)).toBe("COPY --from=x <<E /y\nz\nE");
  expect(inner?.heredocs[0]?.content).toBe("z\n");
});

test("directives are those that count, with their places", () => {
  expect(read("# syntax=a\n#check = skip=all \n#ESCAPE=`\nFROM a\n")).toEqual([
    "syntax=a",
    "check=skip=all",
    "escape=`",
  ]);
  expect(read("#!/bin/x\n# syntax=a\n# escape=`\nFROM a\n")).toEqual(["syntax=a"]);
  expect(read("  # escape=`\nFROM a\n")).toEqual(["escape=`"]);
  expect(read(" # syntax=a\nFROM a\n")).toEqual([]);
  expect(read("# foo=a\n# syntax=a\nFROM a\n")).toEqual([]);
  expect(read("\n# syntax=a\nFROM a\n")).toEqual([]);
});
