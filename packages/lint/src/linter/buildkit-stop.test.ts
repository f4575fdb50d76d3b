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
    ["FROM a\nENV A b\nFROM b\nCOPY --from=7 / /\nENV C d\n", ["LegacyKeyValueFormat 2"]],
    // A FROM that names no image: nothing is built.
    ["FROM A AS b\nENV A b\n", ["InvalidDefaultArgInFrom 1"]],
  ])("%j", (text, expected) => {
    expect(checks(text)).toEqual(expected);
  });

  it("is not where the other presets end", () => {
    const { diagnostics } = new Linter(rules, {}).lint({ text: "FROM a:1\nCOPY x\nENV A b\n" });
    expect(diagnostics.map(({ rule }) => rule)).toContain("DFL707");
  });
});
