/** Fast and wrong is not fast. */
import type { Contender, Run } from "./contender.ts";

export interface Expected {
  /** What the answer of a client has to have, whatever else it has. `sha256` it has only when it verifies. */
  readonly answer?: Readonly<Record<string, unknown>>;
  /** What a program has to print when it verifies. */
  readonly printed?: string;
  /** What else is wrong with what was done, if anything. */
  readonly fault?: (contender: Contender, verify: boolean) => Promise<string | undefined>;
}

/** What is wrong with a run, if anything. */
export async function faultOf(
  { answer }: Run,
  contender: Contender,
  { answer: wanted = {}, printed, fault }: Expected,
  verify: boolean,
): Promise<string | undefined> {
  if ("command" in contender) {
    const wrong = verify && printed !== undefined && answer !== printed;
    return wrong ? `printed ${String(answer).slice(0, 60)}` : fault?.(contender, verify);
  }
  for (const [key, value] of Object.entries(wanted)) {
    if (key === "sha256" && !verify) continue;
    const given = (answer as Readonly<Record<string, unknown>>)[key]; // our own clients', see `clients/`
    if (given !== value) return `${key} is ${String(given)}, not ${String(value)}`;
  }
  return fault?.(contender, verify);
}
