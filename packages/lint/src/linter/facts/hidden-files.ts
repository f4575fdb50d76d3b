/** The files of earlier layers that the layer of an instruction hides, as an engine that built it tells. */
import type { SourceFile } from "../../source/source-file.ts";
import type { Span } from "../../source/span.ts";
import type { Instruction } from "../../syntax/nodes.ts";
import { showAmount } from "../build-context/context-stakes.ts";
import { layerOf, type BuildFacts, type HiddenFacts } from "./engine-facts.ts";

/** Fewer bytes than these are not worth a finding that nothing in the text gives reason for. */
const WORTH_TELLING = 10_000;

/** Some hidden files, in sentences. */
export interface HiddenSum {
  readonly files: readonly HiddenFacts[];
  readonly bytes: number;
  /** `3 files, 12.3 MB` */
  readonly amount: string;
  readonly evidence: string;
  /** The instructions whose layers hold the bytes, as far as they are still in the text. */
  readonly holders: readonly Span[];
}

/** What one instruction hides for some reason, and what of it findings account for. */
export class HiddenFiles {
  readonly #build: BuildFacts;
  readonly #source: SourceFile;
  readonly #hidden: readonly HiddenFacts[];
  readonly #taken = new Set<HiddenFacts>();

  constructor(build: BuildFacts, hidden: readonly HiddenFacts[], source: SourceFile) {
    this.#build = build;
    this.#source = source;
    this.#hidden = hidden;
  }

  /** Those whose path is one of some, which a finding accounts for then; undefined where there are none. */
  take(matches: (path: string) => boolean): HiddenSum | undefined {
    const found = this.#hidden.filter(({ path }) => matches(path));
    for (const file of found) this.#taken.add(file);
    return found.length === 0 ? undefined : this.#sum(found);
  }

  /** Those that no finding accounts for, if they are worth telling. */
  rest(): HiddenSum | undefined {
    const sum = this.#sum(this.#hidden.filter((file) => !this.#taken.has(file)));
    return sum.bytes < WORTH_TELLING ? undefined : sum;
  }

  #sum(files: readonly HiddenFacts[]): HiddenSum {
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    const amount = showAmount({ files: files.length, bytes });
    const largest = files[0]?.path ?? "";
    const such = files.length > 1 ? `, such as ${largest}` : ` (${largest})`;
    return {
      files,
      bytes,
      amount,
      evidence: `Hidden by this layer: ${amount}${such}: ${this.#build.source}.`,
      holders: [...new Set(files.map(({ by }) => by))].flatMap((by) => this.#spanOf(by)),
    };
  }

  #spanOf(by: number): Span[] {
    const text = this.#build.layers.find(({ start }) => start === by)?.text;
    if (text === undefined) return [];
    const start = this.#source.text.startsWith(text, by) ? by : this.#source.text.indexOf(text);
    const keyword = /^\w+/.exec(text)?.[0].length ?? 0;
    return start === -1 ? [] : [{ start, end: start + keyword }];
  }
}

/** What an instruction hides; undefined where nothing was built, or the layer is not known. */
export function hiddenBy(
  build: BuildFacts | undefined,
  instruction: Instruction,
  source: SourceFile,
  reason: HiddenFacts["reason"],
): HiddenFiles | undefined {
  const layer = build && layerOf(build, instruction, source);
  if (build === undefined || layer === undefined) return undefined;
  return new HiddenFiles(
    build,
    layer.hidden.filter((file) => file.reason === reason),
    source,
  );
}
