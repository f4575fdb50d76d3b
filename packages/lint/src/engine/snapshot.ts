/** What an image is, for comparing it: its settings, its size, and its files when they are asked for. */
import { readFileTable, type FileTable } from "./compare-files.ts";
import type { ImageSettings } from "./compare-config.ts";
import type { EngineRun } from "./with-engine.ts";

/** One image. */
export interface Snapshot {
  readonly id: string;
  /** Bytes of its layers, those of the base included. */
  readonly bytes: number;
  readonly settings: ImageSettings;
  /** Digests of its layers: where they are the same, so are the files. */
  readonly layers: readonly string[];
  /** All its paths, from an export of a container that never starts; read once. */
  files(): Promise<FileTable>;
}

/** Asks the engine for an image that was built. */
export async function snapshotOf(run: EngineRun, id: string): Promise<Snapshot> {
  const { docker } = run.engine;
  const settings = await docker.images.get(id).inspect({ signal: run.signal });
  let files: Promise<FileTable> | undefined;
  return {
    id,
    bytes: settings.Size,
    settings,
    layers: settings.RootFS.Layers ?? [],
    files: () => (files ??= readFiles(run, id)),
  };
}

async function readFiles({ engine, labels, signal }: EngineRun, id: string): Promise<FileTable> {
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
    return await readFileTable(container.files({ signal }));
  } finally {
    await container.remove({ force: true, volumes: true });
  }
}
