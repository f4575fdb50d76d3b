/** Identities of findings that survive the moving of lines. */

/** What a finding is known by. */
export interface Identity {
  readonly rule: string;
  /** The stage's name, or its number where it has none. */
  readonly stage: string;
  /** The instruction in one line; its blanks do not count. */
  readonly instruction: string;
  /** Which of the findings that are otherwise the same, from 0. */
  readonly ordinal: number;
}

/** 16 hexadecimal digits. */
export function fingerprint(identity: Identity): string {
  const instruction = identity.instruction.replace(/\s+/g, " ").trim();
  const text = [identity.rule, identity.stage, instruction, identity.ordinal].join("\0");
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
