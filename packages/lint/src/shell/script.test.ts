import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseDockerfile } from "../syntax/parser.ts";
import { scriptOf } from "./script.ts";
import type { Script, ShellCommand, ShellWord } from "./script.ts";
import type { ShellSpeech } from "./programs/shell-command.ts";

const SH: ShellSpeech = { dialect: "posix", errexit: false, pipefail: false };

function scriptIn(text: string, shell = SH): Script {
  const { instructions } = parseDockerfile(text);
  const scripts = instructions.map((one) => scriptOf(one, shell)).filter((one) => one !== undefined);
  const [script] = scripts;
  if (!script) throw new Error("no script");
  return script;
}

function values(command: ShellCommand | undefined): (string | undefined)[] | undefined {
  return command?.words.map((word) => word.value);
}

/** The text at the place of each word. */
function places(text: string, words: readonly ShellWord[] | undefined): string[] | undefined {
  return words?.map(({ span }) => text.slice(span.start, span.end));
}

describe("places", () => {
  test("of words lie at the words, through continuations, comments and CRLF", () => {
    const text =
      "FROM a\r\nRUN set -e; \\\r\n  # why\r\n\tapt-get install \\\r\n\r\n   cu\\\r\nrl wget && ls\r\n";
    const { commands } = scriptIn(text);
    expect(places(text, commands[0]?.words)).toEqual(["set", "-e"]);
    expect(values(commands[1])).toEqual(["apt-get", "install", "curl", "wget"]);
    expect(places(text, commands[1]?.words)).toEqual(["apt-get", "install", "cu\\\r\nrl", "wget"]);
    expect(places(text, commands[2]?.words)).toEqual(["ls"]);
  });

  test("with the backtick as the escape character and a byte order mark", () => {
    const text = "\ufeff# escape=`\nFROM a\nRUN echo \\$x `\n  b\\\n";
    expect(places(text, scriptIn(text).commands[0]?.words)).toEqual(["echo", "\\$x", "b\\"]);
  });

  test("in heredocs: as the script, and as what a command reads", () => {
    const text = "FROM a\nRUN <<EOF\n  cd /x\n\tls | wc\nEOF\nRUN cat <<-A > /f && foo\n\t$(who)\n\tA\n";
    const { commands } = scriptIn(text);
    expect(commands.map((command) => places(text, command.words))).toEqual([["cd", "/x"], ["ls"], ["wc"]]);
    expect(commands.map(({ before, after }) => [before, after])).toEqual([
      ["none", "newline"],
      ["newline", "|"],
      ["|", "none"],
    ]);
    const second = parseDockerfile(text).instructions[2];
    const script = second && scriptOf(second, SH);
    expect(script?.commands.map((command) => command.name)).toEqual(["cat", "who", "foo"]);
    expect(places(text, script?.commands[1]?.words)).toEqual(["who"]);
  });

  test("in heredocs with carriage returns, as if there were none", () => {
    const text =
      "FROM a\r\nRUN <<EOF\r\n\r\nset -e\r\nfoo a \\\r\n  bar\r\nEOF\r\nRUN cat <<A\r\n$(who x)\r\nA\r\n";
    const { commands } = scriptIn(text);
    expect(commands.map(values)).toEqual([
      ["set", "-e"],
      ["foo", "a", "bar"],
    ]);
    expect(commands.map((command) => places(text, command.words))).toEqual(commands.map(values));
    const second = parseDockerfile(text).instructions[2];
    const read = second && scriptOf(second, SH);
    expect(places(text, read?.commands[1]?.words)).toEqual(["who", "x"]);
  });

  test("in JSON strings, past their escapes", () => {
    const text = 'FROM a\nCMD ["sh", "-ec", "echo \\"a b\\" \\u0041 && x"]\n';
    const script = scriptIn(text);
    expect([script.form, script.errexit]).toEqual(["shell", true]);
    expect(values(script.commands[0])).toEqual(["echo", "a b", "A"]);
    expect(places(text, script.commands[0]?.words)).toEqual(["echo", '\\"a b\\"', "\\u0041"]);
    expect(places(text, script.commands[1]?.words)).toEqual(["x"]);
  });

  test("always lie within the file", () => {
    const piece = fc.constantFrom(
      ...'RUN |FROM a|\n|\\\n|# c\n|\n|$(|)|`|"|\'|{|}|${x|:-|<<EOF|EOF\n| && | | |;|if |then |fi |echo |a=b |["|"]|\\'.split(
        "|",
      ),
    );
    const text = fc.array(piece, { maxLength: 30 }).map((pieces) => `RUN ${pieces.join("")}`);
    const outside: string[] = [];
    fc.assert(
      fc.property(text, (dockerfile) => {
        for (const instruction of parseDockerfile(dockerfile).instructions) {
          const script = scriptOf(instruction, SH);
          const words = script?.commands.flatMap((command) => command.words) ?? [];
          for (const { span, value, variables } of words) {
            const inside = span.start >= 0 && span.start <= span.end && span.end <= dockerfile.length;
            if (!inside || (value !== undefined && !Array.isArray(variables))) outside.push(dockerfile);
          }
        }
      }),
      { numRuns: 2000 },
    );
    expect(outside).toEqual([]);
  });
});

