/** Lints everything that a command line names. */
import { availableParallelism } from "node:os";
import { dirname, resolve } from "node:path";
import type { ConfigLoader } from "../../config/load.ts";
import { findDockerfiles, type FoundFiles } from "../../files/find.ts";
import type { PathPatterns } from "../../files/path-patterns.ts";
import { decode, describeFileError, FileError, readDockerfile, type FileText } from "../../files/read.ts";
import type { Options } from "../arguments.ts";
import type { Host } from "../host.ts";
import { UsageError } from "../usage-error.ts";
import { ChangedFiles } from "../git/changed-files.ts";
import { FileChecker, type FileCheckerOptions } from "./check-file.ts";
import type { CheckedFile } from "../reports/file-reports.ts";
import { EngineSession } from "./engine-session.ts";
import type { FixedFiles } from "./fixed-files.ts";
import type { VerifiedFixer } from "./verified-fixes.ts";
import type { LintedFiles, TakeFile } from "./linted-files.ts";
import { mergeBuilds, namedBuilds, refuseOtherBuilds, type NamedBuild } from "../builds/named-builds.ts";
import { plainSetup } from "./plain-setup.ts";

/** One file to lint. */
interface Job {
  readonly checker: FileChecker;
  readonly read: () => Promise<{ readonly file: FileText; readonly name: string }>;
  readonly isInput: boolean;
}

/** What to lint, and what becomes of it. */
export interface LintRequest {
  readonly options: Options;
  readonly operands: readonly string[];
  readonly host: Host;
  readonly fixes?: FixedFiles | undefined;
  readonly verified?: VerifiedFixer | undefined;
  readonly take: TakeFile;
}

/** Lints all files; one that cannot be read does not keep the others from it. Throws UsageError and ConfigError. */
export async function lintFiles(request: LintRequest): Promise<LintedFiles> {
  const { options, operands, host, fixes, verified, take } = request;
  await using engines = new EngineSession(options, host);
  const now = new Date();
  const plain = plainSetup(options, engines, now);
  const { loader, overlay, reports } = plain;
  const revision = options.text("changed-since");
  const { builds, notes } = await namedBuilds(options, overlay);
  const hasBuilds = builds.length + notes.length > 0;
  if (hasBuilds && fixes !== undefined && verified === undefined) {
    throw new UsageError(
      "Fixes do not go with --compose and --bake, unless --verify proves them in each build; name the Dockerfiles themselves.",
    );
  }
  const setup: FileCheckerOptions = {
    ...plain,
    registry: options.has("registry")
      ? new (await import("../../registry/registry.ts")).Registry()
      : undefined,
    history: options.has("history")
      ? new (await import("../git/commit-history.ts")).CommitHistory()
      : undefined,
    fixes,
    verified,
    changes: revision === undefined ? undefined : new ChangedFiles(revision),
  };
  const buildsOf = (path: string): NamedBuild[] =>
    builds.filter((build) => resolve(build.path) === resolve(path));
  const checker = new FileChecker({ ...setup, alsoBuilt: buildsOf });
  const found: FoundFiles =
    hasBuilds && operands.length === 0
      ? { paths: [], errors: [], empty: [] }
      : await findTargets(operands, options, loader);
  const { paths } = found;
  const hasInput = paths.includes("-");
  const isPlain = [fixes, setup.registry, setup.history, setup.changes].every((more) => more === undefined);
  const threads = isPlain && !hasBuilds && !hasInput ? await threadsFor(paths, options, setup) : 1;
  if (threads > 1) {
    const { lintInThreads } = await import("./lint-in-threads.ts");
    const { version } = host;
    const linted = await lintInThreads({ paths, threads, options, version, now, checker, reports, take });
    const errors = [...new Set([...found.errors, ...linted.errors])];
    const warnings = [...new Set(linted.warnings)];
    return { count: linted.count, unchanged: 0, errors, warnings, empty: found.empty };
  }
  const jobs: Job[] = [
    ...paths.map((path) => ({
      checker,
      read: () => readTarget(path, options, host),
      isInput: path === "-",
    })),
    ...builds.map((build) => ({
      checker: new FileChecker({
        ...setup,
        build: build.label,
        namedContexts: build.contexts,
        alsoBuilt: (path) => buildsOf(path).filter((other) => other !== build),
        context: build.context ?? setup.context,
        overlay: build.overlay,
      }),
      read: () => Promise.resolve({ file: readBuild(build, fixes, verified), name: build.path }),
      isInput: false,
    })),
  ];
  // What is found in a file by several builds is told once.
  const built: CheckedFile[] = [];
  const linted = await lintJobs(jobs, engines, hasBuilds ? (file) => built.push(file) : take);
  const merged = mergeBuilds(built);
  merged.forEach(take);
  return {
    count: hasBuilds ? merged.length : linted.count,
    unchanged: linted.unchanged,
    errors: [...new Set([...found.errors, ...linted.errors])],
    warnings: [
      ...new Set([...notes, ...engines.warnings, ...jobs.flatMap((job) => [...job.checker.warnings])]),
    ],
    empty: found.empty,
  };
}

