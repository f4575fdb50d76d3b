/** Every machine format, held against its schema with what a report may hold at its worst. */
import sarifSchema from "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json" with { type: "json" };
import AjvDraft04 from "ajv-draft-04";
import addFormats from "ajv-formats";
import { describe, expect, it } from "vitest";
import { validateXML } from "xmllint-wasm";
import { Linter } from "../../linter/linter.ts";
import type { Diagnostic } from "../../linter/diagnostic.ts";
import { rules } from "../../rules/index.ts";
import { SourceFile } from "../../source/source-file.ts";
import { formatCheckstyle } from "./checkstyle.ts";
import { formatCodeclimate } from "./codeclimate.ts";
import { formatGitlab } from "./gitlab.ts";
import { formatGithub } from "./github.ts";
import { formatJson } from "./json.ts";
import { formatJsonl } from "./jsonl.ts";
import { formatJunit } from "./junit.ts";
import { formatMarkdown } from "./markdown.ts";
import type { FileReport, Report } from "../report.ts";
import { formatSarif } from "./sarif.ts";
import { formatSonarqube } from "./sonarqube.ts";
import { uriOf } from "../uri.ts";

const NASTY = "FROM x\r\nRUN \u001b[31m\u0000 ü 漢 👍 \ud800 ]]> <a href='&\"'> | `x` \ufffe";
const PATHS = [
  "Dockerfile",
  "./a b/Ünï 漢.Dockerfile",
  "C:/src/x.Dockerfile",
  "/etc/Dockerfile",
  "../up/Dockerfile",
  "new\nline\u001b[2J.Dockerfile",
  "50%25 & <b> \"q\" 'p' \udc00",
  "<stdin>",
];

function finding(start: number, end: number, more: Partial<Diagnostic> = {}): Diagnostic {
  const base = {
    rule: "DFL810",
    name: "maintainer-deprecated",
    aliases: ["DL4000"],
    severity: "warning",
  } as const;
  const text = {
    category: "labels",
    message: `Bad: ${NASTY}`,
    span: { start, end },
    target: "dockerfile",
  } as const;
  const rest = { stage: 0, instruction: "RUN", related: [], fixes: [], evidence: [] };
  return { ...base, ...text, ...rest, fingerprint: "0123456789abcdef", ...more };
}

function nastyFile(path: string): FileReport {
  const text = NASTY;
  const edits = [{ span: { start: 0, end: 4 }, newText: NASTY }];
  const ignoreEdits = [{ span: { start: 0, end: 0 }, newText: ".git\n" }];
  const diagnostics = [
    finding(0, 0),
    finding(0, text.length, { severity: "error", related: [{ span: { start: 5, end: 6 }, message: NASTY }] }),
    finding(5, 8, {
      severity: "info",
      evidence: [NASTY],
      fixes: [{ title: NASTY, applicability: "unsafe", edits }],
    }),
    finding(text.length, text.length, {
      rule: "SC2086",
      name: "shellcheck",
      severity: "style",
      fixes: [{ title: "Add", applicability: "safe", target: "dockerignore", edits: ignoreEdits }],
    }),
  ];
  const muted = [
    finding(1, 2, { suppressed: { by: "inline", reason: NASTY } }),
    finding(1, 2, { suppressed: { by: "baseline", reason: undefined } }),
  ];
  const source = new SourceFile(text);
  const ignoreFile = { path: "a b/.dockerignore", source: new SourceFile("") };
  return { path, source, build: undefined, stages: [], diagnostics, muted, failOn: "warning", ignoreFile };
}

function reportOf(files: readonly FileReport[], more: Partial<Report> = {}): Report {
  const tool = { version: "1.2.3", ruleset: "2026-11", preset: "recommended" } as const;
  const counts = { suppressed: 0, baselined: 0, fixed: 0 };
  return { ...tool, ...counts, files, failOn: "warning", exitCode: 1, errors: [], ...more };
}

/** What the linter really finds in a file with a bit of everything. */
function realFile(): FileReport {
  const text = 'FROM alpine:latest\nMAINTAINER Ada\nRUN cd /x && apk add curl\nCMD echo "ü"';
  const { diagnostics, dockerfile } = new Linter(rules).lint({ text });
  const stages = [{ index: 0, name: undefined, shipped: true, base: "alpine:latest" }];
  const file = { path: "Dockerfile", source: dockerfile.source, stages, diagnostics };
  return { ...file, build: undefined, muted: [], failOn: "warning", ignoreFile: undefined };
}

