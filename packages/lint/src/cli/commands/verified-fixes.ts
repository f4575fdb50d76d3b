/** Fixing with an engine as the judge, for `--verify` and `dflint verify`. */
import type { BuildRequest } from "../../engine/build-image.ts";
import { Verifier } from "../../engine/verify.ts";
import { verifyFixes, type JudgedFix, type VerifiedFixes } from "../../engine/verify-fixes.ts";
import { withEngine, type EngineRun } from "../../engine/with-engine.ts";
import { FileError } from "../../files/read.ts";
import type { FileLinter, FixOptions } from "../../linter/fixer.ts";
import type { LintInput } from "../../linter/linter.ts";
import { printable } from "../../report/printable.ts";
import type { FileVerdicts } from "../../report/report.ts";
import { formatVerdicts } from "../../report/verdicts.ts";
import type { Options } from "../arguments.ts";
import { wantsColour, type Host } from "../host.ts";
import { refusedFile } from "./built-files.ts";
import { readSecrets } from "./secrets.ts";

/** The fixes of one file, with the engine's word on each. */
interface JudgedFile extends FileVerdicts {
  readonly path: string;
  readonly judged: readonly JudgedFix[];
}

/** What is built of a file. */
export type FileBuild = Pick<BuildRequest, "context" | "buildArgs" | "target" | "platform">;

/** How files are fixed. */
interface VerifiedFixerOptions {
  /** Hears what is built, which is drawn then; undefined draws nothing. */
  readonly tell: ((text: string) => void) | undefined;
  /** Whether what holds is kept; otherwise files stay as they are, and are only told of. */
  readonly keeps: boolean;
  /** What is the same of all builds. */
  readonly build: Pick<BuildRequest, "builder" | "secrets">;
}

/** Fixes files one by one, and keeps the verdicts. */
export class VerifiedFixer {
  readonly #run: EngineRun;
  readonly #tell: VerifiedFixerOptions["tell"];
  readonly #build: VerifiedFixerOptions["build"];
  readonly files: JudgedFile[] = [];
  /** Whether what holds is kept; otherwise files stay as they are, and are only told of. */
  readonly keeps: boolean;

  constructor(run: EngineRun, { tell, keeps, build }: VerifiedFixerOptions) {
    this.#run = run;
    this.#tell = tell;
    this.#build = build;
    this.keeps = keeps;
  }

  /** Fixes a file as far as it verifies. */
  async fix(
    path: string,
    linter: FileLinter,
    input: LintInput,
    options: FixOptions,
    build: FileBuild,
  ): Promise<VerifiedFixes> {
    const request = {
      ...this.#build,
      ...build,
      text: input.text,
      ignoreText: input.context?.ignoreFile?.text,
    };
    const announce = (what: string): void => this.#tell?.(`dflint: building ${path} ${what}`);
    const verifier = new Verifier(this.#run, request, this.#tell !== undefined, announce);
    const fixed = await verifyFixes(linter, input, options, verifier).catch((error: unknown) => {
      const refused = refusedFile(path, error, this.#run.signal);
      throw refused === undefined ? error : new FileError(`${path}: ${refused.message}`, { cause: error });
    });
    this.files.push({ path, judged: fixed.judged, verification: fixed.verification });
    return fixed;
  }

  /** Takes note that what holds of the file last could not be written. */
  markUnwritten(): void {
    const last = this.files.pop();
    if (last !== undefined) this.files.push({ ...last, unwritten: true });
  }

  /** Whether a fix that was asked for does not verify, or a file does not build as it is. */
  get hasFailed(): boolean {
    return this.files.some(({ judged }) =>
      judged.some(
        ({ kept, asked, verification }) => !kept && (asked || verification.failure?.of === "original"),
      ),
    );
  }

  /** The verdicts, for people. */
  format(options: Options, host: Host): string {
    const colour = wantsColour(host, options.has("no-color"));
    return this.files
      .filter(({ judged }) => judged.length > 0 || !this.keeps)
      .map((file) => formatVerdicts(file.path, file, colour))
      .join("");
  }
}

/** Connects to the engine that the options name, and removes what was made on it when the work is done. */
export function withVerifiedFixer<Result>(
  { options, host, keeps }: { readonly options: Options; readonly host: Host; readonly keeps: boolean },
  work: (fixer: VerifiedFixer) => Promise<Result>,
): Promise<Result> {
  const isWatched = host.showsProgress && !options.has("quiet");
  const tell = isWatched ? (text: string) => host.err(`${printable(text)}\n`) : undefined;
  const connection = { host: options.text("host"), environment: host.environment };
  const build = {
    builder: options.text("builder") as BuildRequest["builder"], // one of the table's values
    secrets: readSecrets(options.list("secret") ?? [], host.environment),
  };
  return withEngine(connection, (run) => work(new VerifiedFixer(run, { tell, keeps, build })));
}
