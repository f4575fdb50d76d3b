import { describe, expect, it } from "vitest";
import type { Diagnostic, Severity } from "../linter/diagnostic.ts";
import { SourceFile } from "../source/source-file.ts";
import { formatCompact } from "./formats/compact.ts";
import { formatGithub } from "./formats/github.ts";
import { formatJson } from "./formats/json.ts";
import { columnsOf, printable } from "./printable.ts";
import type { FileReport, Report } from "./report.ts";
import { formatTty } from "./formats/tty.ts";

function finding(start: number, end: number, more: Partial<Diagnostic> = {}): Diagnostic {
  return {
    rule: "DFL001",
    name: "a-rule",
    aliases: [],
    severity: "warning",
    category: "syntax",
    message: "This is wrong.",
    span: { start, end },
    target: "dockerfile",
    stage: 0,
    instruction: "RUN",
    related: [],
    fixes: [],
    evidence: [],
    fingerprint: "0123456789abcdef",
    ...more,
  };
}

function file(text: string, ...diagnostics: readonly Diagnostic[]): FileReport {
  return {
    path: "Dockerfile",
    source: new SourceFile(text),
    build: undefined,
    stages: [],
    diagnostics,
    muted: [],
    failOn: "warning",
    ignoreFile: undefined,
  };
}

function report(...files: readonly FileReport[]): Report {
  return {
    version: "1.2.3",
    ruleset: "2026-11",
    preset: "recommended",
    files,
    suppressed: 0,
    baselined: 0,
    fixed: 0,
    failOn: "warning",
    exitCode: 1,
    errors: [],
  };
}

/** The lines of the source frame of one finding. */
function frame(text: string, start: number, end: number): string[] {
  const lines = formatTty(report(file(text, finding(start, end))), { colour: false }).split("\n");
  return lines.slice(2, -3);
}

describe("tty", () => {
  it("marks exactly the reported words", () => {
    expect(frame("FROM x\nRUN apt-get install y\n", 11, 18)).toEqual([
      "  1 │ FROM x",
      "  2 │ RUN apt-get install y",
      "    │     ^^^^^^^",
    ]);
  });

  it("marks the first of several lines, and says where the range ends", () => {
    expect(frame("RUN a \\\n  b\n", 0, 11)).toEqual(["  1 │ RUN a \\", "    │ ^^^^^^^ … to line 2"]);
  });

  it("marks an empty range and the end of a line", () => {
    expect(frame("FROM x", 6, 6)).toEqual(["  1 │ FROM x", "    │       ^"]);
  });

  it("keeps tabs, counts wide characters twice and marks not at all", () => {
    expect(frame("\t\tRUN x", 2, 5)[1]).toBe("    │ \t\t^^^");
    expect(frame("RUN 漢字 x", 7, 8)[1]).toBe(`    │ ${" ".repeat(9)}^`);
    expect(frame("RUN e\u0301 x", 7, 8)[1]).toBe(`    │ ${" ".repeat(6)}^`);
  });

  it("cuts long lines around what is marked", () => {
    const text = `RUN ${"a".repeat(5000)} here ${"b".repeat(5000)}`;
    const [line = "", carets = ""] = frame(text, 5005, 5009);
    expect(line.length).toBeLessThan(200);
    expect(line.slice(carets.indexOf("^"), carets.lastIndexOf("^") + 1)).toBe("here");
  });

  it("fits into a narrow terminal, and draws with ASCII where that is all there is", () => {
    const text = `RUN 漢字漢字${"é".repeat(80)} here\tand 👍👍${"b".repeat(500)}\nRUN x\n`;
    for (const columns of [1, 40, 60, 100, 1000]) {
      for (let start = 0; start < text.length; start += 7) {
        const shown = formatTty(report(file(text, finding(start, start + 30))), {
          colour: false,
          columns,
          ascii: true,
        });
        const rows = shown.split("\n").slice(2, -3);
        for (const row of rows)
          expect(columnsOf(row)).toBeLessThanOrEqual(Math.min(Math.max(columns, 40), 160) + 16);
        expect(rows.join("")).not.toMatch(/[│…]|\p{Surrogate}/u);
        expect(rows.at(-1)).toContain("^");
      }
    }
    const options = { colour: false, columns: 40 };
    const rows = formatTty(
      report(file("RUN apt-get install y && a very long tail\n", finding(4, 11))),
      options,
    );
    expect(rows.split("\n").slice(2, 4)).toEqual([
      "  1 │ RUN apt-get install y && a very l…",
      "    │     ^^^^^^^",
    ]);
  });

  it("aligns line numbers", () => {
    const text = `${"#\n".repeat(9)}RUN x\n`;
    expect(frame(text, 18, 21)).toEqual(["   9 │ #", "  10 │ RUN x", "     │ ^^^"]);
  });

  it("shows what explains a finding, and what mends it", () => {
    const more = {
      related: [{ span: { start: 0, end: 4 }, message: "First here." }],
      evidence: ["3 files, 1.2 MB."],
      fixes: [{ title: "Mend it", applicability: "safe", edits: [] }],
    } as const;
    const text = formatTty(report(file("FROM x\nRUN y\n", finding(7, 10, more))), { colour: false });
    expect(text.split("\n").slice(5, 8)).toEqual([
      "  see Dockerfile:1:1 First here.",
      "  = 3 files, 1.2 MB.",
      "  safe fix Mend it",
    ]);
  });

  it.each([
    [[], "No findings in 1 file."],
    [["error"], "1 finding (1 error) in 1 file."],
    [
      ["error", "error", "warning", "info", "style", "style"],
      "6 findings (2 errors, 1 warning, 1 info, 2 style) in 1 file.",
    ],
  ] as [Severity[], string][])("sums up %j", (severities, expected) => {
    const findings = severities.map((severity) => finding(0, 1, { severity }));
    expect(
      formatTty(report(file("FROM x\n", ...findings)), { colour: false })
        .trimEnd()
        .split("\n")
        .at(-1),
    ).toBe(expected);
  });

  it.each([
    [["safe"], undefined, '1 fixable by "dflint fix"'],
    [["unsafe"], undefined, '1 fixable by "dflint fix --unsafe"'],
    [["safe", "suggestion", "safe"], undefined, '3 fixable, 2 by "dflint fix", 1 by "dflint fix --unsafe"'],
    [["safe", "suggestion"], "safe", '2 fixable, 1 by "dflint fix --unsafe"'],
    [["safe", "suggestion"], "unsafe", "2 fixable"],
  ] as const)("tells of %j what mends it where %s was applied", (kinds, fixing, expected) => {
    const findings = kinds.map((applicability) =>
      finding(0, 1, { fixes: [{ title: "Mend", applicability, edits: [] }] }),
    );
    const text = formatTty(
      { ...report(file("FROM x\n", ...findings)), suppressed: 2, fixing },
      { colour: false },
    );
    expect(text.trimEnd().split("\n").at(-1)?.replace(/^.*; /, "")).toBe(`${expected}.`);
    expect(text).toContain(" in 1 file, 2 muted; ");
  });

  it("has the severity's colour on the severity and its carets only when asked", () => {
    const text = formatTty(report(file("FROM x\n", finding(0, 4, { severity: "error" }))), { colour: true });
    expect(text).toContain("\u001b[31merror\u001b[39m");
    expect(text).toContain("\u001b[31m^^^^\u001b[39m");
  });
});

