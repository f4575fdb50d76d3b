import { describe, expect, it } from "vitest";
import { exampleEngine } from "../example-engine.ts";
import { fixText } from "../fixer.ts";
import { Linter, type LinterOptions } from "../linter.ts";
import { defineRule, dockerfile, type Rule, type RuleDocs, type Visitors } from "../rule.ts";

const docs = (): RuleDocs => ({ why: "", bad: [], good: [] });
const base = { category: "syntax", severity: "warning", scope: "all", summary: "", docs } as const;

const visit: Visitors = {
  RUN(run, context) {
    for (const [index, line] of context.source.slice(run.span).split("\n").entries()) {
      if (!line.includes("bad")) continue;
      const start = context.source.lineStart(run.startLine + index);
      context.report({ at: { start, end: start + 1 }, message: "Bad." });
    }
  },
};

/** Reports each line of a RUN that says "bad". */
const bad: Rule = defineRule({
  ...base,
  code: "DFL001",
  name: "bad-line",
  aliases: ["DL3001", "BadLine"],
  severity: { recommended: "warning", hadolint: "warning" },
  visit,
});
/** Reports every FROM. */
const from: Rule = defineRule({
  ...base,
  code: "DFL002",
  name: "any-from",
  aliases: ["DL3002", "DuplicateStageName"],
  severity: { recommended: "warning", hadolint: "warning" },
  visit: { FROM: (node, context) => context.report({ at: node.name.span, message: "From." }) },
});
const off: Rule = defineRule({ ...base, code: "DFL003", name: "off-rule", severity: "off", visit: {} });
const unused: Rule = defineRule({ ...base, code: "DFL910", name: "unused-ignore", fix: "safe", visit: {} });

function check(
  text: string,
  options: LinterOptions = {},
): { reported: string[]; muted: string[]; unused: string[] } {
  const { diagnostics } = new Linter([bad, from, off, unused], {
    ignore: ["DFL002"],
    today: "2026-11-22",
    ...options,
  }).lint({ text });
  const line = (offset: number): number => text.slice(0, offset).split("\n").length;
  const rows = (list: typeof diagnostics): string[] =>
    list.map(({ rule, span }) => `${rule}:${line(span.start)}`);
  const others = diagnostics.filter(({ rule }) => rule !== "DFL910");
  return {
    reported: rows(others.filter(({ suppressed }) => suppressed === undefined)),
    muted: rows(others.filter(({ suppressed }) => suppressed !== undefined)),
    unused: diagnostics
      .filter(({ rule }) => rule === "DFL910")
      .map(({ span, message }) => `${text.slice(span.start, span.end)}: ${message}`),
  };
}

function expiring(date: string): string {
  return `FROM x\n# dflint ignore=DFL001 until=${date} -- soon\nRUN bad\n`;
}

/** A rule that an engine may keep quiet. */
const sharpened: Rule = defineRule({
  ...base,
  code: "DFL004",
  name: "sharpened",
  engine: "read",
  visit: {},
});

it("does not call a directive unused that is of use without an engine", () => {
  const linter = new Linter([sharpened, unused], {});
  const text = "# dflint ignore=DFL004\nFROM alpine\n";
  const engine = exampleEngine({ engine: {} }, text);
  expect(linter.lint({ text }).diagnostics.map(({ rule }) => rule)).toEqual(["DFL910"]);
  expect(linter.lint({ text, engine }).diagnostics).toEqual([]);
});

const nothing = { reported: [], muted: [], unused: [] };