/** The Dockerfile of a build, as the fixes for builds before it leave it. */
function readBuild(
  build: NamedBuild,
  fixes: FixedFiles | undefined,
  verified: VerifiedFixer | undefined,
): FileText {
  if (verified === undefined) return build.read();
  refuseOtherBuilds(build);
  if (verified.keeps && build.isInline) {
    throw new FileError(
      `${build.path}: cannot be fixed: it stands in another file; "dflint verify" tells what would hold.`,
    );
  }
  const text = fixes?.textOf(build.path);
  return text === undefined ? build.read() : { text };
}

/** Lints one file after the other. */
async function lintJobs(
  jobs: readonly Job[],
  engines: EngineSession,
  take: TakeFile,
): Promise<Pick<LintedFiles, "count" | "unchanged" | "errors">> {
  const errors: string[] = [];
  let count = 0;
  let unchanged = 0;
  let pause = Date.now();
  for (const job of jobs) {
    try {
      const { file, name } = await job.read();
      const checked = await job.checker.check(name, file, job.isInput);
      if (checked === undefined) unchanged += 1;
      else {
        count += 1;
        take(checked);
      }
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      errors.push(error.message);
    }
    engines.throwIfInterrupted();
    // A long run lets the process hear signals.
    if (Date.now() - pause > 200) {
      await new Promise(setImmediate);
      pause = Date.now();
    }
  }
  return { count, unchanged, errors };
}

/** A thread reads and compiles the program anew: it pays from so many files on. */
const FILES_A_THREAD = 1000;

/** How many threads are to lint some files; an engine is asked by this one alone. */
async function threadsFor(
  paths: readonly string[],
  options: Options,
  { loader, engines }: FileCheckerOptions,
): Promise<number> {
  const wanted =
    options.count("threads") ?? Math.min(availableParallelism(), Math.floor(paths.length / FILES_A_THREAD));
  if (wanted < 2) return 1;
  for (const folder of new Set(paths.map((path) => dirname(path)))) {
    const { engine } = await loader.forFolder(folder);
    if (engines.modeFor(engine) !== "off") return 1;
  }
  return wanted;
}

/** The files that operands name, or those of this folder. */
export async function findTargets(
  operands: readonly string[],
  options: Options,
  loader: ConfigLoader,
): Promise<FoundFiles> {
  const targets = operands.length === 0 ? ["."] : operands;
  const named = targets.filter((target) => target !== "-");
  const { include, exclude } = await loader.forFolder(".");
  const excluded = options.list("exclude");
  const here = excluded && (await excludedHere(excluded));
  const found = await findDockerfiles(named, { include, exclude: here ? [...exclude, here] : exclude });
  return targets.includes("-") ? { ...found, paths: ["-", ...found.paths] } : found;
}

async function excludedHere(patterns: readonly string[]): Promise<PathPatterns> {
  const { globFault, pathPatterns } = await import("../../files/glob.ts");
  for (const pattern of patterns) {
    const fault = globFault(pattern);
    if (fault !== undefined) throw new UsageError(`--exclude "${pattern}": the pattern ${fault}.`);
  }
  return pathPatterns(process.cwd(), patterns);
}

/** The text of a file, or of standard input, and what to call it. */
export async function readTarget(
  path: string,
  options: Options,
  host: Host,
): Promise<{ file: FileText; name: string }> {
  if (path !== "-") return { file: readDockerfile(path), name: path };
  const name = options.text("stdin-filename") ?? "<stdin>";
  const bytes = await host.readInput().catch((error: unknown) => {
    throw new FileError(describeFileError(name, error), { cause: error });
  });
  return { file: decode(bytes), name };
}