describe("machine formats", () => {
  const text = "FROM x\nRUN y\n";

  it("compact keeps a finding on one line whatever it says", () => {
    const more = { message: "One\ntwo\u001b." };
    expect(formatCompact(report(file(text, finding(7, 10, more))))).toBe(
      "Dockerfile:2:1: warning DFL001 a-rule: One\\u{a}two\\u{1b}.\n",
    );
  });

  it("github escapes messages, and gives columns only within a line", () => {
    const more = { message: "100%\nsure", severity: "style" } as const;
    expect(formatGithub(report(file(text, finding(0, 10, more)))).split("\n")[0]).toBe(
      "::notice file=Dockerfile,line=1,col=1,endLine=2,title=DFL001 a-rule::100%25%0Asure",
    );
  });

  it("json gives the edits of another file in that file's positions, with its path", () => {
    const edits = [{ span: { start: 4, end: 4 }, newText: ".git\n" }];
    const fixes = [{ title: "Add", applicability: "safe", target: "dockerignore", edits }] as const;
    const ignoreFile = { path: ".dockerignore", source: new SourceFile("a\nb\n") };
    const document = JSON.parse(
      formatJson(report({ ...file(text, finding(7, 10, { fixes })), ignoreFile })),
    ) as {
      files: { diagnostics: { fixes: unknown[] }[] }[];
    };
    const place = { line: 3, column: 1 };
    expect(document.files[0]?.diagnostics[0]?.fixes).toEqual([
      {
        title: "Add",
        applicability: "safe",
        path: ".dockerignore",
        edits: [{ range: { start: place, end: place }, newText: ".git\n" }],
        verification: null,
      },
    ]);
  });
});

describe("printable", () => {
  it("shows what would steer a terminal, and leaves the rest", () => {
    expect(printable("a\tb ü 漢 \u001b[31m \u0007 \u202e \r\n")).toBe(
      "a\tb ü 漢 \\u{1b}[31m \\u{7} \\u{202e} \\u{d}\\u{a}",
    );
  });

  it("counts columns", () => {
    const texts = [
      "abc",
      "漢字",
      "e\u0301",
      "👍",
      "ü",
      "✅",
      "\u{1f1e9}",
      "का",
      "क\u094d",
      "\u200b",
      "…",
      "１",
      "ｱ",
      "한",
    ];
    expect(texts.map(columnsOf)).toEqual([3, 4, 1, 2, 1, 2, 1, 2, 1, 0, 1, 2, 1, 2]);
  });
});
