/** Containers that dflint makes to look at an image: without a network, with little of everything. */
import type { Container, models } from "../port.ts";
import type { EngineRun } from "../with-engine.ts";

const MEBIBYTE = 1024 ** 2;

/** What no program of an image can get around, whatever it does. */
const LIMITS: NonNullable<models.ContainerCreateRequest["HostConfig"]> = {
  NetworkMode: "none",
  Memory: 256 * MEBIBYTE,
  MemorySwap: 256 * MEBIBYTE,
  PidsLimit: 128,
  NanoCpus: 1_000_000_000,
  ReadonlyRootfs: true,
  SecurityOpt: ["no-new-privileges"],
  Tmpfs: { "/tmp": `size=${16 * MEBIBYTE}`, "/run": `size=${16 * MEBIBYTE}` },
  RestartPolicy: { Name: "no" },
  LogConfig: { Type: "none" },
};

/** Makes a container of an image that is there, and lends it for some work. It is removed after, whatever happens. */
export async function withContainer<Result>(
  { engine, labels, signal }: EngineRun,
  image: string,
  spec: models.ContainerCreateRequest,
  work: (container: Container) => Promise<Result>,
): Promise<Result> {
  const request = { ...spec, Image: image, Labels: labels, HostConfig: LIMITS };
  const container = await engine.docker.containers.create(request, { pull: "never", signal });
  try {
    return await work(container);
  } finally {
    // What cannot be removed now goes with the run's label at its end.
    await container.remove({ force: true, volumes: true }).catch(() => undefined);
  }
}
