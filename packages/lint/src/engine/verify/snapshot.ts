/** What an image is, for comparing it: its settings, its size, and its files when they are asked for. */
import { readFileTable, type FileTable } from "./compare-files.ts";
import type { ImageSettings } from "./compare-config.ts";
import type { ContainerFile } from "../port.ts";
import type { EngineRun } from "../with-engine.ts";

/** One image. */
export interface Snapshot {
  readonly id: string;
  /** Bytes of its layers, those of the base included. */
  readonly bytes: number;
  readonly settings: ImageSettings;
  /** Digests of its layers: where they are the same, so are the files. */
  readonly layers: readonly string[];
  /** All its paths as they stream by, from an export of a container that never starts. */
  files(): AsyncGenerator<ContainerFile, void, undefined>;
  /** The same, kept; read once. */
  table(): Promise<FileTable>;
}

/** Asks the engine for an image that was built. */
export async function snapshotOf(run: EngineRun, id: string): Promise<Snapshot> {
  const { docker } = run.engine;
  const settings = await docker.images.get(id).inspect({ signal: run.signal });
  let table: Promise<FileTable> | undefined;
  const files = (): AsyncGenerator<ContainerFile, void, undefined> => exportedFiles(run, id);
  return {
    id,
    bytes: settings.Size,
    settings,
    layers: settings.RootFS.Layers ?? [],
    files,
    table: () => (table ??= readFileTable(files())),
  };
}

async function* exportedFiles(
  { engine, labels, signal }: EngineRun,
  id: string,
): AsyncGenerator<ContainerFile, void, undefined> {
  const container = await engine.docker.containers.create(
    {
      Image: id,
      // Images from scratch name no command, and none is ever run.
      Cmd: ["never-started"],
      Labels: labels,
      HostConfig: { NetworkMode: "none" },
    },
    { pull: "never", signal },
  );
  try {
    yield* container.files({ signal });
  } finally {
    await container.remove({ force: true, volumes: true });
  }
}