describe("dflint's directives", () => {
  it.each(["DFL001", "dfl001", "bad-line", "DL3001", "BadLine", "all", "other,bad-line".slice(6)])(
    "mute the next instruction by %s",
    (name) => {
      const text = `FROM x\n# dflint ignore=${name} -- why\nRUN bad\nRUN bad\n`;
      expect(check(text)).toEqual({ ...nothing, reported: ["DFL001:4"], muted: ["DFL001:3"] });
    },
  );

  it("reach the next instruction over blank lines and other comments", () => {
    expect(check("FROM x\n# dflint ignore=DFL001\n\n# why\n#\nRUN bad\n")).toEqual({
      ...nothing,
      muted: ["DFL001:6"],
    });
  });

  it("keep the reason", () => {
    const { diagnostics } = new Linter([bad]).lint({
      text: "FROM x\n# dflint ignore=DFL001 -- the base image needs it\nRUN bad\n",
    });
    expect(diagnostics[0]?.suppressed).toEqual({ by: "inline", reason: "the base image needs it" });
  });

  it("between continued lines mute the next line only", () => {
    const text = dockerfile`
      FROM x
      RUN a && \
        # dflint ignore=DFL001

        # and why
        bad && \
        bad
    `;
    expect(check(text)).toEqual({ ...nothing, muted: ["DFL001:6"], reported: ["DFL001:7"] });
  });

  it("mute a stage, the one that follows if they stand right above a FROM", () => {
    const text = dockerfile`
      FROM x
      RUN bad
      # dflint ignore-stage=DFL001,DFL002
      FROM y
      RUN bad
      FROM z
      RUN bad
    `;
    expect(check(text, { ignore: [] })).toEqual({
      unused: [],
      reported: ["DFL002:1", "DFL001:2", "DFL002:6", "DFL001:7"],
      muted: ["DFL002:4", "DFL001:5"],
    });
    expect(check("FROM x\nRUN bad\n# dflint ignore-stage=DFL001\nRUN bad\nFROM y\nRUN bad\n")).toEqual({
      ...nothing,
      reported: ["DFL001:6"],
      muted: ["DFL001:2", "DFL001:4"],
    });
  });

  it("mute the file, from anywhere in it", () => {
    expect(check("FROM x\nRUN bad\nRUN bad\n# dflint ignore-file=DFL001\n")).toEqual({
      ...nothing,
      muted: ["DFL001:2", "DFL001:3"],
    });
  });

  it("disable and enable", () => {
    const text = "FROM x\nRUN bad\n# dflint disable=DFL001\nRUN bad\n# dflint enable=DFL001\nRUN bad\n";
    expect(check(text)).toEqual({ ...nothing, reported: ["DFL001:2", "DFL001:6"], muted: ["DFL001:4"] });
    expect(check("FROM x\n# dflint disable=DFL001\nRUN bad\nRUN bad\n")).toEqual({
      ...nothing,
      muted: ["DFL001:3", "DFL001:4"],
    });
  });

  it("count up to their date and no longer", () => {
    expect(check(expiring("2026-11-22"))).toEqual({ ...nothing, muted: ["DFL001:3"] });
    expect(check(expiring("2026-11-21"))).toEqual({
      ...nothing,
      reported: ["DFL001:3"],
      unused: [
        "DFL001: The directive for DFL001 expired on 2026-11-21; mend the finding or give a new date.",
      ],
    });
    expect(check(expiring("soon")).unused[0]).toContain('"soon" is no date');
  });

  it("expect a finding", () => {
    expect(check("FROM x\n# dflint expect=DFL001\nRUN bad\n")).toEqual({ ...nothing, muted: ["DFL001:3"] });
    expect(check("FROM x\n# dflint expect=DFL001\nRUN good\n").unused).toEqual([
      "DFL001: DFL001 was expected here and is not reported.",
    ]);
  });

  it("are reported when they mute nothing, name by name", () => {
    const { unused: messages } = check("FROM x\n# dflint ignore=DFL001,DFL910\nRUN bad\n");
    expect(messages).toEqual([
      "DFL910: This directive mutes nothing: there is not a finding of DFL910 where it applies; remove it.",
    ]);
    expect(check("FROM x\n# dflint ignore=DFL001\nRUN good\n", { inline: { reportUnused: false } })).toEqual(
      nothing,
    );
    expect(check("FROM x\n# dflint ignore=off-rule\nRUN good\n")).toEqual(nothing);
  });

  it("are removed without the byte order mark in front of them", () => {
    const linter = new Linter([bad, unused]);
    const { text } = fixText(linter, {
      text: "\ufeff# dflint ignore=DFL001\nFROM x\n# dflint ignore=DFL001\n",
    });
    expect(text).toBe("\ufeffFROM x\n");
  });

  it("are reported when they name no rule or are misspelt", () => {
    expect(check("FROM x\n# dflint ignore=bad-lime\nRUN bad\n").unused).toEqual([
      'bad-lime: There is no rule "bad-lime", so this directive mutes nothing. Did you mean "bad-line"?',
    ]);
    expect(check("FROM x\n# dflint ignroe=DFL001\nRUN bad\n").unused).toEqual([
      'ignroe: There is no directive "ignroe". Did you mean "ignore"?',
    ]);
    expect(check("FROM x\n# dflint ignore\nRUN bad\n").unused[0]).toContain("names no rule");
    expect(check("FROM x\n# dflint is a linter, and this is prose\nRUN good\n").unused).toEqual([]);
  });

  it("can be made to give a reason", () => {
    const inline = { requireReason: true };
    expect(check("FROM x\n# dflint ignore=DFL001\nRUN bad\n", { inline }).unused[0]).toContain(
      "gives no reason",
    );
    expect(check("FROM x\n# dflint ignore=DFL001 -- why\nRUN bad\n", { inline }).unused).toEqual([]);
  });

  it("can be switched off", () => {
    expect(check("FROM x\n# dflint ignore=DFL001\nRUN bad\n", { inline: { enabled: false } })).toEqual({
      ...nothing,
      reported: ["DFL001:3"],
    });
  });

  it("can mute findings about directives", () => {
    const text = "# dflint ignore-file=DFL910\nFROM x\n# dflint ignore=DFL001\nRUN good\n";
    const { diagnostics } = new Linter([bad, unused]).lint({ text });
    expect(diagnostics.map(({ rule, suppressed }) => [rule, suppressed?.by])).toEqual([["DFL910", "inline"]]);
  });
});

