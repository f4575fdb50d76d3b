/** `dflint baseline create|update|prune`: writes down what is found today, so that only what is new counts. */
import { existsSync } from "node:fs";
import { didYouMean } from "../../linter/nearest.ts";
import { baselineEntry, formatBaseline, matchBaseline, type BaselineEntry } from "../../report/baseline.ts";
import { plural } from "../../report/report.ts";
import type { Options } from "../arguments.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { UsageError } from "../usage-error.ts";
import {
  BaselinePaths,
  DEFAULT_BASELINE,
  isThere,
  nameInBaseline,
  readBaseline,
} from "../linting/baseline-files.ts";
import type { CheckedFile } from "../reports/file-reports.ts";
import { lintFiles } from "../linting/lint-files.ts";
import { writeReportFile } from "../reports/report-file.ts";
import { tell } from "../reports/tell.ts";

const VERBS = ["create", "update", "prune"] as const;
type Verb = (typeof VERBS)[number];

/** Runs the command. */
export async function baseline(options: Options, operands: readonly string[], host: Host): Promise<ExitCode> {
  const [word = "", ...targets] = operands;
  const verb = VERBS.find((known) => known === word);
  if (verb === undefined) {
    throw new UsageError(
      `Say what to do: "dflint baseline ${VERBS.join("|")} [PATH]...".${didYouMean(word, VERBS)}`,
    );
  }
  const paths = new BaselinePaths(options);
  const groups = new Map<string, BaselinedFile[]>();
  const take = (file: CheckedFile): void => {
    const path = paths.of(file) ?? DEFAULT_BASELINE;
    const group = groups.get(path) ?? [];
    group.push(baselinedFile(file));
    groups.set(path, group);
  };
  const linted = await lintFiles({ options, operands: targets, host, take });
  tell(linted, options, host);
  // A file that could not be looked at must not drop out of its baseline.
  if (linted.errors.length > 0) return EXIT.usage;
  if (linted.count === 0) return EXIT.noFiles;
  for (const path of groups.keys()) {
    if (verb === "create" && existsSync(path) && !options.has("force")) {
      throw new UsageError(`${path} is there already: "dflint baseline update" or --force writes it anew.`);
    }
  }
  // Rules that are left out this once say nothing about what is known of them.
  const isPartly = options.has("only") || options.has("ignore");
  for (const [path, files] of groups) host.out(write(path, files, verb, isPartly));
  return EXIT.clean;
}

/** What a baseline needs to know of a file. */
interface BaselinedFile extends Pick<CheckedFile, "looked" | "ran"> {
  readonly found: readonly (readonly [path: string, entries: readonly BaselineEntry[]])[];
}

function baselinedFile({ looked, ran, reports }: CheckedFile): BaselinedFile {
  return {
    looked,
    ran,
    found: reports.map(({ path, diagnostics }) => [path, diagnostics.map(baselineEntry)]),
  };
}

/** Writes one baseline; returns what to say about it. */
function write(path: string, files: readonly BaselinedFile[], verb: Verb, isPartly: boolean): string {
  const isNew = verb === "create" || (verb === "update" && !existsSync(path));
  const before = isNew ? new Map<string, readonly BaselineEntry[]>() : readBaseline(path);
  const after = new Map([...before].filter(([name]) => isThere(name, path)));
  // Of an ignore file that several Dockerfiles share, only one of them has the findings.
  const found = new Map(files.flatMap((file) => file.found));
  for (const { looked, ran } of files) {
    for (const file of looked) {
      const name = nameInBaseline(file, path);
      const entries = before.get(name) ?? [];
      const fresh = found.get(file) ?? [];
      const kept = verb === "prune" ? matchBaseline(fresh, entries).known : fresh;
      const others = isPartly ? entries.filter(({ rule }) => !ran.has(rule)) : [];
      after.set(name, [...others, ...kept]);
    }
  }
  writeReportFile(path, formatBaseline(after), "baseline");
  const [was, is] = [sizeOf(before), sizeOf(after)];
  const findings = plural(is, "known finding");
  if (verb === "prune") return `${path}: ${was - is} gone, ${findings} left.\n`;
  return `Wrote ${path}: ${findings}.${isNew ? "" : ` It had ${was}.`}\n`;
}

function sizeOf(known: ReadonlyMap<string, readonly BaselineEntry[]>): number {
  return [...known.values()].reduce((sum, entries) => sum + entries.length, 0);
}
