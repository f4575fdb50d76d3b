import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LogicalText } from "../../syntax/logical-text.ts";
import type { Script, ShellBlock } from "../nodes.ts";
import { parseScript } from "./parse.ts";
import { plainScript } from "./plain-script.ts";

const OPTIONS = { dialect: "posix", errexit: false, pipefail: false } as const;

function codeOf(text: string): LogicalText {
  return new LogicalText(text, [0, 100]);
}

function shownBlock({ kind, parent, span }: ShellBlock): unknown {
  return { kind, span, parent: parent && shownBlock(parent) };
}

/** All that a script says. */
function shown(script: Script): unknown {
  const { form, text, dialect, errexit, pipefail, span, hasPipe, problems } = script;
  const commands = script.commands.map((command) => ({
    index: command.index,
    name: command.name,
    words: command.words.map((word) => ({
      text: word.text,
      value: word.value,
      prefix: word.prefix,
      quoted: word.quoted,
      glob: word.glob,
      variables: word.variables,
      span: word.span,
    })),
    assignments: command.assignments,
    redirects: command.redirects,
    span: command.span,
    block: shownBlock(command.block),
    before: command.before,
    after: command.after,
    negated: command.negated,
    pipeline: {
      length: command.pipeline.length,
      span: command.pipeline.span,
      commands: command.pipeline.commands.map(({ index }) => index),
    },
  }));
  const sets = ["A", "x", "b"].map((name) => [script.sets(name), script.variable(name)]);
  return { form, text, dialect, errexit, pipefail, span, hasPipe, problems, commands, sets };
}

function isAsParsed(text: string): boolean {
  const script = plainScript(codeOf(text), OPTIONS);
  if (script === undefined) return false;
  expect(shown(script)).toEqual(shown(parseScript(codeOf(text), OPTIONS)));
  return true;
}

describe("code of plain words is read as the parser reads it", () => {
  test.each([
    "echo hello",
    "apt-get update && apt-get install -y curl=7.0 git",
    "a | b | c || d; e\n\n\tf;\n g",
    "  export A=1 B && read x b\n",
    "/usr/bin/env A=1 make -j4 CC=gcc:12,x%y^z",
    "a\rb \u00a0c\u2028d;",
    "echo if then else && echo time",
    "rm -rf /var/lib/apt/lists/* a?c && npm i -g pnpm@9 g++",
  ])("%j", (text) => {
    expect(isAsParsed(text)).toBe(true);
  });

  test.each(["", " ", ";", "a &", "a & b", "a ;; b", "a |& b", "a &&", "&& a", "a | | b", "a\n; b"])(
    "but not %j, which takes a parser",
    (text) => {
      expect(plainScript(codeOf(text), OPTIONS)).toBeUndefined();
    },
  );

  test.each([
    "A=1",
    "A=1 b",
    "time a",
    "if a; then b; fi",
    "a; while b; do c; done",
    "a # b",
    "a $b",
    "a 'b'",
  ])("nor %j", (text) => {
    expect(plainScript(codeOf(text), OPTIONS)).toBeUndefined();
  });

  test("of any words and operators", () => {
    const piece = fc.constantFrom(
      ...[
        "a",
        "bc",
        "-x",
        "--y=z",
        "A=1",
        "export",
        "local",
        "alias",
        "eval",
        "let",
        "read",
        "x",
        "2",
        "%",
        "^",
        ":",
      ],
      ...[
        "if",
        "then",
        "fi",
        "do",
        "done",
        "in",
        "case",
        "esac",
        "time",
        "coproc",
        "select",
        "function",
        "for",
      ],
      ...[
        " ",
        "  ",
        "\t",
        "\n",
        "\r",
        ";",
        "&",
        "&&",
        "|",
        "||",
        "|&",
        ";;",
        " && ",
        " | ",
        "; ",
        "#",
        "=",
        "$a",
        "*",
        "?",
        "+",
        "@",
      ],
      ...["\u00a0", "\v", "\0", "é"],
    );
    const code = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(""));
    fc.assert(
      fc.property(code, (text) => void isAsParsed(text)),
      { numRuns: 3000 },
    );
  });

  test("of any characters", () => {
    const code = fc.string({ unit: "binary", maxLength: 12 });
    fc.assert(
      fc.property(code, (text) => void isAsParsed(text)),
      { numRuns: 300 },
    );
  });
});
