/** Removes what dflint made on an engine: that of one run, and what crashed runs left. */
import { isLeftBehind, RUN_LABEL } from "./owner.ts";
import type { Engine } from "./port.ts";

/** Removes all that carries the label of a run, containers first. Throws the last error once it has tried them all. */
export async function removeAllOf({ docker }: Engine, runId: string): Promise<void> {
  const filters = { label: `${RUN_LABEL}=${runId}` };
  const failures = new Failures();
  for (const { Id } of await docker.containers.list({ all: true, filters })) {
    await failures.collect(docker.containers.get(Id ?? "").remove({ force: true, volumes: true }));
  }
  // The parent of another image can be removed after that one only, and goes with it as a rule.
  for (let left = Infinity; ;) {
    const images = await docker.images.list({ filters });
    if (images.length === 0 || images.length >= left) break;
    left = images.length;
    for (const { Id } of images) await failures.collect(docker.images.get(Id).remove({ force: true }));
  }
  failures.throwLast();
}

/**
 * Removes what the classic builder keeps of steps where no image came of them: it failed, or was cut. Unforced, so that what
 * another build needs by now stays.
 */
export async function removeSteps({ docker }: Engine, images: Iterable<string>): Promise<void> {
  for (const image of [...images].toReversed()) {
    await docker.images
      .get(image)
      .remove()
      .catch(() => undefined);
  }
}

/** Removes what runs that are over have left behind; a failure is none of the present run's. */
export async function removeLeftovers(engine: Engine): Promise<void> {
  const filters = { label: RUN_LABEL };
  try {
    const containers = await engine.docker.containers.list({ all: true, filters });
    const images = await engine.docker.images.list({ filters });
    const runs = [...containers, ...images].flatMap(({ Labels }) => Labels?.[RUN_LABEL] ?? []);
    for (const runId of new Set(runs)) if (isLeftBehind(runId)) await removeAllOf(engine, runId);
  } catch {
    // Somebody else may be removing them, too.
  }
}

/** Errors of removals; what is gone already is fine. */
class Failures {
  #last: unknown;

  async collect(removal: Promise<unknown>): Promise<void> {
    try {
      await removal;
    } catch (error) {
      const isGone = error instanceof Error && "code" in error && error.code === "NOT_FOUND";
      if (!isGone) this.#last = error;
    }
  }

  throwLast(): void {
    if (this.#last !== undefined) throw this.#last;
  }
}
