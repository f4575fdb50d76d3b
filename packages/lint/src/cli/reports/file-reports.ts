/** From what the linter says of a file to its reports: the file's own, and that of its ignore file. */
import { join, resolve, sep } from "node:path";
import type { Config } from "../../config/config.ts";
import type { ContextFacts } from "../../linter/facts/context-facts.ts";
import type { Diagnostic, Severity } from "../../linter/diagnostic.ts";
import type { LintResult } from "../../linter/linter.ts";
import type { FileReport } from "../../report/report.ts";
import { SourceFile } from "../../source/source-file.ts";

/** One file, linted. */
export interface CheckedFile {
  readonly config: Config;
  /** The file's report; and its ignore file's, where something is wrong in that one. */
  readonly reports: readonly FileReport[];
  readonly suppressed: number;
  /** The files that were looked at, with and without findings. */
  readonly looked: readonly string[];
  /** The codes of the rules that ran. */
  readonly ran: { has(code: string): boolean };
  readonly failedRules: readonly string[];
  /** How many fixes were applied. */
  readonly fixes: number;
  /** What standard input is after fixes, where fixes were asked for. */
  readonly fixedInput: string | undefined;
}

/** One file on its way to its reports. */
export interface Work {
  readonly path: string;
  /** Whether it is an ignore file that is named itself. */
  readonly isIgnoreFile: boolean;
  /** What is built of it, where a compose or bake file says. */
  readonly build: string | undefined;
  readonly config: Config;
  readonly failOn: Severity | "never";
  readonly ran: CheckedFile["ran"];
  readonly context: Pick<ContextFacts, "path" | "ignoreFile"> | undefined;
}

/** Makes the reports of one run. */
export class FileReports {
  /** Findings in ignore files that several Dockerfiles share are told once. */
  readonly #told = new Set<string>();

  /** The reports of a file, without the findings that are `known`. */
  of(
    { path, isIgnoreFile, build, config, failOn, ran, context }: Work,
    { dockerfile, model, diagnostics, failedRules }: LintResult,
    known: ReadonlySet<string> | undefined,
  ): CheckedFile {
    const relevant =
      known === undefined ? diagnostics : diagnostics.filter((one) => !known.has(identityOf(one)));
    const counting = relevant.filter(({ suppressed }) => suppressed === undefined);
    const ignoreFile = context && {
      path: slashed(ignorePathOf(context)),
      source: new SourceFile(context.ignoreFile?.text ?? ""),
    };
    const own: FileReport = {
      path: slashed(path),
      source: dockerfile.source,
      build,
      stages: model.stages.map(({ index, name, shipped, base, from }) => ({
        index,
        name,
        shipped,
        base: base.name ?? from.image?.text,
      })),
      diagnostics: counting.filter(({ target }) => target === "dockerfile"),
      muted: relevant.filter(({ suppressed, target }) => suppressed !== undefined && target === "dockerfile"),
      failOn,
      ignoreFile,
    };
    const reports = isIgnoreFile ? [] : [own];
    if (ignoreFile !== undefined && (isIgnoreFile || own.diagnostics.length < counting.length)) {
      const inIgnoreFile = counting.filter(
        (diagnostic) => diagnostic.target === "dockerignore" && this.#isNew(ignoreFile.path, diagnostic),
      );
      const report = { ...ignoreFile, build, stages: [], muted: [], failOn, ignoreFile: undefined };
      if (isIgnoreFile || inIgnoreFile.length > 0) reports.push({ ...report, diagnostics: inIgnoreFile });
    }
    const suppressed = relevant.length - counting.length;
    const looked = [own.path, ...(ignoreFile === undefined ? [] : [ignoreFile.path])];
    return { config, reports, suppressed, looked, ran, failedRules, fixes: 0, fixedInput: undefined };
  }

  /** A file that another thread has checked, without what has been told before. */
  once(checked: CheckedFile): CheckedFile {
    const reports = checked.reports.map((report) => ({
      ...report,
      diagnostics: report.diagnostics.filter(
        (diagnostic) => diagnostic.target === "dockerfile" || this.#isNew(report.path, diagnostic),
      ),
    }));
    return { ...checked, reports: reports.filter((report, at) => at === 0 || report.diagnostics.length > 0) };
  }

  #isNew(path: string, { rule, span, message }: Diagnostic): boolean {
    const key = [resolve(path), rule, span.start, span.end, message].join("\0");
    if (this.#told.has(key)) return false;
    this.#told.add(key);
    return true;
  }
}

/** The findings that are not muted. */
export function countingIn({ diagnostics }: LintResult): readonly Diagnostic[] {
  return diagnostics.filter(({ suppressed }) => suppressed === undefined);
}

/** What is the same of a finding before and after lines have moved. */
export function identityOf({ target, fingerprint }: Diagnostic): string {
  return `${target} ${fingerprint}`;
}

/** Where the ignore file of a context is, or would be. */
export function ignorePathOf({ path, ignoreFile }: Pick<ContextFacts, "path" | "ignoreFile">): string {
  return join(path, ignoreFile?.path ?? ".dockerignore");
}

/** Reports have the same paths on every system. */
function slashed(path: string): string {
  return sep === "/" ? path : path.split(sep).join("/");
}