describe("hadolint's pragmas", () => {
  it("cover the instruction on the line below, the nearest of several", () => {
    expect(check("FROM x\n# hadolint ignore=DL3001, DL4000 # why\nRUN bad\n")).toEqual({
      ...nothing,
      muted: ["DFL001:3"],
    });
    expect(check("FROM x\n# hadolint ignore=DL3001\n# hadolint ignore=DL4000\nRUN bad\n").reported).toEqual([
      "DFL001:4",
    ]);
    expect(check("FROM x\n# hadolint ignore=DL3001\n\nRUN bad\n").reported).toEqual(["DFL001:4"]);
  });

  it("cover a stage but not its FROM", () => {
    const text = "# hadolint stage ignore=DL3001,DL3002\nFROM x\nRUN bad\nFROM y\nRUN bad\n";
    expect(check(text, { ignore: [], preset: "hadolint" })).toMatchObject({
      muted: ["DFL001:3"],
      reported: ["DFL002:2", "DFL002:4", "DFL001:5"],
    });
    expect(check("FROM x\n# hadolint stage ignore=DL3001\nRUN bad\n").reported).toEqual(["DFL001:3"]);
  });

  it("cover the file", () => {
    expect(check("FROM x\nRUN bad\n# hadolint global ignore = DL3001 , DL4000\n")).toEqual({
      ...nothing,
      muted: ["DFL001:2"],
    });
  });
});

describe("BuildKit's check directives", () => {
  it("cover an instruction by the names of checks, and of those only", () => {
    expect(check("FROM x\n# check=skip=BadLine // why\nRUN bad\n")).toEqual({
      ...nothing,
      muted: ["DFL001:3"],
    });
    expect(check("FROM x\n# check=skip=badline\nRUN bad\n").reported).toEqual(["DFL001:3"]);
    expect(check("FROM x\n# check=skip=all\n\nRUN bad\n")).toEqual({ ...nothing, muted: ["DFL001:4"] });
    expect(check("FROM x\n# check=skip=DFL001\nRUN bad\n").reported).toEqual(["DFL001:3"]);
  });

  it("are cut at the first blank, and only the first of an instruction counts", () => {
    expect(check("FROM x\n# check=skip=UndefinedVar, BadLine\nRUN bad\n").reported).toEqual(["DFL001:3"]);
    expect(check("FROM x\n# check=skip=UndefinedVar\n# check=skip=BadLine\nRUN bad\n").reported).toEqual([
      "DFL001:4",
    ]);
    expect(check("FROM x\n# check=skip=BadLine\n#\nRUN bad\n").reported).toEqual(["DFL001:4"]);
  });

  it("cover the file from its top", () => {
    expect(check("# check=skip=BadLine;error=true\nFROM x\nRUN bad\n")).toEqual({
      ...nothing,
      muted: ["DFL001:3"],
    });
    expect(check("# check=skip=all\nFROM x\nRUN bad\n")).toEqual({ ...nothing, muted: ["DFL001:3"] });
  });

  it("above an instruction cannot mute the checks of whole files", () => {
    const options = { ignore: ["DFL001"] };
    expect(check("# a comment\n# check=skip=DuplicateStageName\nFROM x\n", options)).toMatchObject({
      reported: ["DFL002:3"],
    });
    expect(check("# check=skip=DuplicateStageName\nFROM x\n", options)).toEqual({
      ...nothing,
      muted: ["DFL002:2"],
    });
  });

  it("report names that BuildKit does not know", () => {
    expect(check("FROM x\n# check=skip=UndefinedVars\nRUN good\n").unused).toEqual([
      'UndefinedVars: There is no rule "UndefinedVars", so this directive mutes nothing. Did you mean "UndefinedVar"?',
    ]);
  });
});

describe("tally's directives", () => {
  it("mute by its names for hadolint's and BuildKit's rules", () => {
    expect(check("FROM x\n# tally ignore=hadolint/DL3001;reason=why\nRUN bad\n")).toEqual({
      ...nothing,
      muted: ["DFL001:3"],
    });
    expect(check("# tally global ignore=buildkit/BadLine,tally/max-lines\nFROM x\nRUN bad\n")).toEqual({
      ...nothing,
      muted: ["DFL001:3"],
    });
  });
});

describe("shell directives", () => {
  const shells: string[] = [];
  const shell = defineRule({
    ...base,
    code: "DFL004",
    name: "shell",
    visit: { RUN: (run, context) => void shells.push(context.shell(run).dialect) },
  });

  it.each([
    ["# hadolint shell=powershell\nFROM x\nRUN a\nFROM y\nRUN b\n", ["powershell", "powershell"]],
    ["FROM x\nRUN a\n# dflint shell=bash\nRUN b\n", ["posix", "bash"]],
    ['FROM x\n# dflint shell=pwsh\nRUN a\nSHELL ["bash", "-c"]\nRUN b\n', ["powershell", "bash"]],
  ])("set the shell from their line on", (text, expected) => {
    shells.length = 0;
    new Linter([shell]).lint({ text });
    expect(shells).toEqual(expected);
  });
});
