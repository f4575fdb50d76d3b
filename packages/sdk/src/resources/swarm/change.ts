import { ServerError, InvalidRequestError } from "../../errors.ts";
import type { ObjectVersion } from "../../generated/models.ts";

/** What a swarm keeps under a version that every update must name. */
export interface Versioned<Spec> {
  readonly Version: ObjectVersion;
  readonly Spec: Spec;
}

// Each failure means that somebody else's update went through; so many in a row mean something else.
const attempts = 10;

/** Edits the newest state; once more from the start when another update came between the look and the change. */
export async function change<Spec, Result>(
  inspect: () => Promise<Versioned<Spec>>,
  edit: (current: Spec) => Spec,
  update: (version: number, spec: Spec) => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    const { Version, Spec } = await inspect();
    try {
      return await update(Version.Index, edit(Spec));
    } catch (error) {
      if (attempt === attempts || !isOutOfSequence(error)) throw error;
    }
  }
}

/** Engines answer this with several statuses, 500 among them; the words stay. */
function isOutOfSequence(error: unknown): boolean {
  const isCandidate = error instanceof ServerError || error instanceof InvalidRequestError;
  return isCandidate && error.message.includes("update out of sequence");
}
