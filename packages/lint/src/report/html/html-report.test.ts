import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { MeasuredInstruction, MeasuredLayer, Measurement } from "../../engine/measurement.ts";
import { htmlReport } from "./html-report.ts";

/** Of a build on a real engine. */
const sample = JSON.parse(
  readFileSync(new URL("../../../../../test/fixtures/measurement.json", import.meta.url), "utf8"),
) as Measurement; // as `dflint measure` wrote it

/** What a page must not take from a Dockerfile or an image. */
const HOSTILE = `</script></style><img src=x onerror=alert(1)>"' onfocus='x\u202e\u0000\u001b[2J&lt;\u200f`;

/** A measurement in which every text ends with something else. */
function withTexts(measurement: Measurement, change: (text: string, key: string) => string): Measurement {
  return JSON.parse(
    JSON.stringify(measurement, (key, value: unknown) =>
      typeof value === "string" ? change(value, key) : value,
    ),
  ) as Measurement; // only its texts are changed
}

function idsOf(page: string): string[] {
  return [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id ?? "");
}

function brokenLinks(page: string): string[] {
  const ids = new Set(idsOf(page));
  return [...page.matchAll(/ href="#([^"]*)"/g)].map(([, id]) => id ?? "").filter((id) => !ids.has(id));
}

