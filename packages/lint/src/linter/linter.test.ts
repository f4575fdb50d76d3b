import { describe, expect, it } from "vitest";
import { contextFacts, type ContextFacts } from "./facts/context-facts.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { fixText } from "./fixer.ts";
import { Linter, type LinterOptions } from "./linter.ts";
import { presetLevel } from "./presets.ts";
import {
  defineRule,
  dockerfile,
  type Rule,
  type RuleDefinition,
  type RuleDocs,
  type Visitors,
} from "./rule.ts";

const docs = (): RuleDocs => ({ why: "", bad: [], good: [] });

/** A rule that reports the name of every instruction of some keywords. */
function ruleFor(code: RuleDefinition["code"], visit: Visitors, more: Partial<RuleDefinition> = {}): Rule {
  const base = {
    code,
    name: `rule-${code.toLowerCase()}`,
    category: "syntax",
    severity: "warning",
    scope: "all",
  } as const;
  return defineRule({ ...base, summary: "", docs, visit, ...more });
}

const runs = ruleFor("DFL001", {
  RUN: (run, context) => context.report({ at: run.name.span, message: "A RUN." }),
});

function found(rules: readonly Rule[], text: string, options: LinterOptions = {}): string[] {
  const { diagnostics } = new Linter(rules, options).lint({ text });
  return diagnostics
    .filter(({ suppressed }) => suppressed === undefined)
    .map(({ rule, span }) => `${rule}@${span.start}`);
}

function lintOne(rule: Rule, text: string): Diagnostic | undefined {
  return new Linter([rule]).lint({ text }).diagnostics[0];
}

/** The fingerprints of a text's RUNs. */
function prints(text: string): string[] {
  return new Linter([runs]).lint({ text }).diagnostics.map((one) => one.fingerprint);
}

/** Replaces one command of a RUN by another. */
function replaces(
  code: RuleDefinition["code"],
  from: string,
  to: string,
  applicability: "safe" | "unsafe" = "safe",
): Rule {
  const visit: Visitors = {
    RUN(run, context) {
      if (run.rest.text !== from) return;
      const edits = [{ span: run.rest.span, newText: to }];
      context.report({ at: run.rest.span, message: "No.", fixes: [{ title: `Write ${to}`, edits }] });
    },
  };
  return ruleFor(code, visit, { fix: applicability });
}

/** A context that holds nothing but an ignore file, or not even that. */
function emptyContext(text: string | undefined): ContextFacts {
  const ignoreFile = text === undefined ? undefined : { path: ".dockerignore", text };
  return contextFacts({ path: ".", ignoreFile, list: () => [], exists: () => false });
}

describe("the walk", () => {
  it("visits instructions, stages and the file in order, each once", () => {
    const seen: string[] = [];
    const rule = ruleFor("DFL001", {
      instruction: (node, { stage }) => void seen.push(`${node.keyword} ${stage?.index ?? "-"}`),
      stage: (stage) => void seen.push(`end ${stage.index}`),
      file: (_, { stage }) => void seen.push(`file ${stage?.index ?? "-"}`),
    });
    new Linter([rule]).lint({ text: "ARG A\nFROM x AS a\nRUN b\nFROM a\nCMD c\n" });
    expect(seen).toEqual(["ARG -", "FROM 0", "RUN 0", "end 0", "FROM 1", "CMD 1", "end 1", "file -"]);
  });

  it("visits what ONBUILD holds as if it stood in the stage", () => {
    const text = "FROM x\nONBUILD RUN a\n";
    expect(found([runs], text)).toEqual([`DFL001@${text.indexOf("RUN")}`]);
    expect(found([{ ...runs, onbuild: false }], text)).toEqual([]);
  });

  it("leaves ONBUILD's content alone with BuildKit's preset, as BuildKit does", () => {
    const rule = { ...runs, aliases: ["SomeCheck"] };
    expect(found([rule], "FROM x\nONBUILD RUN a\nRUN b\n", { preset: "buildkit" })).toEqual(["DFL001@21"]);
  });

  it("looks only at the stages of a rule's scope", () => {
    const text = dockerfile`
      FROM x AS dead
      RUN a
      FROM x AS tools
      RUN b
      FROM x AS base
      RUN c
      FROM base
      COPY --from=tools /t /t
      RUN d
    `;
    const at = (letter: string): string => `DFL001@${text.indexOf(`RUN ${letter}`)}`;
    expect(found([{ ...runs, scope: "shipped" }], text)).toEqual([at("c"), at("d")]);
    expect(found([{ ...runs, scope: "reachable" }], text)).toEqual([at("b"), at("c"), at("d")]);
    expect(found([{ ...runs, scope: "all" }], text)).toEqual(["a", "b", "c", "d"].map(at));
    expect(found([{ ...runs, scope: "shipped" }], text, { target: "tools" })).toEqual([at("b")]);
    const settings = {
      trustedRegistries: [],
      labels: { required: {}, strict: false },
      stages: { public: ["tools"], dev: [] },
    };
    expect(found([{ ...runs, scope: "shipped" }], text, { settings })).toEqual([at("b"), at("c"), at("d")]);
  });

  it("looks at every stage with hadolint's preset", () => {
    const rule = {
      ...runs,
      scope: "shipped" as const,
      aliases: ["DL9999"],
      severity: { recommended: "warning", hadolint: "info" } as const,
    };
    expect(found([rule], "FROM x AS a\nRUN b\nFROM y\n", { preset: "hadolint" })).toEqual(["DFL001@12"]);
    expect(found([rule], "RUN b\n", { preset: "hadolint" })).toEqual(["DFL001@0"]);
  });

  it("reports a rule that throws by name, and goes on with the others", () => {
    const broken = ruleFor("DFL002", {
      RUN() {
        throw new TypeError("no such thing");
      },
    });
    const { diagnostics, failedRules } = new Linter([broken, runs]).lint({ text: "FROM x\nRUN a\nRUN b\n" });
    expect(failedRules).toEqual(["DFL002"]);
    expect(diagnostics.map(({ rule }) => rule)).toEqual(["DFL001", "DFL900", "DFL001"]);
    expect(diagnostics[1]?.message).toContain("DFL002 (rule-dfl002) failed here");
    expect(diagnostics[1]?.message).toContain("no such thing");
  });

  it("orders findings by place, whatever the order of rules", () => {
    const late = ruleFor("DFL002", {
      file: (node, context) =>
        context.report({ at: node.instructions[0]?.name.span ?? { start: 0, end: 0 }, message: "First." }),
    });
    expect(found([runs, late], "FROM x\nRUN a\n")).toEqual(["DFL002@0", "DFL001@7"]);
  });
});

