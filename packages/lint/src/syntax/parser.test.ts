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
