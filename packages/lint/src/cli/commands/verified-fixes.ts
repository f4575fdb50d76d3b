/** Fixing with an engine as the judge, for `--verify` and `dflint verify`. */
import type { BuildRequest } from "../../engine/build-image.ts";
import { Verifier } from "../../engine/verify.ts";
import { verifyFixes, type JudgedFix, type VerifiedFixes } from "../../engine/verify-fixes.ts";
import { withEngine, type EngineRun } from "../../engine/with-engine.ts";
import type { FileLinter, FixOptions } from "../../linter/fixer.ts";
import type { LintInput } from "../../linter/linter.ts";
import type { FileVerdicts } from "../../report/report.ts";
import { formatVerdicts } from "../../report/verdicts.ts";
import type { Options } from "../arguments.ts";
import { wantsColour, type Host } from "../host.ts";

/** The fixes of one file, with the engine's word on each. */
interface JudgedFile extends FileVerdicts {
  readonly path: string;
  readonly judged: readonly JudgedFix[];
}

/** What is built of a file. */
export type FileBuild = Pick<BuildRequest, "context" | "buildArgs" | "target" | "platform">;

/** Fixes files one by one, and keeps the verdicts. */
export class VerifiedFixer {
  readonly #run: EngineRun;
  readonly #draw: boolean;
  readonly files: JudgedFile[] = [];
  /** Whether what holds is kept; otherwise files stay as they are, and are only told of. */
  readonly keeps: boolean;

  constructor(run: EngineRun, { draw, keeps }: { readonly draw: boolean; readonly keeps: boolean }) {
    this.#run = run;
    this.#draw = draw;
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
    const request = { ...build, text: input.text, ignoreText: input.context?.ignoreFile?.text };
    const verifier = new Verifier(this.#run, request, this.#draw);
    const fixed = await verifyFixes(linter, input, options, verifier);
    this.files.push({ path, judged: fixed.judged, verification: fixed.verification });
    return fixed;
  }

  /** Whether a fix that was asked for does not verify. */
  get hasFailed(): boolean {
    return this.files.some(({ judged }) => judged.some(({ kept, asked }) => asked && !kept));
  }

  /** The verdicts, for people. */
  format(options: Options, host: Host): string {
    const colour = wantsColour(host, options.has("no-color"));
    return this.files.map((file) => formatVerdicts(file.path, file, colour)).join("");
  }
}

/** Connects to the engine that the options name, and removes what was made on it when the work is done. */
export function withVerifiedFixer<Result>(
  { options, host, keeps }: { readonly options: Options; readonly host: Host; readonly keeps: boolean },
  work: (fixer: VerifiedFixer) => Promise<Result>,
): Promise<Result> {
  const draw = host.showsProgress && !options.has("quiet");
  const connection = { host: options.text("host"), environment: host.environment };
  return withEngine(connection, (run) => work(new VerifiedFixer(run, { draw, keeps })));
}
