/** Every check of hadolint and BuildKit has a home among the rules, and rules claim no others. */
import { describe, expect, it } from "vitest";
import { BUILDKIT_CHECKS } from "../linter/comments/buildkit-checks.ts";
import { HADOLINT_CODES } from "../linter/hadolint-codes.ts";
import { isBuildkitName, isHadolintCode } from "../linter/presets.ts";
import { RuleNames } from "../linter/rule-names.ts";
import { rules } from "./index.ts";

function homesOf(alias: string): string[] {
  return rules.filter(({ aliases }) => aliases.includes(alias)).map(({ code }) => code);
}

describe("the homes of other linters' checks", () => {
  it("has the lists whole", () => {
    // With DL1000, which is no rule of hadolint's but what does not parse.
    expect(HADOLINT_CODES).toHaveLength(72);
    expect(BUILDKIT_CHECKS).toHaveLength(22);
    for (const list of [HADOLINT_CODES, BUILDKIT_CHECKS]) expect(new Set(list).size).toBe(list.length);
  });

  it.each(HADOLINT_CODES)("hadolint's %s has exactly one", (code) => {
    expect(homesOf(code)).toHaveLength(1);
  });

  it.each(BUILDKIT_CHECKS.filter((name) => name !== "MultipleInstructionsDisallowed"))(
    "BuildKit's %s has exactly one",
    (name) => {
      expect(homesOf(name)).toHaveLength(1);
    },
  );

  it("BuildKit's MultipleInstructionsDisallowed is one check of three instructions", () => {
    expect(homesOf("MultipleInstructionsDisallowed")).toEqual(["DFL802", "DFL803", "DFL807"]);
  });

  it("of BuildKit's two directives are rules of their own: DFL909, DFL910", () => {
    const names = new RuleNames(rules);
    expect(names.find("misplaced-check-directive")?.rule.code).toBe("DFL909");
    expect(names.find("unused-ignore")?.rule.code).toBe("DFL910");
  });

  it("rules claim no others", () => {
    const known = new Set([...HADOLINT_CODES, ...BUILDKIT_CHECKS]);
    const claimed = rules.flatMap(({ aliases }) => aliases);
    expect(claimed.filter((alias) => !known.has(alias))).toEqual([]);
    expect(claimed.every((alias) => isHadolintCode(alias) !== isBuildkitName(alias))).toBe(true);
  });

  it("are found in any case, and by the nearest name", () => {
    const names = new RuleNames(rules);
    for (const name of ["dl3011", "DL3011", "exposeinvalidformat", "EXPOSE-INVALID", "dfl801"]) {
      expect(names.find(name)?.rule.code).toBe("DFL801");
    }
    expect(names.find("expose-invalidd")).toBeUndefined();
    expect(names.nearest("expose-invalidd")).toBe("expose-invalid");
    expect(names.nearest("ExposeInvalidFormt")).toBe("ExposeInvalidFormat");
  });
});
