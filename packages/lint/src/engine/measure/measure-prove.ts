/** Builds what fixes make of a Dockerfile, and tells what that really saves. */
import type { Target } from "../../linter/diagnostic.ts";
import type { ImageDifference } from "../../linter/facts/verification.ts";
import { buildImage, type BuildRequest } from "../build-image.ts";
import { measureWaste } from "./measure-contents.ts";
import type { FixProof, MeasuredFinding, MeasuredFix, Measurement } from "../measurement.ts";
import { Verifier, type Candidate } from "../verify/verify.ts";
import type { EngineRun } from "../with-engine.ts";

/** What a fix makes of one of the two files. */
export interface FixText {
  readonly target: Target;
  readonly text: string;
}

/** What is to be built beside the file as it is. */
export interface ProvedTexts {
  /** What each fix makes of its file. */
  readonly texts: readonly FixText[];
  /** What all of them make of both; undefined where there are none. */
  readonly together: Candidate | undefined;
}

/** How many differences are listed. */
const LISTED = 10;

type Amounts = FixProof["before"];

/** The measurement with what building each fix has shown. Fixes that make the same text are built once. */
export async function proveFixes(
  run: EngineRun,
  request: BuildRequest,
  measurement: Measurement,
  { texts, together }: ProvedTexts,
  draw: boolean,
): Promise<Measurement> {
  const { image, layers } = measurement;
  const before = { bytes: image.bytes, wastedBytes: image.waste.ownBytes, layers: layers.length };
  const prover = new Prover(run, request, before, image.base.layers, draw);
  const fixes: MeasuredFix[] = [];
  const findings: MeasuredFinding[] = [...measurement.findings];
  for (const [index, fix] of measurement.fixes.entries()) {
    const text = texts[index];
    if (text === undefined) continue;
    const { text: dockerfile, ignoreText } = request;
    const isDockerfile = text.target === "dockerfile";
    const candidate: Candidate = isDockerfile
      ? { text: text.text, ignoreText }
      : { text: dockerfile, ignoreText: text.text };
    const proof = await prover.prove(candidate);
    fixes.push({ ...fix, proof });
    const finding = findings[fix.finding];
    // A context that is smaller shows in no image that takes the same from it.
    if (finding === undefined || proof.after === undefined || finding.saves?.unit === "context") continue;
    const { seconds } = finding.saves ?? {};
    findings[fix.finding] = {
      ...finding,
      saves: {
        bytes: before.bytes - proof.after.bytes,
        ...(seconds !== undefined && { seconds }),
        unit: "image",
        source: "proved",
      },
    };
  }
  const all = measurement.together;
  return {
    ...measurement,
    findings,
    fixes,
    ...(all && together && { together: { ...all, proof: await prover.prove(together) } }),
  };
}

class Prover {
  readonly #run: EngineRun;
  readonly #request: BuildRequest;
  readonly #before: Amounts;
  readonly #baseLayers: number;
  readonly #draw: boolean;
  readonly #verifier: Verifier;
  readonly #known = new Map<string, FixProof>();

  constructor(run: EngineRun, request: BuildRequest, before: Amounts, baseLayers: number, draw: boolean) {
    this.#run = run;
    // What was just built is taken from the cache.
    this.#request = { ...request, noCache: false };
    this.#before = before;
    this.#baseLayers = baseLayers;
    this.#draw = draw;
    this.#verifier = new Verifier(run, this.#request, draw);
  }

  async prove(candidate: Candidate): Promise<FixProof> {
    const key = JSON.stringify([candidate.text, candidate.ignoreText ?? ""]);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const { verdict, differences, failure } = await this.#verifier.verify(candidate);
    const shown = failure === undefined ? differences.map(describeDifference) : [failure.message];
    const after = failure === undefined ? await this.#amountsOf(candidate) : undefined;
    const proof: FixProof = {
      verdict,
      differences: shown.slice(0, LISTED),
      before: this.#before,
      ...(after !== undefined && { after }),
    };
    this.#known.set(key, proof);
    return proof;
  }

  /** What has just been built comes from the cache. */
  async #amountsOf({ text, ignoreText }: Candidate): Promise<Amounts | undefined> {
    const request = { ...this.#request, text, ignoreText: ignoreText ?? this.#request.ignoreText };
    const { image } = await buildImage(this.#run, request, { draw: this.#draw });
    if (image === undefined) return undefined;
    const contents = await this.#run.engine.docker.images.get(image).contents({ signal: this.#run.signal });
    return {
      bytes: contents.layers.reduce((sum, { size }) => sum + size, 0),
      wastedBytes: measureWaste(contents, this.#baseLayers).ownBytes,
      layers: contents.layers.length,
    };
  }
}

function describeDifference({ path, change, what, harmless }: ImageDifference): string {
  const of = change === "changed" && what.length > 0 ? ` in ${what.join(", ")}` : "";
  return `${path} ${change}${of}${harmless === undefined ? "" : ` (${harmless})`}`;
}
