/** Identities of findings that survive the moving of lines. */
import type { Stage } from "../semantics/model.ts";
import type { Instruction } from "../syntax/nodes.ts";

/** The fingerprints of one file's findings: 16 hexadecimal digits each. */
export class Fingerprints {
  /** An instruction may be as long as a file and have a finding in every word: its text is hashed once. */
  readonly #texts = new Map<Instruction, string>();
  readonly #ordinals = new Map<string, number>();
  readonly #stages: readonly Stage[];
  #unnamed: ReadonlyMap<Stage, string> | undefined;

  /** `stages` are those of the file. */
  constructor(stages: readonly Stage[]) {
    this.#stages = stages;
  }

  /**
   * The next fingerprint of a rule in an instruction: from the rule, the stage, the instruction in one line with its
   * blanks not counting, and which of the findings that are otherwise the same it is.
   */
  next(rule: string, stage: Stage | undefined, instruction: Instruction | undefined): string {
    const text = instruction === undefined ? "" : this.#textOf(instruction);
    const key = `${rule}\0${stage === undefined ? "" : this.#nameOf(stage)}\0${text}`;
    const ordinal = this.#ordinals.get(key) ?? 0;
    this.#ordinals.set(key, ordinal + 1);
    return digits(`${key}\0${ordinal}`);
  }

  /** A stage without a name is told by its number among those, whatever named ones join. */
  #nameOf(stage: Stage): string {
    if (stage.name !== undefined) return stage.name;
    this.#unnamed ??= new Map(
      this.#stages.filter(({ name }) => name === undefined).map((one, number) => [one, String(number)]),
    );
    return this.#unnamed.get(stage) ?? "";
  }

  #textOf(instruction: Instruction): string {
    let text = this.#texts.get(instruction);
    if (text === undefined) {
      const written = instruction.logical.text;
      text = digits((UNEVEN.test(written) ? written.replace(/\s+/g, " ") : written).trim());
      this.#texts.set(instruction, text);
    }
    return text;
  }
}

/** Blanks other than one space at a time, which most instructions have none of. */
const UNEVEN = /\s\s|[^\S ]/;

// By its own name, since to look it up twice for each character takes a third of the time until V8 has optimised that.
const { imul } = Math;

/** FNV-1a (draft-eastlake-fnv) over UTF-16 units, from two seeds: identities are compared, never a secret. */
function digits(text: string): string {
  let first = 0x811c9dc5;
  let second = 0x01000193;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    first = imul(first ^ code, 0x01000193);
    second = imul(second ^ code, 0x01000193);
  }
  return hexadecimal(first) + hexadecimal(second);
}

// Looked up, since V8 takes numbers of 32 bits for fractions when it writes them to another base.
const BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

function hexadecimal(value: number): string {
  return `${BYTES[value >>> 24]}${BYTES[(value >>> 16) & 255]}${BYTES[(value >>> 8) & 255]}${BYTES[value & 255]}`;
}
