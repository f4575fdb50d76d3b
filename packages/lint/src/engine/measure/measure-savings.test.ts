import { expect, test } from "vitest";
import { Linter } from "../../linter/linter.ts";
import type { RuleSelection } from "../../linter/active-rules.ts";
import { rules } from "../../rules/index.ts";
import { measureFindings } from "./measure-findings.ts";
import { measureInstructions } from "./measure-instructions.ts";
import { savingsOf } from "./measure-savings.ts";
import { parseDockerfile } from "../../syntax/parser.ts";
import type { LayerOrigin } from "./measure-layers.ts";
import type { MeasuredFinding } from "../measurement.ts";
import type { ImageContents, ImageFile, ImageLayer } from "../port.ts";

type Sizes = Readonly<Record<string, number>>;

/** Layers with the paths that each adds, those of a base at the bottom, and what is hidden in them. */
function contentsOf(
  layers: readonly Sizes[],
  hidden: readonly Partial<ImageContents["waste"]["files"][number]>[] = [],
): ImageContents {
  const entry = (layer: number, path: string, size: number): ImageFile => ({
    ...{ path, size, layer, type: "file", mode: 0o644, uid: 0, gid: 0 },
  });
  return {
    layers: layers.map((sizes, layer): ImageLayer => ({
      ...{ digest: `sha256:${layer}`, instruction: undefined, createdBy: undefined, created: undefined },
      ...{ comment: undefined, historyIndex: layer, changed: [], deleted: [] },
      size: Object.values(sizes).reduce((sum, size) => sum + size, 0),
      added: Object.entries(sizes).map(([path, size]) => entry(layer, path, size)),
    })),
    files: new Map(),
    waste: {
      ...{ bytes: 0, ownBytes: 0, baseBytes: 0, baseLayers: 1 },
      files: hidden.map((file) => ({
        ...{ path: "", bytes: 0, reason: "deleted", layer: 1, hiddenBy: 2, inBase: false },
        ...file,
      })),
    },
  };
}

/** What the findings of a rule save; `lines` are those of the layers above the base's one. */
function savings(
  text: string,
  rule: string,
  lines: readonly number[],
  contents: ImageContents,
): (MeasuredFinding["saves"] | string)[] {
  const selection: RuleSelection = { preset: "strict", only: [rule] };
  const lint = new Linter(rules, selection).lint({ text });
  const nodes = lint.dockerfile.instructions;
  const origins = [
    { kind: "base" as const },
    ...lines.map((line): LayerOrigin => {
      const instruction = nodes.find(({ startLine }) => startLine === line);
      return instruction === undefined ? { kind: "unknown" } : { kind: "instruction", instruction };
    }),
  ];
  const step = {
    id: "1",
    name: "",
    number: 1,
    total: 1,
    state: "completed",
    started: 0,
    ended: 2500,
  } as const;
  const byInstruction = new Map(nodes.map((node) => [node, { ...step, log: "", image: undefined }]));
  const joined = { byInstruction, triggers: new Map(), triggerCounts: new Map() };
  const instructions = measureInstructions(lint.model, joined, origins, contents);
  const input = { path: "Dockerfile", context: undefined, diff: () => "" };
  const { findings } = measureFindings(lint, input, { contents, instructions, baseLayers: 1 });
  return findings.map(({ saves }) => saves ?? "unknown");
}

const layers = (bytes: number): MeasuredFinding["saves"] => ({ bytes, unit: "image", source: "layers" });

test("a file that is deleted later: its bytes, but not those of the base image, nor what is rewritten", () => {
  const text = "FROM debian:12\nCOPY a.tar /tmp/\nRUN rm /tmp/a.tar\n";
  const contents = contentsOf(
    [{}, { "/tmp/a.tar": 700 }, {}],
    [
      { path: "/tmp/a.tar", bytes: 700 },
      { path: "/usr/base", bytes: 30, layer: 0 },
      { path: "/etc/x", bytes: 9, reason: "rewritten" },
    ],
  );
  expect(savings(text, "DFL104", [2, 3], contents)).toEqual([layers(700)]);
});

