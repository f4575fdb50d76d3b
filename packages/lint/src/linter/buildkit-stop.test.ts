import { describe, expect, it } from "vitest";
import { rules } from "../rules/index.ts";
import { Linter } from "./linter.ts";

const linter = new Linter(rules, { preset: "buildkit" });

/** The checks of BuildKit that report something, with their lines. */
function checks(text: string): string[] {
  const { diagnostics, dockerfile } = linter.lint({ text });
  return diagnostics.flatMap(({ aliases, span }) =>
    aliases
      .filter((alias) => /^[A-Z][a-z]/.test(alias))
      .map((alias) => `${alias} ${dockerfile.source.lineAt(span.start)}`),
  );
}

describe("where BuildKit's check ends", () => {
  it.each([
    // What cannot be read at all.
    ["FROM a as b\nRUN <<EOF\n", []],
    ["# check=what\nFROM a as b\n", []],
    ["# check=skip=JSONArgsRecommended\nFROM a as b\nCMD x\n", ["FromAsCasing 2"]],
    // An instruction that makes no sense: what is read before it, and nothing that is checked later.
    [
      "FROM a as b\nMAINTAINER me\nENV\nMAINTAINER you\nCMD x\n",
      ["FromAsCasing 1", "MaintainerDeprecated 2"],
    ],
    ["FROM a\nRUN a \\\n\n b\nCOPY x\n", ["NoEmptyContinuation 4"]],
    // A command that cannot be built: the ones before it.
    ["FROM a\nENV A b\nEXPOSE 99999\nENV C d\n", ["LegacyKeyValueFormat 2"]],
    ["FROM a\nENV A b\nFROM b\nCOPY --from=7 / /\nENV C d\n", []],
    // Words are expanded one after the other, before most of what is checked in their instruction.
    ["FROM scratch\nENV A ${B:?}\nENV C d\n", ["UndefinedVar 2"]],
    ["FROM scratch\nENV A=$X MY_TOKEN=${B:?} C=$Y\nENV C d\n", ["UndefinedVar 2", "UndefinedVar 2"]],
    [
      "FROM scratch\nARG A=$X TOKEN=${B:?}\nWORKDIR a\n",
      ["UndefinedVar 2", "SecretsUsedInArgOrEnv 2", "UndefinedVar 2"],
    ],
    ["FROM scratch\nWORKDIR a${B:?}\nENV C d\n", ["UndefinedVar 2"]],
    ["FROM scratch\nENV A=1 \\\n  B=$X C=${B:?} \\\n  D=$Y\n", ["UndefinedVar 3", "UndefinedVar 3"]],
    ["FROM scratch\nCOPY --chown=${A:?} $X /y\nENV C d\n", ["UndefinedVar 2"]],
    ["FROM scratch\nCOPY <<EOF $X\n${A:?}\nEOF\nENV C d\n", ["UndefinedVar 2", "UndefinedVar 3"]],
    ["FROM scratch\nRUN --mount=type=cache,target=${A:?},id=$X y\nENV C d\n", ["UndefinedVar 2"]],
    ["ARG A=${B:?}\nFROM a as x\nFROM $C AS x\n", ["FromAsCasing 2", "DuplicateStageName 3"]],
    // What is empty if nothing but the file tells what it is.
    ["FROM a\nSTOPSIGNAL ${A+b}\nENV C d\n", ["UndefinedVar 2"]],
    ["FROM a\nVOLUME /x ${A:+b}\nENV C d\n", ["UndefinedVar 2"]],
    ["FROM a\nARG A\nUSER ${A:?}\nENV C d\n", []],
    ["FROM a\nARG A\nUSER x${A-b}\nENV C d\n", ["LegacyKeyValueFormat 4"]],
    ["FROM node\nUSER ${NODE_VERSION:?}\nENV C d\n", ["LegacyKeyValueFormat 3"]],
    ["FROM a\nRUN \\\n\n <<EOF\nx\nEOF\n", ["NoEmptyContinuation 4"]],
    // What is lost is noticed where it is replaced.
    ['FROM a\nCMD ["x"]\nEXPOSE 99999\nCMD ["y"]\n', []],
    ['FROM a\nCMD ["x"]\nCMD ["y"]\nEXPOSE 99999\nCMD ["z"]\n', ["MultipleInstructionsDisallowed 2"]],
    ["FROM --platform=foo$A a AS x\nFROM --platform=linux/amd64 b\n", ["UndefinedArgInFrom 1"]],
    ["FROM a-$TARGETARCH\nRUN --mount=type=bind,target=$A x\nENV C d\n", ["UndefinedVar 2"]],
    ["FROM a\nRUN --mount=type=secret,id=$A x\nENV C d\n", ["UndefinedVar 2"]],
    ["FROM a\nRUN --mount=type=secret,env=A x\nENV C d\n", []],
    ["FROM a\nCOPY git@example.org:a/b.git /x\nENV C d\n", []],
    ["FROM a\nCOPY github.com/a/b /x\nENV C d\n", ["LegacyKeyValueFormat 3"]],
    // Names of stages are in lower case.
    ["# check=experimental=all\n# build x\nFROM a AS BUILD\n", ["StageNameCasing 3"]],
    // Nothing is mounted over everything.
    ["FROM a\nENV A b\nRUN --mount=type=bind,target=/ x\nENV C d\n", ["LegacyKeyValueFormat 2"]],
    ["FROM a\nWORKDIR /\nRUN --mount=type=bind,target=. x\nENV C d\n", []],
    ["FROM a\nWORKDIR /x\nRUN --mount=type=bind,target=. x\nENV C d\n", ["LegacyKeyValueFormat 4"]],
    ["FROM a\nWORKDIR /\nRUN --mount=type=bind,target=... x\nENV C d\n", ["LegacyKeyValueFormat 4"]],
    ["FROM a\nWORKDIR /\nRUN --mount=type=cache,target=./.. x\nENV C d\n", []],
    // The image's own working directory is the root for all that the check knows.
    ["FROM a\nRUN --mount=type=bind,target=./ x\nENV C d\n", []],
    ["FROM a\nRUN --mount=type=bind x\nENV C d\n", []],
    ["FROM --platform=zos a\n", ["FromPlatformFlagConstDisallowed 1"]],
    ["FROM --platform=aarch64 a\n", ["FromPlatformFlagConstDisallowed 1"]],
    ["FROM --platform=arm64v8 a\n", []],
    ["FROM a\nRUN --mount=type=secret,target=/ x\nENV C d\n", ["LegacyKeyValueFormat 3"]],
    // FROM in three words is read as one with a name, whatever the second is.
    ["FROM a Xy B\n", ["FromAsCasing 1", "StageNameCasing 1"]],
    ["FROM a as B c\n", ["FromAsCasing 1"]],
    ["FROM a \\\n as B\n", ["FromAsCasing 2", "StageNameCasing 2"]],
    ["FROM \\\n $A\n", ["UndefinedArgInFrom 2", "InvalidDefaultArgInFrom 2"]],
    // A FROM that names no image: nothing is built.
    ["FROM A AS b\nENV A b\n", ["InvalidDefaultArgInFrom 1"]],
    [
      "FROM A AS b\nFROM --platform=linux/amd64 c\n",
      ["InvalidDefaultArgInFrom 1", "FromPlatformFlagConstDisallowed 2"],
    ],
    // The image of a FROM comes before its platform.
    ["ARG A\nFROM --platform=$TARGETPLATFORM $A\n", ["InvalidDefaultArgInFrom 2"]],
    [
      "ARG A\nFROM --platform=linux/amd64 b\nFROM $A\n",
      ["FromPlatformFlagConstDisallowed 2", "InvalidDefaultArgInFrom 3"],
    ],
    // Stages that wait for each other: nothing is built.
    [
      "FROM --platform=linux/amd64 a AS b\nCOPY --from=b / /\nENV A b\n",
      ["FromPlatformFlagConstDisallowed 1"],
    ],
    ["FROM a\nENV A b\nRUN --mount=from=x,target=/y z\nENV C d\nFROM b AS x\n", ["LegacyKeyValueFormat 2"]],
    // BuildKit sorts ports.
    ["FROM a\nEXPOSE 80:80 70000\n", []],
    ["FROM a\nEXPOSE 99999 80:80 81/TCP\n", ["ExposeInvalidFormat 2", "ExposeProtoCasing 2"]],
    ["FROM a\nEXPOSE 80:90-91\nENV A b\n", ["ExposeInvalidFormat 2"]],
    [
      "FROM a\nEXPOSE [::1]:80:80 1.2.3:80:80 1.2.3.4::80\nENV A b\n",
      ["ExposeInvalidFormat 2", "ExposeInvalidFormat 2"],
    ],
    ["FROM a AS b\nRUN --mount=from=0,target=/x y\nENV A b\n", ["LegacyKeyValueFormat 3"]],
    // What the builder sets is there, though an ARG gives it no value.
    [
      "ARG TARGETPLATFORM\nFROM --platform=$TARGETPLATFORM a\nENV A b\n",
      ["RedundantTargetPlatform 2", "LegacyKeyValueFormat 3"],
    ],
    // An argument that is empty: the ones before it, but an EXPOSE of nothing is fine.
    ["FROM scratch\nENV A b\nVOLUME $C\nENV C d\n", ["LegacyKeyValueFormat 2", "UndefinedVar 3"]],
    ["FROM scratch\nEXPOSE $C\nCOPY --chmod=$D a b\nENV C d\n", ["UndefinedVar 3", "LegacyKeyValueFormat 4"]],
  ])("%j", (text, expected) => {
    expect(checks(text)).toEqual(expected);
  });

  it("skips no check that was asked for", () => {
    const text = "# check=skip=all;experimental=all\n# x\nFROM a AS b\nENV A b\n";
    const { diagnostics } = linter.lint({ text });
    expect(diagnostics.filter(({ suppressed }) => suppressed === undefined).map(({ rule }) => rule)).toEqual([
      "DFL911",
    ]);
  });

  it("is not where the other presets end", () => {
    const { diagnostics } = new Linter(rules, {}).lint({ text: "FROM a:1\nCOPY x\nENV A b\n" });
    expect(diagnostics.map(({ rule }) => rule)).toContain("DFL707");
  });
});
