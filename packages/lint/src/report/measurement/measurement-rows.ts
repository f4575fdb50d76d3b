/** What a measurement says, as rows of words: the same for a terminal and for Markdown. */
import type { MeasuredFinding, MeasuredInstruction, Measurement } from "../../engine/measurement.ts";
import { engineName } from "../../linter/facts/engine-name.ts";
import { showBytes, showCount, showSeconds, showShare } from "../../linter/quantity.ts";

/** The Dockerfile, and for whom it is built where a compose or bake file says. */
export function titleOf({ path, build: { name } }: Measurement): string {
  return name === undefined ? path : `${path} [${name}]`;
}

/** One sentence about the whole. */
export function summaryOf({ image, build, layers }: Measurement): string {
  const { base, waste } = image;
  const name = base.name === undefined ? "its base" : base.name;
  const of = base.layers === 0 ? "" : `, ${showBytes(base.bytes)} of them from ${name}`;
  const wasted = waste.bytes === 0 ? "nothing wasted" : `${showBytes(waste.bytes)} wasted`;
  const cached = build.cachedSteps === 0 ? "" : `, ${build.cachedSteps} from the cache`;
  const builder = build.builder === "buildkit" ? "BuildKit" : "the classic builder";
  return (
    `${showBytes(image.bytes)} in ${showCount(layers.length, "layer")}${of}; ${wasted}. ` +
    `Built in ${showSeconds(build.seconds)} with ${showCount(build.steps, "step")}${cached}, by ${builder} of ${engineName(build.engine)}.`
  );
}

/** One instruction: line, text, time, bytes, paths, what it hides. */
export interface InstructionRow {
  readonly line: string;
  readonly text: string;
  /** A time, `cached`, or nothing. */
  readonly seconds: string;
  readonly bytes: string;
  readonly entries: string;
  /** What of its layers is wasted, and what it wastes. */
  readonly note: string;
  readonly wasteful: boolean;
}

/** The instructions that the build needs. */
export function instructionRows(measurement: Measurement): InstructionRow[] {
  return measurement.instructions.filter(({ reachable }) => reachable).map((one) => rowOf(one, measurement));
}

function rowOf(one: MeasuredInstruction, { layers }: Measurement): InstructionRow {
  const wasted = one.layers.flatMap((index) => layers[index]?.waste ?? []);
  const hidden = wasted.reduce((sum, { bytes }) => sum + bytes, 0);
  const notes = [
    ...(hidden > 0 ? [`${showBytes(hidden)} of it wasted`] : []),
    ...(one.hides > 0 ? [`hides ${showBytes(one.hides)}`] : []),
    ...(one.keyword === "FROM" && one.layers.length > 0 ? ["by ONBUILD triggers"] : []),
  ];
  return {
    line: String(one.range.start.line),
    text: one.text.replace(/\s+/g, " "),
    seconds: one.step === undefined ? "" : one.step.cached ? "cached" : showSeconds(one.step.seconds),
    bytes: one.layers.length === 0 ? "" : showBytes(one.bytes),
    entries: one.layers.length === 0 ? "" : String(one.entries),
    note: notes.join(", "),
    wasteful: hidden > 0 || one.hides > 0,
  };
}

/** Bytes that no container sees, by layer and reason. */
export function wasteRows(measurement: Measurement): { bytes: string; text: string; paths: string[] }[] {
  const { layers } = measurement;
  const groups = layers.flatMap((layer) => layer.waste.map((waste) => ({ layer, waste })));
  return groups
    .sort((a, b) => b.waste.bytes - a.waste.bytes)
    .slice(0, 10)
    .map(({ layer, waste }) => {
      const hiders = [...new Set(waste.largest.map(({ hiddenBy }) => placeOf(hiddenBy, measurement)))];
      return {
        bytes: showBytes(waste.bytes),
        text: `in ${placeOf(layer.index, measurement)}: ${WASTE[waste.kind]} by ${hiders.join(", ")}`,
        paths: waste.largest.slice(0, 3).map(({ path, bytes }) => `${path} (${showBytes(bytes)})`),
      };
    });
}

