import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Heredoc, Instruction } from "./nodes.ts";
import { parseDockerfile } from "./parser.ts";

interface KnownHeredoc {
  readonly name: string;
  readonly fd: number;
  readonly expand: boolean;
  readonly chomp: boolean;
  readonly content: string;
}

interface KnownInstruction {
  readonly cmd: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly flags: readonly string[];
  readonly args: readonly string[];
  readonly json: boolean;
  readonly heredocs: readonly KnownHeredoc[];
}

interface Case {
  readonly id: string;
  readonly dockerfile: string;
  readonly parse: {
    readonly ok: boolean;
    readonly errorLine: number | null;
    readonly escape: string | null;
    readonly instructions: readonly KnownInstruction[];
  };
}

const fixture = new URL("../../test/fixtures/dockerfile-edge.jsonl", import.meta.url);
const cases = readFileSync(fixture, "utf8")
  .trim()
  .split("\n")
  .map((line): Case => JSON.parse(line));

/** The arguments as BuildKit's parser chains them. */
function chained(instruction: Instruction): string[] {
  const texts = instruction.args.map((word) => word.text);
  switch (instruction.keyword) {
    case "ENV":
    case "LABEL":
      return instruction.pairs.flatMap(({ key, value, legacy }) => [key.text, value.text, legacy ? "" : "="]);
    case "UNKNOWN":
      return [""];
    case "ONBUILD":
      return instruction.inner ? [instruction.inner.name.text, ...chained(instruction.inner)] : [];
    default:
      return texts;
  }
}

function known(heredoc: KnownHeredoc): KnownHeredoc {
  const { name, fd, expand, chomp, content } = heredoc;
  return { name, fd, expand, chomp, content };
}

function read(heredoc: Heredoc): KnownHeredoc {
  const { name, fd, quoted, stripTabs, content } = heredoc;
  return { name, fd, expand: !quoted, chomp: stripTabs, content };
}

describe("the 276 files whose reading by BuildKit is known", () => {
  const failures: string[] = [];
  for (const { id, dockerfile, parse } of cases) {
    const result = parseDockerfile(dockerfile);
    const problem = result.problems[0];
    const stopped = problem?.phase === "parser";
    const got = {
      ok: !problem,
      errorLine: problem?.line ?? null,
      escape: stopped ? null : result.escape,
      instructions: stopped
        ? []
        : result.instructions.map((instruction) => ({
            cmd: instruction.name.text.toLowerCase(),
            startLine: instruction.startLine,
            endLine: instruction.endLine,
            flags: instruction.flags.map((flag) => flag.text),
            args: chained(instruction),
            json: instruction.json,
            heredocs: instruction.heredocs.map(read),
          })),
    };
    const wanted = {
      ...parse,
      instructions: parse.instructions.map((one) => ({ ...one, heredocs: one.heredocs.map(known) })),
    };
    if (JSON.stringify(got) !== JSON.stringify(wanted))
      failures.push(`${id}\n  ${JSON.stringify(got)}\n  ${JSON.stringify(wanted)}`);
  }

  test("are read the same", () => {
    process.stdout.write(
      `Dockerfiles read as BuildKit reads them: ${cases.length - failures.length} of ${cases.length}\n`,
    );
    expect(failures).toEqual([]);
  });
});

// Found by comparing random files with what the parser in Engine 28.5.2 says.
describe("what BuildKit's parser says of", () => {
  test.each([
    ["a heredoc with a blank before its name", "FROM a\nRUN cat << EOF\nx\nEOF\n", []],
    ["the same without its end", "FROM a\nRUN cat << EOF\nx\n", ["unterminated heredoc"]],
    [
      "one that strips tabs, where the blank makes it none",
      "FROM a\nRUN cat <<- EOF\nX\n",
      ["unknown instruction: X"],
    ],
    ["a lone -- before nothing", "FROM a\nARG -- \n", ["ARG requires at least one argument"]],
    ["a -- after white space beyond ASCII", "FROM a\nARG \u00a0-- \n", []],
    [
      "such white space after CMD",
      "FROM a\nHEALTHCHECK CMD\u00a0x\n",
      ['Unknown type "CMD\u00a0X" in HEALTHCHECK (try CMD)'],
    ],
    [
      "an unknown flag beside a wrong mount",
      "FROM a\nRUN --mount=from=$X --a x\n",
      ["unknown flag: --a", "'from' doesn't support variable expansion, define alias stage instead"],
    ],
  ])("%s", (_, text, messages) => {
    expect(parseDockerfile(text).problems.map((problem) => problem.message)).toEqual(messages);
  });
});
