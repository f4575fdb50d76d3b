/** Proves changes of a Dockerfile: builds the file before and after, and compares the two images. */
import { engineName } from "../../linter/facts/engine-name.ts";
import {
  MOST_DIFFERENCES,
  type ImageDifference,
  type Verification,
} from "../../linter/facts/verification.ts";
import { buildImage, type BuildFailure, type BuildRequest } from "../build-image.ts";
import { compareConfigs } from "./compare-config.ts";
import { compareFiles } from "./compare-files.ts";
import { markHarmless } from "./compare-harmless.ts";
import { markUnstable } from "./compare-unstable.ts";
import { snapshotOf, type Snapshot } from "./snapshot.ts";
import type { EngineRun } from "../with-engine.ts";

/** The state of a Dockerfile and its ignore file that is built. */
export interface Candidate extends Pick<BuildRequest, "text" | "ignoreText"> {
  /** What it is, for whoever watches: `with DFL106: Merge both RUNs`. */
  readonly what?: string | undefined;
}

/** What compares a changed file with the original. */
export interface Judge {
  verify(candidate: Candidate): Promise<Verification>;
}

/** A build that gave an image, or why it did not. */
type Built = { readonly snapshot: Snapshot } | { readonly failure: BuildFailure };

/** Verifies changes of one Dockerfile against the file as it is, which is built once. */
export class Verifier implements Judge {
  readonly #run: EngineRun;
  readonly #request: BuildRequest;
  readonly #draw: boolean;
  readonly #announce: ((what: string) => void) | undefined;
  #original: Promise<Built> | undefined;
  #between: Promise<readonly ImageDifference[]> | undefined;

  /** Takes the build of the file as it is. `draw` shows builds on standard error; `announce` hears of each before. */
  constructor(run: EngineRun, request: BuildRequest, draw: boolean, announce?: (what: string) => void) {
    this.#run = run;
    this.#request = request;
    this.#draw = draw;
    this.#announce = announce;
  }

  /** Builds a changed file and compares it with the original. Throws when the engine does not answer. */
  async verify(candidate: Candidate): Promise<Verification> {
    const [original, fixed] = await this.#buildBoth(candidate);
    if ("failure" in original) return this.#unbuilt("original", original.failure);
    if ("failure" in fixed) return this.#unbuilt("fixed", fixed.failure);
    const [before, after] = [original.snapshot, fixed.snapshot];
    let differences = await differencesBetween(before, after);
    if (differences.some((one) => counts(one) && one.kind === "file")) {
      differences = markUnstable(differences, await (this.#between ??= this.#differencesOfTwoBuilds(before)));
    }
    const counting = differences.filter(counts).length;
    return {
      verdict: counting > 0 ? "different" : differences.length > 0 ? "equivalent" : "identical",
      differences: differences.toSorted(countingFirst).slice(0, MOST_DIFFERENCES),
      differenceCount: differences.length,
      countingDifferences: counting,
      bytes: { before: before.bytes, after: after.bytes },
      failure: undefined,
      source: this.#source,
    };
  }

  /** Both at a time, unless they are drawn: one terminal shows one build. Neither is left behind when the other fails. */
  async #buildBoth(candidate: Candidate): Promise<readonly [Built, Built]> {
    const original = (this.#original ??= this.#build(this.#request, "as it is"));
    if (this.#draw) await original;
    const { text, ignoreText = this.#request.ignoreText, what = "as changed" } = candidate;
    const fixed = this.#build({ ...this.#request, text, ignoreText }, what);
    const settled = await Promise.allSettled([original, fixed]);
    for (const one of settled) if (one.status === "rejected") throw one.reason;
    return [await original, await fixed];
  }

  async #build(request: BuildRequest, what: string): Promise<Built> {
    this.#announce?.(what);
    const { image, failure } = await buildImage(this.#run, request, { draw: this.#draw });
    return failure === undefined ? { snapshot: await snapshotOf(this.#run, image) } : { failure };
  }

  /** What differs although nothing was changed: the date, random names, what the network sends. */
  async #differencesOfTwoBuilds(first: Snapshot): Promise<readonly ImageDifference[]> {
    const again = await this.#build({ ...this.#request, noCache: true }, "as it is once more");
    return "failure" in again ? [] : await differencesBetween(first, again.snapshot);
  }

  #unbuilt(of: "original" | "fixed", { message, step, line, exitCode, log }: BuildFailure): Verification {
    return {
      verdict: "does-not-build",
      differences: [],
      differenceCount: 0,
      countingDifferences: 0,
      bytes: undefined,
      failure: { of, message, step, line, exitCode, log },
      source: this.#source,
    };
  }

  get #source(): string {
    const { version, platform } = this.#run.engine;
    return `${engineName(version)}, ${this.#request.platform ?? platform}`;
  }
}

async function differencesBetween(before: Snapshot, after: Snapshot): Promise<ImageDifference[]> {
  const settings = [before.settings, after.settings];
  return markHarmless(
    [...compareConfigs(before.settings, after.settings), ...(await fileDifferences(before, after))],
    settings,
  );
}

async function fileDifferences(before: Snapshot, after: Snapshot): Promise<ImageDifference[]> {
  if (
    before.layers.length === after.layers.length &&
    before.layers.every((one, at) => one === after.layers[at])
  )
    return [];
  return await compareFiles(await before.table(), after.files());
}

function counts({ harmless }: ImageDifference): boolean {
  return harmless === undefined;
}

function countingFirst(left: ImageDifference, right: ImageDifference): number {
  return Number(counts(right)) - Number(counts(left));
}
