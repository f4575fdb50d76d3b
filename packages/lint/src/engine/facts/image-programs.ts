/** Which programs an image has, without starting any of them. */
import { posix } from "node:path";
import type { Container, ImageFile } from "../port.ts";
import { withContainer } from "./probe-container.ts";
import type { EngineRun } from "../with-engine.ts";

/** Where programs are looked for in an image that sets no PATH. */
const DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Linux gives up after as many links. */
const MOST_LINKS = 40;

/** Programs by name; undefined for one that is in no folder of PATH. */
export type Programs = ReadonlyMap<string, string | undefined>;

/** Looks for programs in a container that is made of an image and never started. */
export async function programsOf(
  run: EngineRun,
  image: string,
  names: readonly string[],
  path: string | undefined,
): Promise<Programs> {
  if (names.length === 0) return new Map();
  return await withContainer(run, image, { Entrypoint: ["/"], Cmd: [] }, async (container) => {
    const found = new Map<string, string | undefined>();
    for (const name of names) found.set(name, await firstOf(candidates(name, path), container, run.signal));
    return found;
  });
}

/** Looks for programs among the files of an image. */
export function programsAmong(
  files: ReadonlyMap<string, ImageFile>,
  names: readonly string[],
  path: string | undefined,
): Programs {
  return new Map(
    names.map((name) => [name, candidates(name, path).find((one) => isProgram(resolveLinks(files, one)))]),
  );
}

function candidates(name: string, path = DEFAULT_PATH): string[] {
  if (name.includes("/")) return name.startsWith("/") ? [name] : [];
  return path.split(":").flatMap((folder) => (folder.startsWith("/") ? [posix.join(folder, name)] : []));
}

async function firstOf(
  paths: readonly string[],
  container: Container,
  signal: AbortSignal,
): Promise<string | undefined> {
  for (const path of paths) if (await isThere(path, container, signal)) return path;
  return undefined;
}

/** Go's type bit of a folder. */
const GO_FOLDER = 0x80000000;

/** Links are followed by hand: the engine tells of the link itself. */
async function isThere(path: string, container: Container, signal: AbortSignal): Promise<boolean> {
  let at = path;
  for (let links = 0; links <= MOST_LINKS; links += 1) {
    const found = await container.stat(at, { signal }).catch((error: unknown) => {
      // The engine answers, so it is not there, or nothing that a path can lead through.
      if (error instanceof Error && "status" in error) return undefined;
      throw error;
    });
    if (found === undefined) return false;
    if (found.linkTarget === "") return found.mode < GO_FOLDER && (found.mode & 0o111) !== 0;
    at = posix.resolve(posix.dirname(at), found.linkTarget);
  }
  return false;
}

function isProgram(file: ImageFile | undefined): boolean {
  return file?.type === "file" && (file.mode & 0o111) !== 0;
}

/** The file at a path, through links of folders and its own. */
function resolveLinks(files: ReadonlyMap<string, ImageFile>, path: string): ImageFile | undefined {
  let rest = path.split("/").filter((part) => part !== "");
  let at = "/";
  let found: ImageFile | undefined;
  for (let links = 0; rest.length > 0;) {
    const [part = "", ...more] = rest;
    rest = more;
    at = posix.join(at, part);
    found = files.get(at);
    if (found?.type !== "symlink") continue;
    links += 1;
    if (links > MOST_LINKS) return undefined;
    const target = posix.resolve(posix.dirname(at), found.linkTarget ?? "");
    rest = [...target.split("/").filter((one) => one !== ""), ...rest];
    at = "/";
  }
  return found;
}