test("two findings in one RUN share its bytes by the paths that they name", () => {
  const text = "FROM debian:12\nCOPY a.tar b.tar /tmp/\nRUN make && rm /tmp/a.tar && rm -f /tmp/b.*\n";
  const contents = contentsOf(
    [{}, { "/tmp/a.tar": 700, "/tmp/b.tar": 50 }, {}],
    [
      { path: "/tmp/a.tar", bytes: 700 },
      { path: "/tmp/b.tar", bytes: 50 },
    ],
  );
  expect(savings(text, "DFL104", [2, 3], contents)).toEqual([layers(700), layers(50)]);
});

test("the finding that names nothing gets what the others do not name", () => {
  const text = "FROM debian:12\nCOPY a.tar b.tar /tmp/\nRUN make && rm /tmp/a.tar && rm $(cat list)\n";
  const contents = contentsOf(
    [{}, { "/tmp/a.tar": 700, "/tmp/b.tar": 50 }, {}],
    [
      { path: "/tmp/a.tar", bytes: 700 },
      { path: "/tmp/b.tar", bytes: 50 },
    ],
  );
  const [diagnostic] = new Linter(rules, { only: ["DFL104"] }).lint({ text }).diagnostics;
  if (diagnostic === undefined) throw new Error("nothing is deleted");
  const start = text.indexOf("RUN");
  const rest = { ...diagnostic, span: { start, end: start + 3 } };
  const { instructions } = parseDockerfile(text);
  const run = instructions[2];
  const found = savingsOf([diagnostic, rest], {
    ...{ contents, context: undefined, baseLayers: 1 },
    instructionAt: () => run,
    layersOf: () => [2],
    secondsOf: () => undefined,
    slice: ({ span }) => text.slice(span.start, span.end),
  });
  expect(found).toEqual([layers(700), layers(50)]);
});

test("a mode that is changed later: what is copied up", () => {
  const text = "FROM debian:12\nCOPY app /app\nRUN chmod -R 755 /app\n";
  const contents = contentsOf(
    [{}, { "/app/a": 400 }, { "/app/a": 400 }],
    [{ path: "/app/a", bytes: 400, reason: "metadata" }],
  );
  expect(savings(text, "DFL105", [2, 3], contents)).toEqual([layers(400)]);
});

test("caches that are left in the layer of an installation", () => {
  const text = "FROM debian:12\nRUN apt-get update && apt-get install -y git\n";
  const contents = contentsOf([
    { "/var/lib/apt/lists/old": 1 },
    { "/var/lib/apt/lists/a": 20, "/var/lib/apt/lists/partial/b": 3, "/usr/bin/git": 90 },
  ]);
  expect(savings(text, "DFL405", [2], contents)).toEqual([layers(23)]);
});

test("in a stage that is not shipped nothing is saved of the image", () => {
  const text =
    "FROM debian:12 AS a\nRUN pip install x\nFROM debian:12\nRUN pip install y\nCOPY --from=a /a /\n";
  const contents = contentsOf([{}, { "/root/.cache/pip/http/x": 80, "/y": 1 }, {}]);
  expect(savings(text, "DFL402", [4, 5], contents)).toEqual([layers(80)]);
});

test("a copy that makes an installation run anew: the seconds of that", () => {
  const text = "FROM node:20\nCOPY . .\nRUN npm ci\n";
  const contents = contentsOf([{}, {}, {}]);
  expect(savings(text, "DFL101", [2, 3], contents)).toEqual([
    { bytes: 0, seconds: 2.5, unit: "image", source: "layers" },
  ]);
});

test("what no layer tells is not guessed", () => {
  const text = "FROM debian\nRUN true\n";
  expect(savings(text, "DFL201", [2], contentsOf([{}, {}]))).toEqual(["unknown"]);
});
