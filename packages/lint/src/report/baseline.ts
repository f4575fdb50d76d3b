/** A baseline: findings that are known and do not count. They are told by fingerprint, so that lines may move. */
import type { Diagnostic } from "../linter/diagnostic.ts";

/** One known finding. One that occurs several times has several, for the fingerprint counts. */
export interface BaselineEntry {
  readonly rule: string;
  /** For those who read the file. */
  readonly name: string;
  readonly fingerprint: string;
}

/** Known findings by file; paths are relative to the folder of the baseline, with `/`. */
export type Baseline = ReadonlyMap<string, readonly BaselineEntry[]>;

/** Reads the text of a baseline. Throws an Error that says what is wrong with it. */
export function parseBaseline(text: string): Baseline {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw new Error(`it is no JSON (${error instanceof Error ? error.message : String(error)})`, {
      cause: error,
    });
  }
  if (!isObject(document) || !isObject(document["files"])) throw new Error("it is no baseline of dflint");
  const version = document["schemaVersion"];
  if (version !== 1)
    throw new Error(`its schemaVersion is ${JSON.stringify(version)}, and this dflint knows 1`);
  return new Map(
    Object.entries(document["files"]).map(([path, entries]) => [path, readEntries(path, entries)]),
  );
}

function readEntries(path: string, entries: unknown): readonly BaselineEntry[] {
  const list: readonly unknown[] = Array.isArray(entries) ? entries : [undefined];
  return list.map((entry) => {
    const { rule, name, fingerprint } = isObject(entry) ? entry : {};
    if (typeof rule === "string" && typeof fingerprint === "string") {
      return { rule, name: typeof name === "string" ? name : rule, fingerprint };
    }
    throw new Error(`what it says of ${path} is not a list of findings with "rule" and "fingerprint"`);
  });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The text of a baseline: sorted, and a finding a line, so that versions of it can be compared and merged. */
export function formatBaseline(baseline: Baseline): string {
  const files = [...baseline]
    .filter(([, entries]) => entries.length > 0)
    .toSorted(([left], [right]) => compare(left, right))
    .map(([path, entries]) => {
      const rows = entries
        // Rule, name, fingerprint: the text begins with what it is sorted by.
        .map(({ rule, name, fingerprint }) => `      ${JSON.stringify({ rule, name, fingerprint })}`)
        .toSorted(compare);
      return `    ${JSON.stringify(path)}: [\n${rows.join(",\n")}\n    ]`;
    });
  const body = files.length === 0 ? "{}" : `{\n${files.join(",\n")}\n  }`;
  return `{\n  "schemaVersion": 1,\n  "files": ${body}\n}\n`;
}

function compare(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}

/** What is known of a finding. */
export function baselineEntry({ rule, name, fingerprint }: Diagnostic): BaselineEntry {
  return { rule, name, fingerprint };
}

/** What a finding is known by. */
type Known = Pick<Diagnostic, "rule" | "fingerprint">;

/** Findings held against what is known. */
export interface Matched<Finding extends Known> {
  /** Not known. */
  readonly fresh: readonly Finding[];
  readonly known: readonly Finding[];
  /** Entries that no finding is for. */
  readonly gone: readonly BaselineEntry[];
}

/** Holds the findings of one file against its entries. Each entry stands for one finding. */
export function matchBaseline<Finding extends Known>(
  diagnostics: readonly Finding[],
  entries: readonly BaselineEntry[],
): Matched<Finding> {
  const left = new Map<string, BaselineEntry[]>();
  for (const entry of entries) left.set(keyOf(entry), [...(left.get(keyOf(entry)) ?? []), entry]);
  const fresh: Finding[] = [];
  const known: Finding[] = [];
  for (const diagnostic of diagnostics) {
    const entry = left.get(keyOf(diagnostic))?.pop();
    if (entry === undefined) fresh.push(diagnostic);
    else known.push(diagnostic);
  }
  return { fresh, known, gone: [...left.values()].flat() };
}

function keyOf({ rule, fingerprint }: Known): string {
  return `${rule} ${fingerprint}`;
}