const clean: FileReport = {
  ...nastyFile("clean/Dockerfile"),
  diagnostics: [],
  muted: [],
};

const REPORTS: readonly (readonly [string, Report])[] = [
  ["nothing", reportOf([], { exitCode: 0 })],
  ["only errors", reportOf([], { exitCode: 2, errors: [NASTY] })],
  ["a clean file", reportOf([clean], { exitCode: 0 })],
  ["what is found for real", reportOf([realFile()])],
  ["the worst", reportOf([...PATHS.map(nastyFile), clean], { errors: [NASTY] })],
];

// The schema is of draft 4, and one of its patterns is none in Unicode mode.
const ajv = new AjvDraft04.default({ strict: false, allErrors: true, unicodeRegExp: false });
addFormats.default(ajv);

function expectValid(schema: object, document: unknown): void {
  const validate = ajv.compile(schema);
  expect(validate(document) ? [] : validate.errors).toEqual([]);
}

async function xmlErrors(xml: string, schema: string): Promise<string[]> {
  const { errors } = await validateXML({
    xml: [{ fileName: "report.xml", contents: xml }],
    schema: [schema],
  });
  return errors.map(({ rawMessage }) => rawMessage);
}

describe.each(REPORTS)("a report of %s", (_, report) => {
  const count = report.files.reduce((sum, { diagnostics }) => sum + diagnostics.length, 0);

  it("is SARIF 2.1.0", () => {
    const log = JSON.parse(formatSarif(report, rules)) as {
      runs: [
        { results: { ruleIndex: number; ruleId: string }[]; tool: { driver: { rules: { id: string }[] } } },
      ];
    };
    expectValid(SARIF, log);
    const [{ results, tool }] = log.runs;
    const muted = report.files.reduce((sum, file) => sum + file.muted.length, 0);
    expect(results).toHaveLength(count + muted);
    for (const { ruleIndex, ruleId } of results) expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
  });

  it("is what GitLab takes", () => {
    const issues = JSON.parse(formatGitlab(report)) as { fingerprint: string }[];
    expectValid(GITLAB, issues);
    expect(issues).toHaveLength(count);
  });

  it("is what Code Climate takes", () => {
    const text = formatCodeclimate(report);
    expect(text === "" || text.endsWith("\0")).toBe(true);
    const issues = text.split("\0").slice(0, -1);
    expect(issues).toHaveLength(count);
    for (const issue of issues) expectValid(CODE_CLIMATE, JSON.parse(issue));
  });

  it("is what SonarQube takes", () => {
    const document = JSON.parse(formatSonarqube(report, rules)) as SonarDocument;
    expectValid(SONARQUBE, document);
    expect(document.issues).toHaveLength(count);
    for (const { ruleId, primaryLocation } of document.issues) {
      expect(document.rules.map(({ id }) => id)).toContain(ruleId);
      const { startLine, endLine, startColumn, endColumn } = primaryLocation.textRange;
      const isRange = startLine < endLine || startColumn === undefined || startColumn < (endColumn ?? 0);
      expect(isRange).toBe(true);
    }
  });

  it("is what Checkstyle's readers take", async () => {
    expect(await xmlErrors(formatCheckstyle(report), CHECKSTYLE)).toEqual([]);
  });

  it("is what JUnit's readers take", async () => {
    expect(await xmlErrors(formatJunit(report), JUNIT)).toEqual([]);
  });

  it("is a JSON object a line", () => {
    const lines = formatJsonl(report).split("\n").slice(0, -1);
    expect(lines).toHaveLength(count);
    for (const line of lines) expect(JSON.parse(line)).toMatchObject({ rule: expect.any(String) });
    expect(JSON.parse(formatJson(report))).toMatchObject({ schemaVersion: 1 });
  });

  it("keeps each finding on a line of its own, and steers no terminal", () => {
    const texts = [
      formatGithub(report),
      formatMarkdown(report),
      formatCheckstyle(report),
      formatJunit(report),
    ];
    // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
    for (const text of texts) expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
    expect(formatMarkdown(report).match(/^\| \d+:\d+ \|/gm) ?? []).toHaveLength(count);
    expect(formatGithub(report).match(/^::/gm) ?? []).toHaveLength(count);
  });
});