describe("levels", () => {
  const rule = ruleFor("DFL001", runs.visit, {
    aliases: ["DL1111", "DL2222", "StageThing"],
    severity: { recommended: "off", hadolint: { DL1111: "error", DL2222: "style" } },
  });

  it.each([
    ["recommended", "off"],
    ["strict", "warning"],
    ["hadolint", "error"],
    ["buildkit", "warning"],
    ["preview", "off"],
  ] as const)("are, in preset %s, %s", (preset, level) => {
    expect(presetLevel(rule, preset, "2026-11")).toBe(level);
  });

  it("leave out what is newer than the ruleset, and show preview rules mildly in preview only", () => {
    expect(presetLevel({ ...rule, since: "2027-05" }, "strict", "2026-11")).toBe("off");
    const preview = { ...runs, since: "preview" };
    expect(presetLevel(preview, "strict", "2026-11")).toBe("off");
    expect(presetLevel(preview, "preview", "2026-11")).toBe("style");
  });

  it("leave an older ruleset as it was: a newer rule is silent until it is asked for by name", () => {
    const newer = ruleFor("DFL999", {
      RUN: (run, context) => context.report({ at: run.name.span, message: "New." }),
    });
    const all = [replaces("DFL001", "a", "b"), { ...newer, since: "2027-05" }];
    const found = (options: LinterOptions): string[] =>
      new Linter(all, options)
        .lint({ text: "FROM x\nRUN a\n" })
        .diagnostics.map(({ rule, severity }) => `${rule} ${severity}`)
        .toSorted();
    for (const preset of ["recommended", "strict", "preview"] as const) {
      expect(found({ preset, ruleset: "2026-11" })).toEqual(["DFL001 warning"]);
      expect(found({ preset, ruleset: "2027-05" })).toEqual(["DFL001 warning", "DFL999 warning"]);
      expect(found({ preset })).toEqual(["DFL001 warning"]);
    }
    expect(found({ ruleset: "2026-11", select: ["DFL999"] })).toContain("DFL999 warning");
    expect(found({ ruleset: "2026-11", rules: [["DFL999", { level: "error" }]] })).toContain("DFL999 error");
    expect(found({ ruleset: "2026-11", rules: [["DFL999", { options: {} }]] })).not.toContain(
      "DFL999 warning",
    );
  });

  it("are told apart by alias where a rule stands for several checks", () => {
    const several = ruleFor(
      "DFL001",
      {
        RUN: (run, context) => context.report({ at: run.name.span, message: "A.", aliases: ["DL1111"] }),
        CMD: (cmd, context) => context.report({ at: cmd.name.span, message: "B.", aliases: ["DL2222"] }),
      },
      { aliases: rule.aliases, severity: rule.severity },
    );
    const text = "FROM x\nRUN a\nCMD b\n";
    const levels = (options: LinterOptions): string[] =>
      new Linter([several], options)
        .lint({ text })
        .diagnostics.map(({ severity, aliases }) => `${aliases.join()} ${severity}`);
    expect(levels({ preset: "hadolint" })).toEqual(["DL1111 error", "DL2222 style"]);
    expect(levels({ preset: "hadolint", rules: [["DL2222", { level: "off" }]] })).toEqual(["DL1111 error"]);
    expect(levels({ preset: "hadolint", rules: [["DFL001", { level: "info" }]] })).toEqual([
      "DL1111 info",
      "DL2222 info",
    ]);
    expect(levels({ rules: [["DL2222", { level: "error" }]] })).toContain("DL2222 error");
  });

  it("are chosen by only, select, ignore and rules, in any spelling", () => {
    const off = { ...rule, code: "DFL002" as const, name: "rule-two" };
    const text = "FROM x\nRUN a\n";
    expect(found([runs, off], text)).toEqual(["DFL001@7"]);
    expect(found([runs, off], text, { select: ["rule-two"] })).toEqual(["DFL001@7", "DFL002@7"]);
    expect(found([runs, off], text, { only: ["dfl002"] })).toEqual(["DFL002@7"]);
    expect(found([runs, off], text, { select: ["DFL002"], ignore: ["RULE-DFL001"] })).toEqual(["DFL002@7"]);
    expect(found([runs], text, { rules: [["rule-dfl001", { level: "off" }]] })).toEqual([]);
  });

  it("give options their defaults and their values", () => {
    const seen: unknown[] = [];
    const optional = ruleFor(
      "DFL001",
      { RUN: (_, { options }) => void seen.push(options) },
      {
        options: {
          most: { type: "integer", default: 3, description: "" },
          names: { type: "strings", default: [], description: "" },
        },
      },
    );
    const text = "FROM x\nRUN a\n";
    new Linter([optional]).lint({ text });
    new Linter([optional], { rules: [["DFL001", { options: { most: 5 } }]] }).lint({ text });
    expect(seen).toEqual([
      { most: 3, names: [] },
      { most: 5, names: [] },
    ]);
  });

  it("turn to errors where a directive makes BuildKit's warnings fail the build", () => {
    const check = { ...runs, aliases: ["SomeCheck"] };
    expect(lintOne(check, "# check=error=true\nFROM x\nRUN a\n")?.severity).toBe("error");
    expect(lintOne(runs, "# check=error=true\nFROM x\nRUN a\n")?.severity).toBe("warning");
  });
});

