import { expect, test } from "vitest";
import type { Measurement } from "../../engine/measurement.ts";
import { formatMeasurementMarkdown } from "./measurement-markdown.ts";
import { formatMeasurementTty } from "./measurement-tty.ts";

const at = (line: number): Measurement["findings"][number]["range"] => ({
  start: { line, column: 1 },
  end: { line, column: 9 },
});

const instruction = (index: number, text: string): Measurement["instructions"][number] => ({
  ...{ index, text, keyword: text.split(" ")[0] ?? "", range: at(index + 1), stage: 0 },
  ...{ reachable: true, shipped: true, layers: [], bytes: 0, entries: 0, hides: 0 },
});

const layer = (index: number, bytes: number): Measurement["layers"][number] => ({
  ...{ index, bytes, digest: `sha256:${index}`, added: 1, changed: 0, deleted: 0 },
  ...{ origin: index === 0 ? "base" : "instruction", waste: [], largest: [] },
  ...(index > 0 && { instruction: index }),
});

const before = { bytes: 12_000_000, wastedBytes: 4_000_000, layers: 3 };
const after = { bytes: 8_000_000, wastedBytes: 0, layers: 2 };

const MEASUREMENT: Measurement = {
  path: "app/Dockerfile",
  text: "",
  build: { engine: "28.5.2", builder: "buildkit", seconds: 75, stepSeconds: 60, steps: 3, cachedSteps: 1 },
  image: {
    ...{ id: "sha256:1", bytes: 12_000_000, visibleBytes: 8_000_000, entries: 10, user: "" },
    base: { name: "debian:12", layers: 1, bytes: 4_000_000 },
    waste: { bytes: 4_000_000, ownBytes: 4_000_000, baseBytes: 0 },
  },
  layers: [
    layer(0, 4_000_000),
    {
      ...layer(1, 4_000_000),
      waste: [
        {
          ...{ kind: "metadata", bytes: 4_000_000, files: 1 },
          largest: [{ path: "/a\u001b[31m|b", bytes: 4_000_000, hiddenBy: 2 }],
        },
      ],
    },
    layer(2, 4_000_000),
  ],
  instructions: [
    { ...instruction(0, "FROM debian:12"), step: { cached: true, seconds: 0, started: 0, completed: 0 } },
    { ...instruction(1, "COPY a /a"), layers: [1], bytes: 4_000_000, entries: 1 },
    {
      ...instruction(2, "RUN   chmod\n755 | <b> /a"),
      ...{ layers: [2], bytes: 4_000_000, entries: 1, hides: 4_000_000 },
      step: { cached: false, seconds: 65, started: 1, completed: 66 },
    },
    { ...instruction(3, "RUN never"), reachable: false },
  ],
  findings: [
    {
      ...{
        rule: "DFL105",
        name: "chmod-copies-layer",
        severity: "warning",
        target: "dockerfile",
        range: at(3),
      },
      ...{ message: "chmod\u202e copies *it*.", instruction: 2, fix: "safe" },
      evidence: ["Counted."],
      saves: { bytes: 4_000_000, unit: "image", source: "proved" },
    },
    {
      ...{ rule: "DFL602", name: "dockerignore-git", severity: "info", target: "dockerignore", range: at(1) },
      ...{ message: ".git is sent.", evidence: [] },
      saves: { bytes: 500, unit: "context", source: "context" },
    },
  ],
  context: {
    ...{ path: ".", files: 1200, bytes: 2_000_000, sentBytes: 10, usedFiles: 1, usedBytes: 20_000 },
    ...{ ignoreLines: ["```", "docs"], ignoreFile: ".dockerignore" },
    unused: [{ path: "docs", folder: true, files: 3, bytes: 1_900_000 }],
  },
  tree: { name: "/", bytes: 8_000_000 },
  budgets: [
    { name: "wasted-bytes", limit: 1_000_000, actual: 4_000_000, kept: false },
    { name: "image-bytes", limit: 20_000_000, actual: 12_000_000, kept: true },
  ],
  fixes: [
    {
      ...{ finding: 0, rule: "DFL105", title: "Do", applicability: "safe", diff: "" },
      proof: { verdict: "identical", differences: [], before, after },
    },
  ],
  together: { fixes: 2, diff: "", proof: { verdict: "equivalent", differences: [], before, after } },
  notes: ["Nothing else."],
};

test("people see lines with their costs, waste, what fixes save, the context and budgets", () => {
  expect(formatMeasurementTty(MEASUREMENT, { colour: false, columns: 80 })).toBe(
    `app/Dockerfile: 12.0 MB in 3 layers, 4.0 MB of them from debian:12; 4.0 MB wasted. Built in 1 min 15 s with 3 steps, 1 from the cache, by BuildKit of Docker 28.5.2.

line  instruction                                            time   bytes  paths
   1  FROM debian:12                                       cached
   2  COPY a /a                                                    4.0 MB      1  4.0 MB of it wasted
   3  RUN chmod 755 | <b> /a                            1 min 5 s  4.0 MB      1  hides 4.0 MB

Wasted, in the image and seen by no container:
  4.0 MB in line 2: copied only to change mode, owner or time by line 3: /a\\u{1b}[31m|b (4.0 MB)

Findings, and what mending them saves:
  app/Dockerfile:3 DFL105 chmod-copies-layer saves 4.0 MB (proved) identical: chmod\\u{202e} copies *it*.
    = Counted.
  .dockerignore:1 DFL602 dockerignore-git saves 500 B of the context: .git is sent.
  The 2 fixes together: 12.0 MB (4.0 MB wasted) → 8.0 MB (0 B wasted), and what a container sees is equivalent.

Context .: 1,200 files, 2.0 MB; 10 B sent; 1 file, 20.0 kB (1 %) used by COPY, ADD and bind mounts.
  Never taken:
    1.9 MB in docs/ (3 files)
  These lines at the end of .dockerignore keep it out:
    \`\`\`
    docs

wasted-bytes: 4.0 MB, over the budget of 1.0 MB
image-bytes: 12.0 MB, within the budget of 20.0 MB

Nothing else.
`,
  );
});

test("colours mark waste, and an old terminal gets ASCII", () => {
  const text = formatMeasurementTty(MEASUREMENT, { colour: true, columns: 60, ascii: true });
  expect(text).toContain("\u001b[33m  hides 4.0 MB\u001b[39m");
  expect(text).toContain("\u001b[31mwasted-bytes: 4.0 MB, over");
  expect(text).toContain("12.0 MB (4.0 MB wasted) -> 8.0 MB");
  expect(text).not.toContain("…");
});

test("Markdown keeps what is in a Dockerfile from being markup", () => {
  const text = formatMeasurementMarkdown(MEASUREMENT);
  expect(text).toContain("## app/Dockerfile\n");
  expect(text).toContain("- ❌ wasted-bytes: 4.0 MB, over the budget of 1.0 MB\n");
  expect(text).toContain("| 3 | RUN chmod 755 \\| &lt;b&gt; /a | 1 min 5 s | 4.0 MB | 1 | hides 4.0 MB |\n");
  expect(text).toContain(
    "| app/Dockerfile:3 | DFL105 chmod-copies-layer | 4.0 MB \\(proved\\) | identical |",
  );
  expect(text).toContain("chmod\\\\u\\{202e\\} copies \\*it\\*.");
  expect(text).toContain("\n````\n```\ndocs\n````\n");
  expect(text).not.toContain("never");
});
