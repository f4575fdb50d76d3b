import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** A manifest as an index lists it: `mediaType`, `digest`, `size`, and whatever else the engine says of it. */
interface Descriptor {
  readonly digest: string;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
}

const nameKey = "org.opencontainers.image.ref.name";
const fileName = "index.json";

/** The manifest of this name in a folder laid out as OCI has it; undefined when there is none. */
export async function findManifest(folder: string, name: string): Promise<string | undefined> {
  return (await readManifests(folder)).find(({ annotations }) => annotations?.[nameKey] === name)?.digest;
}

/** Gives a manifest a name, which the one that had it loses. */
export async function nameManifest(folder: string, name: string, manifest: Descriptor): Promise<void> {
  const others = (await readManifests(folder).catch(() => [])).filter(
    ({ annotations }) => annotations?.[nameKey] !== name,
  );
  const named = { ...manifest, annotations: { ...manifest.annotations, [nameKey]: name } };
  const index = {
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.index.v1+json",
    manifests: [...others, named],
  };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "oci-layout"), '{"imageLayoutVersion":"1.0.0"}');
  // Whole or not at all: another build may be reading it.
  await writeFile(join(folder, `${fileName}.new`), JSON.stringify(index));
  await rename(join(folder, `${fileName}.new`), join(folder, fileName));
}

async function readManifests(folder: string): Promise<readonly Descriptor[]> {
  const index = JSON.parse(await readFile(join(folder, fileName), "utf8")) as {
    readonly manifests?: readonly Descriptor[];
  };
  return index.manifests ?? [];
}