describe("fingerprints", () => {
  it("survive moved lines and other spacing", () => {
    expect(prints("FROM x\nRUN  a   b\n")).toEqual(prints("# more\n\nFROM x\nWORKDIR /a\nRUN a b\n"));
  });

  it("differ by stage, instruction and ordinal", () => {
    const all = [...prints("FROM x\nRUN a\nRUN a\nRUN b\n"), ...prints("FROM x AS other\nRUN a\n")];
    expect(new Set(all).size).toBe(4);
    expect(all.every((print) => /^[0-9a-f]{16}$/.test(print))).toBe(true);
  });
});

describe("what the configuration accepts", () => {
  it("is one check alone where it is called by an alias of a rule that stands for several", () => {
    const several = ruleFor(
      "DFL001",
      {
        RUN: (run, context) => context.report({ at: run.name.span, message: "A.", aliases: ["DL1111"] }),
        CMD: (cmd, context) => context.report({ at: cmd.name.span, message: "B.", aliases: ["DL2222"] }),
      },
      { aliases: ["DL1111", "DL2222"] },
    );
    const counting = (rule: string): string[] =>
      new Linter([several])
        .lint({ text: "FROM x\nRUN a\nCMD b\n", ignored: [{ rule, reason: "why" }] })
        .diagnostics.filter(({ suppressed }) => suppressed === undefined)
        .map(({ message }) => message);
    expect(counting("DL1111")).toEqual(["B."]);
    expect(counting("DFL001")).toEqual([]);
  });
});

