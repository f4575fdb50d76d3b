/** Baselines on disk: which file's findings are in which, and what that means for a run. */
import { existsSync } from "node:fs";
import { dirname, relative, resolve, sep } from "node:path";
import { decode, describeFileError, readBytes } from "../../files/read.ts";
import { matchBaseline, parseBaseline, type Baseline, type BaselineEntry } from "../../report/baseline.ts";
import { plural, type FileReport } from "../../report/report.ts";
import type { Options } from "../arguments.ts";
import { UsageError } from "../usage-error.ts";
import type { CheckedFile } from "./file-reports.ts";

/** The baseline of those who name none, in the working folder. */
export const DEFAULT_BASELINE = ".dflint-baseline.json";

/** The baseline of a file; undefined where it has none. `--baseline` wins, then the configuration. */
export function baselinePathOf(
  { config }: Pick<CheckedFile, "config">,
  options: Options,
): string | undefined {
  if (options.has("no-baseline")) return undefined;
  const named = options.text("baseline") ?? config.baseline;
  if (named !== undefined) return named;
  return existsSync(DEFAULT_BASELINE) ? DEFAULT_BASELINE : undefined;
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

/** Files without the findings that their baselines know. */
export interface Baselined {
  readonly checked: readonly CheckedFile[];
  readonly baselined: number;
  /** One sentence for each baseline that knows what is gone. */
  readonly stale: readonly string[];
}

/** Takes known findings out of all reports. Throws a {@link UsageError}. */
export function applyBaselines(checked: readonly CheckedFile[], options: Options): Baselined {
  const baselines = new Map<string, { readonly baseline: Baseline; gone: number }>();
  const reported = new Set(checked.flatMap(({ reports }) => reports.map(({ path }) => path)));
  let baselined = 0;
  const fresh = checked.map((file): CheckedFile => {
    const path = baselinePathOf(file, options);
    if (path === undefined) return file;
    const known = baselines.get(path) ?? openBaseline(path);
    baselines.set(path, known);
    const entriesOf = (name: string): readonly BaselineEntry[] =>
      known.baseline.get(nameInBaseline(name, path)) ?? [];
    // A rule that did not run this time says nothing about what is gone.
    const countGone = (gone: readonly BaselineEntry[]): void => {
      known.gone += gone.filter(({ rule }) => file.ran.has(rule)).length;
    };
    for (const name of file.looked) {
      if (reported.has(name)) continue;
      reported.add(name); // several Dockerfiles may share an ignore file
      countGone(entriesOf(name));
    }
    const reports = file.reports.map((report): FileReport => {
      const matched = matchBaseline(report.diagnostics, entriesOf(report.path));
      baselined += matched.known.length;
      countGone(matched.gone);
      return { ...report, diagnostics: matched.fresh, muted: [...report.muted, ...matched.known] };
    });
    return { ...file, reports };
  });
  const stale = [...baselines]
    .filter(([, { gone }]) => gone > 0 && !options.has("changed-since"))
    .map(
      ([path, { gone }]) =>
        `${path}: ${plural(gone, "known finding is", "known findings are")} gone; "dflint baseline prune" removes what is gone.`,
    );
  return { checked: fresh, baselined, stale };
}

/** What is known of files that are no more is gone from the start. */
function openBaseline(path: string): { readonly baseline: Baseline; gone: number } {
  const baseline = readBaseline(path);
  const lost = [...baseline].filter(([name]) => !isThere(name, path));
  return { baseline, gone: lost.reduce((sum, [, entries]) => sum + entries.length, 0) };
}
