/** Baselines on disk: which file's findings are in which, and what that means for a run. */
import { existsSync } from "node:fs";
import { dirname, relative, resolve, sep } from "node:path";
import { decode, describeFileError, readBytes } from "../../files/read.ts";
import type { Diagnostic } from "../../linter/diagnostic.ts";
import { matchBaseline, parseBaseline, type Baseline, type BaselineEntry } from "../../report/baseline.ts";
import { plural, type FileReport } from "../../report/report.ts";
import type { Options } from "../arguments.ts";
import { UsageError } from "../usage-error.ts";
import type { CheckedFile } from "../reports/file-reports.ts";

/** The baseline of those who name none, in the working folder. */
export const DEFAULT_BASELINE = ".dflint-baseline.json";

/** Which baseline holds for a file; whether there is the usual one is looked up once. */
export class BaselinePaths {
  readonly #options: Options;
  #hasDefault: boolean | undefined;

  constructor(options: Options) {
    this.#options = options;
  }

  /** The baseline of a file; undefined where it has none. `--baseline` wins, then the configuration. */
  of({ config }: Pick<CheckedFile, "config">): string | undefined {
    if (this.#options.has("no-baseline")) return undefined;
    const named = this.#options.text("baseline") ?? config.baseline;
    if (named !== undefined) return named;
    this.#hasDefault ??= existsSync(DEFAULT_BASELINE);
    return this.#hasDefault ? DEFAULT_BASELINE : undefined;
  }
}

/** Reads a baseline. Throws a {@link UsageError}. */
export function readBaseline(path: string): Baseline {
  let text: string;
  try {
    ({ text } = decode(readBytes(path)));
  } catch (error) {
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    const hint = isMissing ? ' "dflint baseline create" writes one.' : "";
    throw new UsageError(`Baseline ${describeFileError(path, error)}${hint}`, { cause: error });
  }
  try {
    return parseBaseline(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`Baseline ${path} cannot be used: ${reason}.`, { cause: error });
  }
}

/** What a file is called in a baseline. */
export function nameInBaseline(path: string, baselinePath: string): string {
  return relative(dirname(resolve(baselinePath)), resolve(path))
    .split(sep)
    .join("/");
}

/** Whether the baseline names a file that is there. */
export function isThere(name: string, baselinePath: string): boolean {
  return existsSync(resolve(dirname(resolve(baselinePath)), name));
}

/** A baseline, and how many of its findings are gone. */
interface OpenBaseline {
  readonly baseline: Baseline;
  gone: number;
  /** Of files without a report so far, where one may come: several Dockerfiles share an ignore file. */
  readonly unreported: Map<string, number>;
  readonly reported: Set<string>;
}

/** The baselines of one run, held against one file after the other. */
export class AppliedBaselines {
  readonly #options: Options;
  readonly #paths: BaselinePaths;
  readonly #open = new Map<string, OpenBaseline>();
  /** How many findings were known. */
  known = 0;

  constructor(options: Options) {
    this.#options = options;
    this.#paths = new BaselinePaths(options);
  }

  /** The file without the findings that its baseline knows. Throws a {@link UsageError}. */
  apply(file: CheckedFile): CheckedFile {
    const path = this.#paths.of(file);
    if (path === undefined) return file;
    const open = this.#open.get(path) ?? openBaseline(path);
    this.#open.set(path, open);
    const entriesOf = (name: string): readonly BaselineEntry[] =>
      open.baseline.get(nameInBaseline(name, path)) ?? [];
    // A rule that did not run this time says nothing about what is gone.
    const ran = (entries: readonly BaselineEntry[]): number =>
      entries.filter(({ rule }) => file.ran.has(rule)).length;
    const reports = file.reports.map((report): FileReport => {
      const entries = entriesOf(report.path);
      if (entries.length === 0) return report;
      open.reported.add(report.path);
      open.unreported.delete(report.path);
      const { fresh, known, gone } = matchBaseline(report.diagnostics, entries);
      this.known += known.length;
      open.gone += ran(gone);
      return { ...report, diagnostics: fresh, muted: [...report.muted, ...known.map(knownBefore)] };
    });
    for (const name of file.looked) {
      if (open.reported.has(name) || open.unreported.has(name)) continue;
      const entries = entriesOf(name);
      if (entries.length > 0) open.unreported.set(name, ran(entries));
    }
    return { ...file, reports };
  }

  /** One sentence for each baseline that knows what is gone, after the last file. */
  stale(): readonly string[] {
    if (this.#options.has("changed-since")) return [];
    return [...this.#open].flatMap(([path, { gone, unreported }]) => {
      const all = [...unreported.values()].reduce((sum, count) => sum + count, gone);
      const findings = plural(all, "known finding is", "known findings are");
      return all === 0 ? [] : [`${path}: ${findings} gone; "dflint baseline prune" removes what is gone.`];
    });
  }
}

function knownBefore(diagnostic: Diagnostic): Diagnostic {
  return { ...diagnostic, suppressed: { by: "baseline", reason: undefined } };
}

/** What is known of files that are no more is gone from the start. */
function openBaseline(path: string): OpenBaseline {
  const baseline = readBaseline(path);
  const lost = [...baseline].filter(([name]) => !isThere(name, path));
  const gone = lost.reduce((sum, [, entries]) => sum + entries.length, 0);
  return { baseline, gone, unreported: new Map(), reported: new Set() };
}