describe("the page", () => {
  const page = htmlReport(sample);

  it("tells the sizes, the lines, the findings, the waste, the steps and the fixes", () => {
    const shown = page.replaceAll(/\s+/g, " ");
    const texts = [
      "49.4 MB",
      "17.2 MB",
      "chmod copies /app/server.js into this layer once more",
      "the proposed fixes leave <b>32.2 MB</b>",
      "4 fixes together",
      "/tmp/vendor.tar",
      "12.2 MB over the budget of 5.0 MB",
      "within the budget of 60.0 MB",
      "Replace ADD with COPY",
      "proved: identical files",
      "node_modules/",
    ];
    expect(texts.filter((text) => !shown.includes(text))).toEqual([]);
  });

  it("asks nobody for anything", () => {
    expect(page).not.toMatch(/\b(?:src|href|action|poster|srcset)="(?!#|data:)/);
    expect(page).not.toMatch(/@import|url\((?!#)/);
  });

  it("lets only its own style and script act, by their hashes", () => {
    const [, policy = ""] = /Content-Security-Policy"\s+content="([^"]*)"/.exec(page) ?? [];
    for (const tag of ["style", "script"]) {
      const [, text = ""] = new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(page) ?? [];
      const hash = createHash("sha256").update(text).digest("base64");
      expect(policy).toContain(`${tag}-src &#39;sha256-${hash}&#39;`);
    }
    expect(policy).toContain("default-src &#39;none&#39;");
    expect(page.match(/<(?:style|script)\b/g)).toHaveLength(2);
    expect(page).not.toMatch(/ (?:style|on[a-z]+)="/);
  });

  it("has no id twice and no link to nowhere", () => {
    const ids = idsOf(page);
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
    expect(brokenLinks(page)).toEqual([]);
  });
});

describe("hostile texts", () => {
  /** Tags and attributes without their values: what a text could change. */
  const skeleton = (page: string): string[] =>
    [...page.matchAll(/<(\/?[a-z1-6]+)/g)]
      .map(([, tag]) => tag ?? "")
      .filter((tag) => !/clip|text|rect|g$/.test(tag));

  const kept = new Set([
    "keyword",
    "origin",
    "kind",
    "severity",
    "builder",
    "target",
    "unit",
    "source",
    "verdict",
    "applicability",
  ]);
  const hostile = withTexts(sample, (text, key) =>
    kept.has(key) || text === "" ? text : `${text}${HOSTILE}`,
  );
  const page = htmlReport(hostile);

  it("stay texts", () => {
    expect(page).not.toContain("<img");
    for (const unseen of "\u0000\u001b\u202e\u200f") expect(page).not.toContain(unseen);
    expect(page.match(/<\/script>/g)).toHaveLength(1);
    expect(page).toContain("&lt;/script&gt;&lt;/style&gt;&lt;img src=x onerror=alert(1)&gt;");
    expect(page).toContain("\\u{202e}");
  });

  it("change none of the page's elements", () => {
    // The diff's last line and the text's last line end without a line feed now; nothing else may differ.
    expect(new Set(skeleton(page))).toEqual(new Set(skeleton(htmlReport(sample))));
    expect(brokenLinks(page)).toEqual([]);
  });

  it("in a Dockerfile with any line ends show line for line", () => {
    const text = 'FROM x\r\nRUN echo "</code>"\r\n# \u2028 end';
    const shown = htmlReport({ ...sample, text, instructions: [], layers: [], findings: [], fixes: [] });
    expect(shown.match(/<span class="number">/g)).toHaveLength(3);
    expect(shown).toContain("RUN echo &quot;&lt;/code&gt;&quot;</code>");
    expect(shown).toContain("\\u{2028} end");
  });
});

describe("large images", () => {
  const lines = 5000;
  const layers = Array.from({ length: 200 }, (_, index): MeasuredLayer => {
    const largest = Array.from({ length: 10 }, (_, at) => ({
      path: `/${"p".repeat(200)}/${at}`,
      bytes: 9,
      hiddenBy: 199,
    }));
    const waste = [{ kind: "deleted" as const, bytes: 90, files: 4000, largest }];
    return {
      index,
      digest: "sha256:0",
      bytes: 1000 + index,
      added: 9,
      changed: 9,
      deleted: 9,
      origin: "instruction",
      instruction: index * 25,
      waste,
      largest,
    };
  });
  const instructions = Array.from({ length: lines }, (_, index): MeasuredInstruction => {
    const range = { start: { line: index + 1, column: 1 }, end: { line: index + 1, column: 900 } };
    const step = { cached: false, seconds: 1, started: index, completed: index + 1 };
    const own = index % 25 === 0 ? [index / 25] : [];
    const text = `RUN ${"x".repeat(896)}`;
    return {
      index,
      keyword: "RUN",
      text,
      range,
      reachable: true,
      shipped: true,
      step,
      layers: own,
      bytes: 1,
      entries: 1,
      hides: 0,
    };
  });
  const children = Array.from({ length: 100_000 }, (_, at) => ({
    name: `file-${at}`,
    bytes: 100_000 - at,
    layer: at % 200,
  }));
  const bytes = children.reduce((sum, child) => sum + child.bytes, 0);
  const finding = sample.findings[0];
  const findings = finding === undefined ? [] : Array.from({ length: 10_000 }, () => finding);
  const diff = "+x\n".repeat(50_000);
  const fixes = Array.from({ length: 500 }, () => ({
    finding: 0,
    rule: "DFL106",
    title: "Merge",
    applicability: "safe" as const,
    diff,
  }));
  const large: Measurement = {
    ...sample,
    text: instructions.map(({ text }) => text).join("\n"),
    layers,
    instructions,
    findings,
    fixes,
    tree: { name: "/", bytes, children },
  };
  const page = htmlReport(large);

  it("make a page that is small, and tells how much more there is", () => {
    expect(page.length).toBeLessThan(4_000_000);
    for (const more of [
      "and 3,500 more lines",
      "and 470 more fixes",
      "more steps",
      "more layers",
      "more findings",
    ]) {
      expect(page).toContain(more);
    }
    expect(brokenLinks(page)).toEqual([]);
  });

  it("in one line of megabytes are cut", () => {
    const text = `FROM x\nRUN ${"y".repeat(5_000_000)}`;
    const one = htmlReport({ ...sample, text, instructions: [], layers: [], findings: [], fixes: [] });
    expect(one.length).toBeLessThan(200_000);
    expect(one).toContain("4,999,004 more characters");
  });
});

it("shows an image of which next to nothing is known", () => {
  const { context: _context, ...rest } = sample;
  const image = {
    ...sample.image,
    bytes: 0,
    visibleBytes: 0,
    entries: 0,
    base: { layers: 0, bytes: 0 },
    waste: { bytes: 0, ownBytes: 0, baseBytes: 0 },
  };
  const tree = { name: "/", bytes: 0 };
  const page = htmlReport({
    ...rest,
    image,
    tree,
    text: "",
    layers: [],
    instructions: [],
    findings: [],
    fixes: [],
    budgets: [],
    notes: ["No."],
  });
  expect(page).toContain("a container sees every byte");
  expect(page).toContain("<li>No.</li>");
  expect(page).not.toMatch(/NaN|Infinity|undefined/);
});
