/** Fixing with an engine as the judge, for `--verify` and `dflint verify`. */
import type { BuildRequest } from "../../engine/build-image.ts";
import { jointJudge } from "../../engine/verify/judges.ts";
import { Verifier } from "../../engine/verify/verify.ts";
import { verifyFixes, type JudgedFix, type VerifiedFixes } from "../../engine/verify/verify-fixes.ts";
import { withEngine, type EngineRun } from "../../engine/with-engine.ts";
import { FileError } from "../../files/read.ts";
import type { FileLinter, FixOptions } from "../../linter/fixer.ts";
import type { LintInput } from "../../linter/linter.ts";
import { printable } from "../../report/printable.ts";
import type { FileVerdicts } from "../../report/report.ts";
import { formatVerdicts } from "../../report/verdicts.ts";
import type { Options } from "../arguments.ts";
import { wantsColour, type Host } from "../host.ts";
import { refusalOf, titleOf } from "../builds/built-files.ts";
import { readSecrets } from "../builds/secrets.ts";

/** The fixes of one file, with the engine's word on each. */
interface JudgedFile extends FileVerdicts {
  readonly path: string;
  readonly judged: readonly JudgedFix[];
}

/** What is built of a file. */
export interface FileBuild extends Pick<
  BuildRequest,
  "context" | "ignoreText" | "buildArgs" | "contexts" | "target" | "platform"
> {
  /** `service web`, where a compose or bake file says. */
  readonly name: string | undefined;
}

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

  /** Fixes a file as far as it verifies in all its builds; the first is the one that it is linted for. */
  async fix(
    path: string,
    linter: FileLinter,
    input: LintInput,
    options: FixOptions,
    [own, ...others]: readonly [FileBuild, ...FileBuild[]],
  ): Promise<VerifiedFixes> {
    const title = titleOf({ path, build: own.name });
    const judge = jointJudge(
      this.#verifier(path, input.text, own),
      others.map((other) => ({
        name: other.name ?? "the file alone",
        judge: this.#verifier(path, input.text, other),
        sharesIgnoreFile: other.context === own.context,
      })),
    );
    const fixed = await verifyFixes(linter, input, options, judge).catch((error: unknown) => {
      const message = refusalOf(error, this.#run.signal);
      throw message === undefined ? error : new FileError(`${title}: ${message}`, { cause: error });
    });
    this.files.push({ path: title, judged: fixed.judged, verification: fixed.verification });
    return fixed;
  }

  #verifier(path: string, text: string, { name, ...build }: FileBuild): Verifier {
    const announce = (what: string): void =>
      this.#tell?.(`dflint: building ${titleOf({ path, build: name })} ${what}`);
    return new Verifier(this.#run, { ...this.#build, ...build, text }, this.#tell !== undefined, announce);
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
