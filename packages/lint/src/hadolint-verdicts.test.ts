/** Where preset hadolint differs from what the rules say otherwise: hadolint's cruder verdicts, by its codes. */
import { describe, expect, it } from "vitest";
import { Linter } from "./linter/linter.ts";
import { rules } from "./rules/index.ts";

const hadolint = new Linter(rules, { preset: "hadolint" });
const recommended = new Linter(rules, {});

function count(linter: Linter, code: string, text: string): number {
  const { diagnostics, failedRules } = linter.lint({ text });
  expect(failedRules).toEqual([]);
  return diagnostics.filter(({ aliases }) => aliases.includes(code)).length;
}

/** The rules of last instructions that report something, either what is muted or what is not. */
function codes(linter: Linter, muted: boolean, text: string): string[] {
  return linter
    .lint({ text })
    .diagnostics.filter(
      ({ rule, suppressed }) => /^DFL80[237]$/.test(rule) && (suppressed !== undefined) === muted,
    )
    .map(({ rule }) => rule);
}

describe("preset hadolint", () => {
  it.each([
    // A name is judged by its text: a variable in the middle is an untagged image, one in front is not.
    ["DL3006", "ARG A=1\nFROM base-$A\n", 1, 1],
    ["DL3006", "ARG A=base\nFROM $A\n", 0, 1],
    ["DL3006", "ARG A\nFROM base-$A\n", 1, 0],
    ["DL3007", "ARG T=latest\nFROM base:$T\n", 0, 1],
    // Names of stages are told apart by case.
    ["DL3024", "FROM a:1 AS x\nFROM a:1 AS X\n", 0, 1],
    ["DL3023", "FROM a:1 AS x\nCOPY --from=0 a b\n", 0, 1],
    // Everything that is neither archive nor URL is local.
    ["DL3020", "FROM a:1\nADD git@example.org:a/b.git /src\n", 1, 0],
    ["DL3020", "FROM a:1\nARG S\nADD $S /src\n", 1, 0],
    ["DL3020", "FROM a:1\nONBUILD ADD src /src\n", 0, 1],
    // Every stage has its own last USER, and tools that leave root do not count.
    ["DL3002", "FROM a:1 AS x\nUSER root\nFROM a:1\nUSER me\n", 1, 0],
    ["DL3002", "FROM a:1\nRUN apk add su-exec\nUSER root\n", 1, 0],
    ["DL3002", "FROM a:1\nARG U=root\nUSER $U\n", 0, 1],
    ["DL3011", "FROM a:1\nEXPOSE 70000 80000\n", 1, 2],
    ["DL3011", "FROM a:1\nENV P=70000\nEXPOSE $P http\n", 0, 2],
    ["DL3011", "FROM a:1\nARG P\nEXPOSE 70000-$P\n", 1, 0],
    ["DL3011", "FROM a:1\nARG P\nEXPOSE $P-70000/udp\n", 1, 0],
    ["DL3011", "FROM a:1\nONBUILD EXPOSE 70000\n", 0, 1],
    // A number counts the stages above.
    ["DL3022", "FROM a:1\nFROM b:1\nCOPY --from=1 a /b\n", 1, 0],
    ["DL3022", "FROM a:1\nFROM b:1\nCOPY --from=0 a /b\n", 0, 0],
    ["DL3064", "FROM a:1\nENV A_PASSWORD=hunter22 B_PASSWORD=hunter33\n", 1, 2],
    ["DL3065", "FROM --platform=${TARGETPLATFORM:-linux/amd64} a:1\n", 0, 1],
    // A SHELL counts even before the first FROM.
    ["DL4006", 'SHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN a | b\n', 0, 0],
    ["DL4006", 'SHELL ["/bin/bash", "-o", "pipefail", "-c"]\nFROM a:1\nRUN a | b\n', 1, 1],
    ["DL3044", "FROM alpine\nENV A=1 B='$A'\n", 1, 0],
    ["DL3044", "FROM alpine AS x\nENV A=0\nFROM alpine\nENV A=1 B=$A\n", 0, 1],
    ["DL3048", "FROM a:1\nLABEL A=1 B=2\n", 1, 2],
    ["DL3061", "LABEL a=b\nENV c=d\nFROM a:1\n", 2, 2],
    // One sudo for each RUN.
    ["DL3004", "FROM a:1\nRUN sudo a && sudo b\n", 1, 2],
    ["DL3025", "FROM a:1\nHEALTHCHECK CMD a\n", 1, 0],
    ["DL3025", 'FROM a:1\nSHELL ["/bin/bash", "-c"]\nCMD a\n', 1, 0],
    ["DL3025", "FROM a:1\nCMD exec a\n", 1, 0],
    ["DL3025", "FROM a:1 AS x\nCMD a\nFROM a:1\n", 1, 0],
    ["DL4003", 'CMD ["a"]\nCMD ["b"]\n', 1, 0],
    ["DL4004", 'FROM a:1\nENTRYPOINT ["a"]\nONBUILD ENTRYPOINT ["b"]\n', 0, 0],
    // Every WORKDIR by itself, by its text.
    ["DL3000", "FROM a:1\nWORKDIR /a\nWORKDIR b\n", 1, 0],
    ["DL3000", "FROM a:1\nWORKDIR c:/b\n", 0, 1],
    ["DL3000", "FROM a:1\nARG D=x\nWORKDIR $D\n", 0, 1],
  ])("%s in %j: %i, recommended %i", (code, text, strict, own) => {
    expect([count(hadolint, code, text), count(recommended, code, text)]).toEqual([strict, own]);
  });

  it("reports several of a kind at the later one, where hadolint reads its directives", () => {
    const text = 'FROM a:1\nCMD ["a"]\n# hadolint ignore=DL4003\nCMD ["b"]\n';
    const [finding] = hadolint.lint({ text }).diagnostics.filter(({ aliases }) => aliases.includes("DL4003"));
    expect(finding?.suppressed?.by).toBe("inline");
  });

  it("reads a file that hadolint reads, though BuildKit does not", () => {
    expect(hadolint.lint({ text: "RUN true\n" }).diagnostics.filter(({ rule }) => rule === "DFL901")).toEqual(
      [],
    );
    expect(count(hadolint, "DL1000", "FROM a:1\nFOO bar\n")).toBe(1);
  });
});

describe("a name that several rules share", () => {
  const text = 'FROM a:1\nCMD ["a"]\nCMD ["b"]\nENTRYPOINT ["a"]\nENTRYPOINT ["b"]\n';

  it("selects and ignores all of them", () => {
    const named = ["MultipleInstructionsDisallowed"];
    expect(codes(new Linter(rules, { only: named }), false, text)).toEqual(["DFL802", "DFL803"]);
    expect(codes(new Linter(rules, { ignore: named }), false, text)).toEqual([]);
  });

  it("mutes all of them", () => {
    const file = `# check=skip=MultipleInstructionsDisallowed\n${text}`;
    expect(codes(recommended, true, file)).toEqual(["DFL802", "DFL803"]);
    const inline = text.replace("FROM", "# dflint ignore-file=MultipleInstructionsDisallowed\nFROM");
    expect(codes(recommended, true, inline)).toEqual(["DFL802", "DFL803"]);
  });
});
