/** What mending a finding saves, as far as the layers of one build tell. */
import { contextFacts, sentBelow, type ContextFacts } from "../../linter/facts/context-facts.ts";
import type { Diagnostic } from "../../linter/diagnostic.ts";
import { applyEdits } from "../../source/edit.ts";
import type { Instruction } from "../../syntax/nodes.ts";
import { entriesOf } from "./measure-contents.ts";
import type { MeasuredSaving, WasteKind } from "../measurement.ts";
import type { ImageContents } from "../port.ts";

/** How a rule's finding shows in layers. */
type Shows =
  /** Bytes below, hidden by the instruction of the finding. */
  | { readonly hides: WasteKind }
  /** Bytes in the layer of the instruction itself, in folders that nothing in the image needs. */
  | { readonly leaves: RegExp }
  /** Seconds of the steps that the finding relates to, each time they run for nothing. */
  | { readonly reruns: true };

const PACKAGE_CACHES =
  /^\/(?:var\/cache\/(?:apk|apt|yum|dnf|libdnf5|zypp)|var\/lib\/apt\/lists|etc\/apk\/cache|usr\/local\/share\/\.cache)\/|\/\.(?:cache|npm\/_cacache|yarn\/cache|cargo\/registry|bundle\/cache|gradle\/caches|m2\/repository)\/|^\/go\/pkg\/mod\/cache\//;

const RULES: ReadonlyMap<string, Shows> = new Map<string, Shows>([
  ["DFL101", { reruns: true }],
  ["DFL102", { reruns: true }],
  ["DFL104", { hides: "deleted" }],
  ["DFL105", { hides: "metadata" }],
  ["DFL401", { leaves: /^\/(?:var\/cache\/apk|etc\/apk\/cache)\// }],
  ["DFL402", { leaves: /\/\.cache\/pip\// }],
  ["DFL405", { leaves: /^\/var\/lib\/apt\/lists\// }],
  ["DFL406", { leaves: /^\/var\/cache\/(?:yum|dnf|libdnf5|zypp)\// }],
  ["DFL407", { leaves: /^\/usr\/local\/share\/\.cache\/|\/\.cache\/yarn\/|\/\.yarn\/(?:berry\/)?cache\// }],
  ["DFL409", { leaves: PACKAGE_CACHES }],
]);

/** What the joined build tells. */
export interface SavingFacts {
  readonly contents: ImageContents;
  readonly context: ContextFacts | undefined;
  /** The instruction that a place in the Dockerfile lies in. */
  readonly instructionAt: (offset: number) => Instruction | undefined;
  /** Indexes of the layers in the image that an instruction made. */
  readonly layersOf: (instruction: Instruction) => readonly number[];
  /** How long its step ran; undefined where it did not, or came from the cache. */
  readonly secondsOf: (instruction: Instruction) => number | undefined;
  /** The text of a place. */
  readonly slice: (diagnostic: Diagnostic) => string;
  /** Bytes below this layer are the base image's, which no fix can save. */
  readonly baseLayers: number;
}

/** The saving of each finding; undefined where layers do not tell it. */
export function savingsOf(
  diagnostics: readonly Diagnostic[],
  facts: SavingFacts,
): readonly (MeasuredSaving | undefined)[] {
  return diagnostics.map((diagnostic) => {
    const shows = RULES.get(diagnostic.rule);
    const instruction =
      diagnostic.target === "dockerfile" ? facts.instructionAt(diagnostic.span.start) : undefined;
    if (shows === undefined || instruction === undefined) return contextSaving(diagnostic, facts.context);
    if ("reruns" in shows) return rerunSaving(diagnostic, facts);
    const bytes =
      "leaves" in shows
        ? leftBy(instruction, shows.leaves, facts)
        : hiddenBy(diagnostic, instruction, shows.hides, diagnostics, facts);
    return { bytes, unit: "image", source: "layers" };
  });
}

function rerunSaving(diagnostic: Diagnostic, facts: SavingFacts): MeasuredSaving | undefined {
  const steps = new Set(diagnostic.related.flatMap(({ span }) => facts.instructionAt(span.start) ?? []));
  const seconds = [...steps].flatMap((step) => facts.secondsOf(step) ?? []);
  if (seconds.length === 0) return undefined;
  const total = seconds.reduce((sum, one) => sum + one, 0);
  return { bytes: 0, seconds: total, unit: "image", source: "layers" };
}

function leftBy(instruction: Instruction, pattern: RegExp, { contents, layersOf }: SavingFacts): number {
  const entries = layersOf(instruction).flatMap((index) => {
    const layer = contents.layers[index];
    return layer === undefined ? [] : entriesOf(layer);
  });
  // Another name of a file costs nothing more.
  const found = entries.filter(({ path, hardLinkTo }) => hardLinkTo === undefined && pattern.test(path));
  return found.reduce((sum, { size }) => sum + size, 0);
}

/**
 * Where one instruction has several findings of a rule, each gets what its words name, and the first that names nothing
 * gets the rest.
 */
function hiddenBy(
  diagnostic: Diagnostic,
  instruction: Instruction,
  kind: WasteKind,
  all: readonly Diagnostic[],
  facts: SavingFacts,
): number {
  const layers = new Set(facts.layersOf(instruction));
  const files = facts.contents.waste.files.filter(
    ({ hiddenBy, layer, reason }) => reason === kind && layers.has(hiddenBy) && layer >= facts.baseLayers,
  );
  const siblings = all.filter(
    ({ rule, span, target }) =>
      rule === diagnostic.rule && target === "dockerfile" && facts.instructionAt(span.start) === instruction,
  );
  const claims = siblings.map((one) => {
    const isNamed = namedBy(facts.slice(one));
    return files.filter(({ path }) => isNamed(path));
  });
  const own = siblings.indexOf(diagnostic);
  const isRest = claims.findIndex((claim) => claim.length === 0) === own;
  const claimed = new Set(claims.flat());
  const counted = isRest ? files.filter((file) => !claimed.has(file)) : (claims[own] ?? []);
  return counted.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Whether a path, or what it is in, is among the words of a command. */
function namedBy(words: string): (path: string) => boolean {
  const patterns = words.split(/[\s"']+/).flatMap((word): RegExp[] => {
    const clean = word.replace(/^\.?\//, "").replace(/\/+$/, "");
    if (clean === "" || word.startsWith("-")) return [];
    const source = clean
      .split(/(\*+|\?)/)
      .map((part) => (part === "?" ? "[^/]" : part.startsWith("*") ? "[^/]*" : escaped(part)))
      .join("");
    return [new RegExp(`${word.startsWith("/") ? "^/" : "/"}${source}(?:/|$)`)];
  });
  return (path) => patterns.some((pattern) => pattern.test(path));
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

/** What of the context stays out once the fix of the ignore file is applied. */
function contextSaving({ fixes }: Diagnostic, facts: ContextFacts | undefined): MeasuredSaving | undefined {
  const fix = fixes.find(({ target }) => target === "dockerignore");
  if (fix === undefined || facts === undefined || facts.ignoreProblem !== undefined) return undefined;
  const text = applyEdits(facts.ignoreFile?.text ?? "", fix.edits);
  const ignoreFile = { path: facts.ignoreFile?.path ?? ".dockerignore", text };
  const after = contextFacts({ ...facts.source, ignoreFile });
  if (after.ignoreProblem !== undefined) return undefined;
  const bytes = sentBelow(facts, "").bytes - sentBelow(after, "").bytes;
  return { bytes: Math.max(0, bytes), unit: "context", source: "context" };
}