describe("sarif", () => {
  const published = { name: "dflint", version: "1.2.3" };
  const helpUris = (url: string | undefined, directory: string | undefined): unknown[] => {
    const repository = url === undefined ? undefined : { url, ...(directory !== undefined && { directory }) };
    const text = formatSarif(reportOf([realFile()]), rules, {
      ...published,
      ...(repository !== undefined && { repository }),
    });
    const log = JSON.parse(text) as {
      runs: [{ tool: { driver: { rules: { helpUri?: string; id: string }[] } } }];
    };
    expectValid(SARIF, log);
    return log.runs[0].tool.driver.rules.filter(({ id }) => id === "DFL202").map(({ helpUri }) => helpUri);
  };

  it("has the address of a rule's page where the release named the repository", () => {
    const page = "docs/rules/dfl202-base-latest.md";
    expect(helpUris("git+https://example.org/ada/tools.git", "packages/lint")).toEqual([
      `https://example.org/ada/tools/blob/dflint@1.2.3/packages/lint/${page}`,
    ]);
    expect(helpUris("https://example.org/ada/dflint", undefined)).toEqual([
      `https://example.org/ada/dflint/blob/dflint@1.2.3/${page}`,
    ]);
  });

  it.each([undefined, "git@example.org:ada/tools.git", "file:///srv/tools"])(
    "has none where the repository is %s",
    (url) => {
      expect(helpUris(url, "packages/lint")).toEqual([undefined]);
    },
  );
});

describe("junit", () => {
  it("lets fail what fails, and no more", () => {
    const xml = formatJunit(reportOf([nastyFile("x")]));
    expect(xml).toContain('<testsuites name="dflint" tests="4" failures="2" errors="0">');
    expect(xml.match(/<failure /g)).toHaveLength(2);
    expect(xml.match(/<system-out>/g)).toHaveLength(2);
  });
});

describe("markdown", () => {
  it("lets nothing in a finding become markup", () => {
    const message = "a | b <img src=x> `c` [d](http://e) @team #1 *f* $g$";
    const text = formatMarkdown(reportOf([{ ...clean, diagnostics: [finding(0, 1, { message })] }]));
    expect(text).toContain(
      "a \\| b &lt;img src=x&gt; \\`c\\` \\[d\\]\\(http://e\\) &#64;team \\#1 \\*f\\* \\$g\\$",
    );
  });
});

describe("uriOf", () => {
  it.each([
    ["a/b c.Dockerfile", "a/b%20c.Dockerfile"],
    ["/etc/x", "file:///etc/x"],
    ["//host/x", "file:///host/x"],
    ["C:/a b/x", "file:///C:/a%20b/x"],
    ["a:b", "a%3Ab"],
    ["\ud800", "%EF%BF%BD"],
  ])("%j", (path, expected) => {
    expect(uriOf(path)).toBe(expected);
  });
});

interface SonarDocument {
  readonly rules: readonly { readonly id: string }[];
  readonly issues: readonly {
    readonly ruleId: string;
    readonly primaryLocation: {
      readonly textRange: {
        readonly startLine: number;
        readonly endLine: number;
        readonly startColumn?: number;
        readonly endColumn?: number;
      };
    };
  }[];
}

const positive = { type: "integer", minimum: 1 };
const text = { type: "string", minLength: 1 };

function strict(properties: Readonly<Record<string, object>>, optional: readonly string[] = []): object {
  const required = Object.keys(properties).filter((key) => !optional.includes(key));
  return { type: "object", properties, required, additionalProperties: false };
}

/** Under its identity ajv would compile it once only. */
const { id: _id, ...SARIF } = sarifSchema;

/** As GitLab's documentation tells the fields of a Code Quality report. */
const GITLAB = {
  type: "array",
  items: strict({
    description: text,
    check_name: text,
    fingerprint: text,
    severity: { enum: ["info", "minor", "major", "critical", "blocker"] },
    location: strict({ path: text, lines: strict({ begin: positive, end: positive }) }),
  }),
};

/** As Code Climate's specification of engines tells the fields of an issue. */
const CODE_CLIMATE = strict({
  type: { enum: ["issue"] },
  check_name: text,
  description: text,
  categories: {
    type: "array",
    minItems: 1,
    items: {
      enum: [
        "Bug Risk",
        "Clarity",
        "Compatibility",
        "Complexity",
        "Duplication",
        "Performance",
        "Security",
        "Style",
      ],
    },
  },
  location: strict({
    path: text,
    positions: strict({
      begin: strict({ line: positive, column: positive }),
      end: strict({ line: positive, column: positive }),
    }),
  }),
  severity: { enum: ["info", "minor", "major", "critical", "blocker"] },
  fingerprint: text,
});