describe("commands", () => {
  test("know what they stand in and what joins them", () => {
    const text = "FROM a\nRUN if a; then b && (c; ! d | e) || { f & }; fi; for x in 1; do g $(h); done\n";
    const script = scriptIn(text);
    expect(
      script.commands.map((one) => [
        one.name,
        one.block.kind,
        one.before,
        one.after,
        one.pipeline.length,
        one.negated,
      ]),
    ).toEqual([
      ["a", "condition", "none", "none", 1, false],
      ["b", "branch", "none", "&&", 1, false],
      ["c", "subshell", "none", ";", 1, false],
      ["d", "subshell", ";", "|", 2, true],
      ["e", "subshell", "|", "none", 2, true],
      ["f", "group", "none", "&", 1, false],
      ["g", "loop", "none", "none", 1, false],
      ["h", "substitution", "none", "none", 1, false],
    ]);
    expect(script.hasPipe).toBe(true);
    expect(script.commands[3]?.pipeline.commands.map((one) => one.name)).toEqual(["d", "e"]);
  });

  test("have assignments and redirects of their own", () => {
    const command = scriptIn("FROM a\nRUN A=1 B= foo -x 2>/dev/null > out\n").commands[0];
    expect(command?.assignments.map((one) => [one.name, one.value?.value])).toEqual([
      ["A", "1"],
      ["B", ""],
    ]);
    expect(command?.redirects.map((one) => [one.fd, one.operator, one.target?.value])).toEqual([
      [2, ">", "/dev/null"],
      [undefined, ">", "out"],
    ]);
    expect(values(command)).toEqual(["foo", "-x"]);
  });
});

describe("values", () => {
  test("fill in variables that the script sets once, to a literal", () => {
    const script = scriptIn(
      "FROM a\nRUN V=1.2; W=$V-x; N=$(date); V2=1; V2=2; for f in a b; do echo $f; done; foo a=$V $W $N $V2 $f $U ${V} ${V:-x}\n",
    );
    const words = script.commands.at(-1)?.words ?? [];
    expect(words.map((word) => word.value)).toEqual([
      "foo",
      "a=1.2",
      "1.2-x",
      undefined,
      undefined,
      undefined,
      undefined,
      "1.2",
      undefined,
    ]);
    expect(script.variable("W")).toBe("1.2-x");
    expect([script.sets("V2"), script.sets("U")]).toEqual([true, false]);
  });

  test("tell what is literal in front, the variables, quotes and globs", () => {
    const words = scriptIn("FROM a\nRUN x 'a b' pkg=\"$V\" *.deb {a,b} \\$y $A$B\n").commands[0]?.words ?? [];
    expect(words.map(({ prefix, variables, quoted, glob }) => [prefix, variables, quoted, glob])).toEqual([
      ["x", [], false, false],
      ["a b", [], true, false],
      ["pkg=", ["V"], true, false],
      ["*.deb", [], false, true],
      ["{a,b}", [], false, true],
      ["$y", [], true, false],
      ["", ["A", "B"], false, false],
    ]);
  });

  test("that go round in a circle end", () => {
    expect(scriptIn("FROM a\nRUN A=$B; B=$A; echo $A\n").commands[2]?.words[1]?.value).toBeUndefined();
  });
});

