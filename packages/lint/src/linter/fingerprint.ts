/** Identities of findings that survive the moving of lines. */
import type { Stage } from "../semantics/model.ts";
import type { Instruction } from "../syntax/nodes.ts";

/** The fingerprints of one file's findings: 16 hexadecimal digits each. */
export class Fingerprints {
  /** An instruction may be as long as a file and have a finding in every word: its text is hashed once. */
  readonly #texts = new Map<Instruction, string>();
  readonly #ordinals = new Map<string, number>();
  readonly #stages = new Map<Stage, string>();

  /** `stages` are those of the file. One without a name is told by its number among those, whatever named ones join. */
  constructor(stages: readonly Stage[]) {
    let unnamed = 0;
    for (const stage of stages) {
      this.#stages.set(stage, stage.name ?? String(unnamed));
      if (stage.name === undefined) unnamed += 1;
    }
  }

  /**
   * The next fingerprint of a rule in an instruction: from the rule, the stage, the instruction in one line with its
   * blanks not counting, and which of the findings that are otherwise the same it is.
   */
  next(rule: string, stage: Stage | undefined, instruction: Instruction | undefined): string {
    const stageName = stage === undefined ? "" : (this.#stages.get(stage) ?? "");
    const key = [rule, stageName, instruction === undefined ? "" : this.#textOf(instruction)].join("\0");
    const ordinal = this.#ordinals.get(key) ?? 0;
    this.#ordinals.set(key, ordinal + 1);
    return digits(`${key}\0${ordinal}`);
  }

  #textOf(instruction: Instruction): string {
    let text = this.#texts.get(instruction);
    if (text === undefined) {
      text = digits(instruction.logical.text.replace(/\s+/g, " ").trim());
      this.#texts.set(instruction, text);
    }
    return text;
  }
}

function digits(text: string): string {
  return hash(text, 0x811c9dc5) + hash(text, 0x01000193);
}

/** FNV-1a (draft-eastlake-fnv) over UTF-16 units: identities are compared, never a secret. */
function hash(text: string, seed: number): string {
  let value = seed;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return (value >>> 0).toString(16).padStart(8, "0");
}