describe("fixes", () => {
  it("are applied in passes until nothing is left", () => {
    const linter = new Linter([replaces("DFL001", "a", "b"), replaces("DFL002", "b", "c")]);
    const { text, passes, applied, result } = fixText(linter, { text: "FROM x\nRUN a\n" });
    expect({ text, passes }).toEqual({ text: "FROM x\nRUN c\n", passes: 2 });
    expect(applied.map(({ rule, title }) => `${rule} ${title}`)).toEqual([
      "DFL001 Write b",
      "DFL002 Write c",
    ]);
    expect(result.diagnostics).toEqual([]);
  });

  it("are left out where rules undo each other's work, and where a file is never done", () => {
    const linter = new Linter([replaces("DFL001", "a", "b"), replaces("DFL002", "b", "a")]);
    expect(fixText(linter, { text: "FROM x\nRUN a\n" })).toMatchObject({
      text: "FROM x\nRUN a\n",
      applied: [],
    });
    const grows = ruleFor(
      "DFL001",
      {
        RUN: (run, context) =>
          context.report({
            at: run.name.span,
            message: "No.",
            fixes: [
              { title: "Grow", edits: [{ span: { start: run.span.end, end: run.span.end }, newText: "x" }] },
            ],
          }),
      },
      { fix: "safe" },
    );
    expect(fixText(new Linter([grows]), { text: "FROM x\nRUN a\n" })).toMatchObject({
      text: "FROM x\nRUN a\n",
      applied: [],
    });
  });

  it("are left out where they bring a finding above info, and the others are made", () => {
    const linter = new Linter([
      replaces("DFL001", "a", "b"),
      replaces("DFL002", "b", "b"),
      replaces("DFL003", "c", "d"),
    ]);
    const { text, applied } = fixText(linter, { text: "FROM x\nRUN a\nRUN c\n" });
    expect(text).toBe("FROM x\nRUN a\nRUN d\n");
    expect(applied.map(({ rule }) => rule)).toEqual(["DFL003"]);
  });

  it("take as many passes as make a file better", () => {
    const rules = Array.from({ length: 30 }, (_, index) =>
      ruleFor(
        `DFL${100 + index}`,
        {
          file(file, context) {
            const word = `w${index};`;
            if (file.source.text.includes(word)) return;
            const end = file.source.text.length;
            const edits = [{ span: { start: end, end }, newText: `# ${word}\n` }];
            context.report({ at: { start: 0, end: 0 }, message: "No.", fixes: [{ title: "Add", edits }] });
          },
        },
        { fix: "safe" },
      ),
    );
    expect(fixText(new Linter(rules), { text: "FROM x\n" })).toMatchObject({ passes: 30 });
  });

  it("may be chosen by rule", () => {
    const linter = new Linter([replaces("DFL001", "a", "b"), replaces("DFL002", "c", "d")]);
    expect(fixText(linter, { text: "FROM x\nRUN a\nRUN c\n" }, { only: ["DFL002"] }).text).toBe(
      "FROM x\nRUN a\nRUN d\n",
    );
  });

  it("leave bolder ones, muted findings and excluded rules alone", () => {
    const text = "FROM x\nRUN a\n";
    const unsafe = new Linter([replaces("DFL001", "a", "b", "unsafe")]);
    expect(fixText(unsafe, { text }).text).toBe(text);
    expect(fixText(unsafe, { text }, { applicability: "suggestion" }).text).toBe(text);
    expect(fixText(unsafe, { text }, { applicability: "unsafe" }).text).toBe("FROM x\nRUN b\n");
    const safe = new Linter([replaces("DFL001", "a", "b")]);
    expect(fixText(safe, { text }, { never: ["DFL001"] }).text).toBe(text);
    expect(fixText(safe, { text, ignored: [{ rule: "DFL001", reason: undefined }] }).text).toBe(text);
  });

  it("leave out the one that would break the file, and keep the others", () => {
    const breaks = ruleFor(
      "DFL001",
      {
        FROM: (from, context) =>
          context.report({
            at: from.name.span,
            message: "No.",
            fixes: [{ title: "Break", edits: [{ span: from.name.span, newText: "FRMO" }] }],
          }),
      },
      { fix: "safe" },
    );
    const { text } = fixText(new Linter([breaks, replaces("DFL002", "a", "b")]), { text: "FROM x\nRUN a\n" });
    expect(text).toBe("FROM x\nRUN b\n");
  });

  it("make the first of two that want the same characters, and the other in the next pass if it still holds", () => {
    const linter = new Linter([replaces("DFL001", "a", "b"), replaces("DFL002", "a", "c")]);
    expect(fixText(linter, { text: "FROM x\nRUN a\n" }).text).toBe("FROM x\nRUN b\n");
  });

  it("edit the ignore file, which the rules then see", () => {
    const wantsGit = ruleFor(
      "DFL001",
      {
        file(_, context) {
          if (context.context === undefined || context.context.ignore.ignores(".git")) return;
          const end = context.context.ignoreFile?.text.length ?? 0;
          const edits = [{ span: { start: end, end }, newText: ".git\n" }];
          context.report({
            at: { start: 0, end: 0 },
            message: "No.",
            fixes: [{ title: "Ignore .git", target: "dockerignore", edits }],
          });
        },
      },
      { fix: "safe" },
    );
    const linter = new Linter([wantsGit]);
    expect(fixText(linter, { text: "FROM x\n", context: emptyContext("a\n") })).toMatchObject({
      ignoreText: "a\n.git\n",
      passes: 1,
    });
    expect(fixText(linter, { text: "FROM x\n", context: emptyContext(undefined) }).ignoreText).toBe(".git\n");
  });
});
