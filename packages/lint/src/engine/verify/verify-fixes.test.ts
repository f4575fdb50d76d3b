/** Which fixes are kept, with a judge that looks at the text alone. */
import { describe, expect, it } from "vitest";
import type { FixOptions } from "../../linter/fixer.ts";
import { Linter } from "../../linter/linter.ts";
import type { Verdict, Verification } from "../../linter/facts/verification.ts";
import { rules } from "../../rules/index.ts";
import { verifyFixes, type VerifiedFixes } from "./verify-fixes.ts";

const SAFE_AND_BOLD = `FROM alpine:3.20
MAINTAINER ada@example.org
RUN apk add curl
CMD echo hello
`;

function verification(verdict: Verdict, of: "original" | "fixed" = "fixed", after = 90): Verification {
  const isBuilt = verdict !== "does-not-build";
  return {
    verdict,
    differences: [],
    differenceCount: 0,
    countingDifferences: 0,
    bytes: isBuilt ? { before: 100, after } : undefined,
    failure: isBuilt
      ? undefined
      : { of, message: "no", step: undefined, line: undefined, exitCode: undefined, log: "" },
    source: "a fake",
  };
}

/** Fixes a text, and what the judge was asked. */
async function fixed(
  text: string,
  judge: (text: string) => Verification,
  options: FixOptions = {},
): Promise<VerifiedFixes & { readonly asked: readonly string[] }> {
  const asked: string[] = [];
  const linter = new Linter(rules, { preset: "recommended" });
  const result = await verifyFixes(linter, { text }, options, {
    verify: async (candidate) => {
      asked.push(candidate.text);
      return judge(candidate.text);
    },
  });
  return { ...result, asked };
}

const rulesOf = ({ judged }: VerifiedFixes, kept: boolean): string[] =>
  judged.filter((one) => one.kept === kept).map(({ rule }) => rule);

describe("verifyFixes", () => {
  it("tries the safe fixes together, and each bolder one by itself", async () => {
    const result = await fixed(SAFE_AND_BOLD, (text) =>
      verification(/^USER|CMD \["/m.test(text) ? "different" : "equivalent"),
    );
    expect(rulesOf(result, true)).toEqual(expect.arrayContaining(["DFL401", "DFL810"]));
    expect(rulesOf(result, false)).toEqual(expect.arrayContaining(["DFL501", "DFL804"]));
    expect(result.text).toContain("apk add --no-cache curl");
    expect(result.text).not.toMatch(/^USER|MAINTAINER|CMD \["/m);
    expect(result.verification).toMatchObject({ verdict: "equivalent" });
    expect(result.asked[0]).toMatch(/LABEL[^]*--no-cache/);
    expect(new Set(result.asked).size).toBe(result.asked.length);
  });

  it("keeps of safe fixes those that hold alone, where together they do not", async () => {
    const result = await fixed(SAFE_AND_BOLD, (text) =>
      verification(text.includes("--no-cache") || /^USER|CMD \["/m.test(text) ? "different" : "identical"),
    );
    expect(rulesOf(result, true)).toEqual(["DFL810"]);
    expect(result.text).toBe(
      SAFE_AND_BOLD.replace(
        "MAINTAINER ada@example.org",
        'LABEL org.opencontainers.image.authors="ada@example.org"',
      ),
    );
    expect(result.judged.find(({ rule }) => rule === "DFL401")).toMatchObject({ kept: false, asked: true });
  });

  it("keeps bold fixes that hold, and counts their bytes from one to the next", async () => {
    let size = 100;
    const result = await fixed(SAFE_AND_BOLD, () => verification("identical", "fixed", (size -= 10)));
    expect(rulesOf(result, false)).toEqual([]);
    expect(result.text).toMatch(/^CMD \["echo", "hello"\]$/m);
    expect(result.verification?.bytes).toEqual({ before: 100, after: size });
    const alone = result.judged.filter(({ applicability }) => applicability !== "safe");
    expect(alone.length).toBeGreaterThan(1);
    for (const { verification } of alone) {
      expect((verification.bytes?.before ?? 0) - (verification.bytes?.after ?? 0)).toBe(10);
    }
  });

  it("says of each fix whether its kind was asked for", async () => {
    const all = () => verification("different");
    const safe = await fixed(SAFE_AND_BOLD, all);
    expect(
      safe.judged.filter(({ asked }) => asked).every(({ applicability }) => applicability === "safe"),
    ).toBe(true);
    const bold = await fixed(SAFE_AND_BOLD, all, { applicability: "unsafe" });
    expect(bold.judged.every(({ asked }) => asked)).toBe(true);
    expect(bold.text).toBe(SAFE_AND_BOLD);
    expect(bold.verification).toBeUndefined();
  });

  it("tells findings in equal instructions apart, whichever of them are mended", async () => {
    const text =
      "FROM alpine:3.20\nSTOPSIGNAL 9\nWORKDIR /a\nUSER 1000\nRUN cd /b && make\nWORKDIR /a\nRUN cd /b && make\n";
    const only = { only: ["DFL821"] };
    const all = await fixed(text, () => verification("identical"), only);
    expect(all.judged.map(({ rule, kept }) => [rule, kept])).toEqual([
      ["DFL821", true],
      ["DFL821", true],
    ]);
    expect(all.text).not.toContain("cd /b");
    const none = await fixed(text, () => verification("different"), only);
    expect(none.judged).toHaveLength(2);
    expect(none.text).toBe(text);
  });

  it("asks once and keeps nothing where the file does not build as it is", async () => {
    const result = await fixed(SAFE_AND_BOLD, () => verification("does-not-build", "original"));
    expect(result.asked).toHaveLength(1);
    expect(result.text).toBe(SAFE_AND_BOLD);
    expect(result.judged.length).toBeGreaterThan(0);
    expect(result.judged.every(({ kept }) => !kept)).toBe(true);
  });

  it("asks nothing where there is nothing to fix, and leaves rules alone that are not wanted", async () => {
    const judge = () => verification("identical");
    expect((await fixed('FROM alpine:3.20\nUSER 1000\nCMD ["true"]\n', judge)).asked).toEqual([]);
    const only = await fixed(SAFE_AND_BOLD, judge, { only: ["DFL804"] });
    expect(rulesOf(only, true)).toEqual(["DFL804"]);
    const never = await fixed(SAFE_AND_BOLD, judge, { never: ["DFL804", "DFL501"] });
    expect(rulesOf(never, true)).not.toEqual(expect.arrayContaining(["DFL804"]));
  });

  it("puts the verdicts at the fixes of the file as it was and as it is", async () => {
    const result = await fixed(SAFE_AND_BOLD, (text) =>
      verification(/^USER|CMD \["/m.test(text) ? "different" : "equivalent"),
    );
    const verdictOf = (rule: string, { diagnostics }: VerifiedFixes["result"]): unknown =>
      diagnostics.find((one) => one.rule === rule)?.fixes[0]?.verification?.verdict;
    expect(verdictOf("DFL810", result.original)).toBe("equivalent");
    expect(verdictOf("DFL804", result.original)).toBe("different");
    expect(verdictOf("DFL804", result.result)).toBe("different");
    expect(verdictOf("DFL810", result.result)).toBeUndefined();
  });

  it("ends where every fix holds and brings up others", async () => {
    const text = `FROM debian:12\nRUN apt-get update\nRUN apt-get install curl\nRUN cd /app && make\nADD a /a\nCMD a\n`;
    const result = await fixed(text, () => verification("identical"), { applicability: "unsafe" });
    expect(result.asked.length).toBeLessThan(50);
    expect(result.applied.length).toBeGreaterThan(2);
  });
});
