import { expect, it } from "vitest";
import type { ImageDifference, Verification } from "../linter/facts/verification.ts";
import type { FixVerdict } from "./report.ts";
import { formatVerdicts } from "./verdicts.ts";

const difference = (path: string, more: Partial<ImageDifference> = {}): ImageDifference => ({
  kind: "file",
  path,
  change: "changed",
  what: ["mode"],
  before: "mode 0644",
  after: "mode 0600",
  harmless: undefined,
  ...more,
});

const verification = (more: Partial<Verification> = {}): Verification => ({
  verdict: "identical",
  differences: [],
  differenceCount: 0,
  countingDifferences: 0,
  bytes: { before: 43_900_000, after: 12_500_000 },
  failure: undefined,
  source: "Docker 20.10.24, linux/amd64",
  ...more,
});

const verdict = (more: Partial<FixVerdict> = {}): FixVerdict => ({
  rule: "DFL105",
  name: "chmod-copies-layer",
  title: "Copy with --chmod",
  applicability: "safe",
  verification: verification(),
  kept: true,
  ...more,
});

const text = (judged: readonly FixVerdict[], all: Verification | undefined): string =>
  formatVerdicts("Dockerfile", { judged, verification: all }, false);

it("says how many bytes all that holds saves, and on which engine", () => {
  expect(text([verdict()], verification())).toBe(`\
Dockerfile: 1 fix verifies: identical, 43.9 MB → 12.5 MB, 31.4 MB saved. (Docker 20.10.24, linux/amd64)
  kept DFL105 chmod-copies-layer: Copy with --chmod
`);
});

it("says of nothing that it is kept where the file could not be written", () => {
  expect(
    formatVerdicts(
      "Dockerfile",
      { judged: [verdict()], verification: verification(), unwritten: true },
      false,
    ),
  ).toBe(`\
Dockerfile: 1 fix verifies: identical, 43.9 MB → 12.5 MB, 31.4 MB saved. (Docker 20.10.24, linux/amd64) Not all of it could be written.
  verifies DFL105 chmod-copies-layer: Copy with --chmod
`);
});

it("lists of what is left out the differences that count, eight at most", () => {
  const differences = Array.from({ length: 20 }, (_, at) => difference(`/f${at}`));
  const left = verdict({
    kept: false,
    applicability: "unsafe",
    verification: verification({
      verdict: "different",
      differences,
      differenceCount: 20,
      countingDifferences: 20,
    }),
  });
  const shown = text([left], undefined);
  expect(shown).toContain(
    "Dockerfile: its fix does not verify.\n  left out DFL105 chmod-copies-layer (unsafe): Copy",
  );
  expect(shown).toContain("    /f0 changed: mode 0644 → mode 0600\n");
  expect(shown).toContain("    /f7 changed");
  expect(shown).not.toContain("/f8 ");
  expect(shown).toContain("    … and 12 more\n");
});

it("lists what does not count, each with its reason", () => {
  const all = verification({
    verdict: "equivalent",
    differences: [
      difference("/var/log/a", { change: "removed", before: "3 bytes", after: undefined, harmless: "log" }),
      difference("Author", {
        kind: "config",
        change: "removed",
        before: "Ada",
        after: undefined,
        harmless: "moved",
      }),
    ],
    differenceCount: 2,
    bytes: { before: 5, after: 5 },
  });
  expect(text([verdict()], all)).toContain(`equivalent, 5 B as before. (Docker 20.10.24, linux/amd64)
  kept DFL105 chmod-copies-layer: Copy with --chmod
  2 differences that do not count:
    /var/log/a removed: 3 bytes (a log)
    configuration Author removed: Ada (the same in another place)
`);
});

it("shows the step that fails and the end of its output, and lets neither write to the terminal", () => {
  const failure = {
    of: "fixed" as const,
    message: "executor failed",
    step: "RUN make",
    line: 3,
    exitCode: 2,
    log: "one\n\u001b[2Jtwo\n",
  };
  const left = verdict({
    kept: false,
    verification: verification({ verdict: "does-not-build", failure, bytes: undefined }),
  });
  const shown = text([verdict(), left], verification());
  expect(shown).toContain("Dockerfile: 1 of 2 fixes verifies: identical");
  expect(shown).toContain(
    "    does not build at RUN make (line 3, exit code 2): executor failed\n    | one\n",
  );
  expect(shown).not.toContain("\u001b");
  const original = verdict({
    kept: false,
    verification: verification({
      verdict: "does-not-build",
      failure: { ...failure, of: "original" },
      bytes: undefined,
    }),
  });
  expect(text([original, original], undefined)).toMatch(
    /^Dockerfile: does not build as it is, so no fix can be verified\.\n {4}does not build at RUN make/,
  );
});

it("says that there is nothing to verify", () => {
  expect(text([], undefined)).toBe("Dockerfile: no fix to verify.\n");
});
