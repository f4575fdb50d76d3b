/** What work has left on an engine. */
import { ConflictError, NotFoundError, type Docker } from "docker-engine-sdk";

/** Of everything that a job makes; the value is its number. */
export const label = "soak-job";

/** What is on an engine besides what was there: by the number of the job that made it, where that is known. */
export interface Leftover {
  readonly what: string;
  readonly job: string | undefined;
  readonly isImage: boolean;
}

/** @param known ids of images that were there before */
export async function leftovers(docker: Docker, known: ReadonlySet<string>): Promise<readonly Leftover[]> {
  const containers = await docker.containers.list({ all: true });
  const images = await docker.images.list();
  const { Volumes } = await docker.volumes.list();
  return [
    ...containers.map(({ Id, Labels, State }) => ({
      what: `container ${Id.slice(0, 12)} (${State})`,
      job: Labels?.[label],
      isImage: false,
    })),
    ...images
      .filter(({ Id }) => !known.has(Id))
      .map(({ Id, Labels }) => ({ what: `image ${Id}`, job: Labels?.[label], isImage: true })),
    ...(Volumes ?? []).map(({ Name, Labels }) => ({
      what: `volume ${Name}`,
      job: Labels?.[label],
      isImage: false,
    })),
  ];
}

/** Removes what was left, which must be possible. */
export async function sweepLeftovers(docker: Docker): Promise<void> {
  for (const { Id } of await docker.containers.list({ all: true })) {
    const container = docker.containers.get(Id);
    await container.remove({ force: true, volumes: true }).catch(async (error: unknown) => {
      // An engine that has come back removes by itself what was to be removed at its end.
      if (error instanceof ConflictError) await container.wait({ condition: "removed" });
      else if (!(error instanceof NotFoundError)) throw error;
    });
  }
  await docker.images.prune({ filters: { dangling: true } });
  await docker.images.pruneBuildCache({ all: true }).catch((error: unknown) => {
    // A killed BuildKit may have lost the leases of what it had cached (20.10), and refuses to forget that.
    if (!(error instanceof NotFoundError)) throw error;
  });
  await docker.volumes.prune();
}