describe("what is no shell code", () => {
  test.each([
    ["FROM a\nRUN <<EOF\n#!/usr/bin/env python3\nimport x\nEOF\n"],
    ["FROM a\nCOPY a b\n"],
    ["FROM a\nHEALTHCHECK NONE\n"],
    ["FROM a\nRUN\n"],
  ])("%s", (text) => {
    const found = parseDockerfile(text).instructions.map((one) => scriptOf(one, SH));
    expect(found.every((one) => one === undefined)).toBe(true);
  });

  test("PowerShell and cmd are left alone, but for the exec form", () => {
    const [, run, exec] = parseDockerfile('FROM a\nRUN dir | more\nRUN ["a", "b"]\n').instructions;
    const powershell: ShellSpeech = { ...SH, dialect: "powershell" };
    expect(run && scriptOf(run, powershell)).toBeUndefined();
    expect(exec && scriptOf(exec, powershell)?.form).toBe("exec");
  });

  test("a shell that reads a heredoc runs it", () => {
    for (const opening of ["bash -e <<EOF", '<<"EOF" /bin/bash -euo pipefail', "bash -es <<-EOF"]) {
      const text = `FROM a\nRUN --mount=type=cache,target=/x ${opening}\nmake all\ncd /tmp\nEOF\n`;
      const script = scriptIn(text);
      expect(script.commands.map(({ name }) => name)).toEqual(["make", "cd"]);
      expect(places(text, script.commands[0]?.words)).toEqual(["make", "all"]);
      expect([script.dialect, script.errexit]).toEqual(["bash", true]);
    }
    for (const opening of ["cat <<EOF", "sh setup.sh <<EOF", "sh -c 'cat' <<EOF", "<<EOF sh > /log && ls"]) {
      const script = scriptIn(`FROM a\nRUN ${opening}\nmake all\nEOF\n`);
      expect(script.commands.map(({ name }) => name)).not.toContain("make");
    }
  });

  test("a heredoc chooses its interpreter", () => {
    const script = scriptIn("FROM a\nRUN <<EOF\n#!/bin/bash -e\nls\nEOF\n", { ...SH, dialect: "powershell" });
    expect([script.dialect, script.errexit]).toEqual(["bash", true]);
  });
});

test("errors are data, and what can be read is read", () => {
  const script = scriptIn('FROM a\nRUN foo && "bar\n');
  expect(script.problems).toHaveLength(1);
  expect(script.commands[0]?.name).toBe("foo");
});

test("what is nested out of all bounds is a problem, and not a deep recursion", () => {
  const script = scriptIn(`FROM a\nRUN echo ${"$(echo ".repeat(20_000)}\n`);
  expect(script.problems.map((problem) => problem.message)).toEqual(["nested too deeply to be read"]);
  expect(script.commands).toEqual([]);
  expect(scriptIn(`FROM a\nRUN echo ${"$(echo ".repeat(9)}x${")".repeat(9)}\n`).commands).toHaveLength(10);
});

describe("variables made of each other", () => {
  test.each([
    ["one after the other", 1, 20_000],
    ["twice each, so that they double", 2, 60],
  ])("%s end as unknown, and not in a failure", (_, times, count) => {
    const chain = Array.from({ length: count }, (_, n) => `A${n + 1}=${`$A${n}`.repeat(times)}`);
    const script = scriptIn(`FROM a\nRUN A0=x; ${chain.join("; ")}; apk add $A${count} $A3\n`);
    const [, , last, third] = values(script.commands.at(-1)) ?? [];
    expect(last).toBe(undefined);
    expect(third).toBe("x".repeat(times ** 3));
  });
});