const SONAR_LOCATION = strict({
  message: text,
  filePath: text,
  textRange: strict(
    {
      startLine: positive,
      endLine: positive,
      startColumn: { type: "integer", minimum: 0 },
      endColumn: { type: "integer", minimum: 0 },
    },
    ["startColumn", "endColumn"],
  ),
});

/** As SonarQube's documentation tells the fields of generic issue data. */
const SONARQUBE = strict({
  rules: {
    type: "array",
    items: strict({
      id: text,
      name: text,
      description: text,
      engineId: text,
      cleanCodeAttribute: { enum: ["CONVENTIONAL", "TRUSTWORTHY"] },
      impacts: {
        type: "array",
        minItems: 1,
        items: strict({
          softwareQuality: { enum: ["SECURITY", "RELIABILITY", "MAINTAINABILITY"] },
          severity: { enum: ["INFO", "LOW", "MEDIUM", "HIGH", "BLOCKER"] },
        }),
      },
    }),
  },
  issues: {
    type: "array",
    items: strict(
      {
        ruleId: text,
        primaryLocation: SONAR_LOCATION,
        secondaryLocations: { type: "array", items: SONAR_LOCATION },
      },
      ["secondaryLocations"],
    ),
  },
});

const xsd = (body: string): string =>
  `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">${body}</xs:schema>`;

/** What readers of Checkstyle's reports look at; it has no schema of its own. */
const CHECKSTYLE = xsd(`
  <xs:element name="checkstyle"><xs:complexType>
    <xs:sequence><xs:element name="file" minOccurs="0" maxOccurs="unbounded"><xs:complexType>
      <xs:sequence><xs:element name="error" minOccurs="0" maxOccurs="unbounded"><xs:complexType>
        <xs:attribute name="line" type="xs:positiveInteger" use="required"/>
        <xs:attribute name="column" type="xs:positiveInteger"/>
        <xs:attribute name="severity" use="required"><xs:simpleType><xs:restriction base="xs:string">
          <xs:enumeration value="error"/><xs:enumeration value="warning"/>
          <xs:enumeration value="info"/><xs:enumeration value="ignore"/>
        </xs:restriction></xs:simpleType></xs:attribute>
        <xs:attribute name="message" type="xs:string" use="required"/>
        <xs:attribute name="source" type="xs:string"/>
      </xs:complexType></xs:element></xs:sequence>
      <xs:attribute name="name" type="xs:string" use="required"/>
    </xs:complexType></xs:element></xs:sequence>
    <xs:attribute name="version" type="xs:string"/>
  </xs:complexType></xs:element>`);

const counts = ["tests", "failures", "errors"]
  .map((name) => `<xs:attribute name="${name}" type="xs:nonNegativeInteger" use="required"/>`)
  .join("");

/** The part of JUnit's reports that Jenkins and GitLab read. */
const JUNIT = xsd(`
  <xs:element name="testsuites"><xs:complexType>
    <xs:sequence><xs:element name="testsuite" minOccurs="0" maxOccurs="unbounded"><xs:complexType>
      <xs:sequence><xs:element name="testcase" maxOccurs="unbounded"><xs:complexType>
        <xs:choice minOccurs="0">
          <xs:element name="failure"><xs:complexType><xs:simpleContent><xs:extension base="xs:string">
            <xs:attribute name="message" type="xs:string"/><xs:attribute name="type" type="xs:string"/>
          </xs:extension></xs:simpleContent></xs:complexType></xs:element>
          <xs:element name="system-out" type="xs:string"/>
        </xs:choice>
        <xs:attribute name="name" type="xs:string" use="required"/>
        <xs:attribute name="classname" type="xs:string" use="required"/>
        <xs:attribute name="time" type="xs:decimal"/>
      </xs:complexType></xs:element></xs:sequence>
      <xs:attribute name="name" type="xs:string" use="required"/>${counts}
      <xs:attribute name="skipped" type="xs:nonNegativeInteger"/>
      <xs:attribute name="time" type="xs:decimal"/>
    </xs:complexType></xs:element></xs:sequence>
    <xs:attribute name="name" type="xs:string"/>${counts}
  </xs:complexType></xs:element>`);