const WASTE = {
  deleted: "deleted",
  rewritten: "written anew",
  metadata: "copied only to change mode, owner or time",
} as const;

/** `line 4`, where a layer comes from a line. */
function placeOf(layer: number, { layers, instructions }: Measurement): string {
  const { origin = "unknown", instruction } = layers[layer] ?? {};
  const line = instruction === undefined ? undefined : instructions[instruction]?.range.start.line;
  if (origin === "base") return "the base image";
  if (origin === "trigger") return `an ONBUILD trigger of line ${line}`;
  return line === undefined ? `layer ${layer}` : `line ${line}`;
}

/** Findings whose gain is known or that have a fix, and what that is. */
export function findingRows({ findings, path, context, fixes }: Measurement): {
  readonly place: string;
  readonly rule: string;
  readonly saves: string;
  readonly message: string;
  readonly evidence: readonly string[];
  readonly proof: string;
}[] {
  const proofs = new Map(fixes.map(({ finding, proof }) => [finding, proof]));
  return findings.map((finding, index) => {
    const file = finding.target === "dockerfile" ? path : (context?.ignoreFile ?? ".dockerignore");
    return {
      place: `${file}:${finding.range.start.line}`,
      rule: `${finding.rule} ${finding.name}`,
      saves: savingOf(finding),
      message: finding.message,
      evidence: finding.evidence,
      proof: proofs.get(index)?.verdict ?? "",
    };
  });
}

function savingOf({ saves }: MeasuredFinding): string {
  if (saves === undefined || (saves.bytes === 0 && saves.seconds === undefined)) return "";
  const { bytes, seconds, unit, source } = saves;
  const of = unit === "context" ? " of the context" : "";
  const parts = [
    ...(bytes !== 0 || seconds === undefined
      ? [`${bytes < 0 ? "−" : ""}${showBytes(Math.abs(bytes))}${of}`]
      : []),
    ...(seconds === undefined ? [] : [`${showSeconds(seconds)} a rebuild`]),
  ];
  return `${parts.join(", ")}${source === "proved" ? " (proved)" : ""}`;
}

/** What is said of the context, line by line. */
export function contextRows({ context }: Measurement): {
  summary: string;
  unused: string[];
  lines: readonly string[];
} {
  if (context === undefined) return { summary: "", unused: [], lines: [] };
  const { files, bytes, usedFiles, usedBytes, sentBytes, unused, ignoreLines } = context;
  const sent = sentBytes === undefined ? "" : `; ${showBytes(sentBytes)} sent`;
  return {
    summary: `${showCount(files, "file")}, ${showBytes(bytes)}${sent}; ${showCount(usedFiles, "file")}, ${showBytes(usedBytes)} (${showShare(usedBytes, bytes)}) used by COPY, ADD and bind mounts`,
    unused: unused.map(
      ({ path, folder, files: count, bytes: size }) =>
        `${showBytes(size)} in ${path}${folder ? `/ (${showCount(count, "file")})` : ""}`,
    ),
    lines: ignoreLines,
  };
}

/** Limits, and whether they are kept. */
export function budgetRows({ budgets }: Measurement): { text: string; kept: boolean }[] {
  return budgets.map(({ name, actual, limit, kept }) => ({
    text: `${name}: ${showBytes(actual)}, ${kept ? "within" : "over"} the budget of ${showBytes(limit)}`,
    kept,
  }));
}

/** What the fixes do that most likely keep what the image does, where they were built. */
export function togetherRow({ together }: Measurement): string {
  if (together === undefined) return "";
  const { fixes, proof } = together;
  const all = fixes === 1 ? "The fix" : `The ${fixes} fixes together`;
  if (proof === undefined) {
    return `${showCount(fixes, "fix", "fixes")} that should keep what the image does: --prove builds and compares.`;
  }
  const { verdict, before, after } = proof;
  if (after === undefined) return `${all}: does not build.`;
  const [from, to] = [before, after].map(
    ({ bytes, wastedBytes }) => `${showBytes(bytes)} (${showBytes(wastedBytes)} wasted)`,
  );
  return `${all}: ${from} → ${to}, and what a container sees is ${verdict}.`;
}
