import { lutimesSync } from "node:fs";
import { chmod, symlink, utimes } from "node:fs/promises";
import { pathOnDisk } from "../../build-context/file-name.ts";
import { ByteReader } from "../../layers/byte-reader.ts";
import type { TarEntryHeader } from "../../layers/tar-entry-header.ts";
import { TarReader } from "../../layers/tar-reader.ts";
import { linkAgain, makeFifo, writeFile } from "./unpack-entry.ts";
import { UnpackFolder } from "./unpack-folder.ts";

/**
 * Writes a tar into a folder as `docker cp` does: modes and times as they are, everything owned by the user who
 * copies. Links that point anywhere are made (`/etc/mtab` is absolute), and nothing is ever written through one.
 * It is our own because the packages for it leave out FIFOs, times of links, set-id bits and holes.
 * @throws ContextError for what would be written elsewhere, and for devices
 */
export async function unpack(archive: AsyncIterable<Uint8Array>, folder: string): Promise<void> {
  const bytes = new ByteReader(archive);
  const tar = new TarReader(bytes, "The archive that the engine sent");
  /** Their modes may forbid to write into them, and writing into them changes their times. */
  const folders: { readonly path: string; readonly entry: TarEntryHeader }[] = [];
  try {
    const target = new UnpackFolder(folder);
    for (let entry = await tar.next(); entry !== undefined; entry = await tar.next()) {
      const path = target.pathOf(entry.name);
      if (entry.typeFlag === "5") {
        if (target.makeFolder(entry.name)) folders.push({ path, entry });
        continue;
      }
      target.makeRoom(entry.name);
      await unpackEntry(tar, target, entry, path);
    }
  } finally {
    await bytes.close();
  }
  for (const { path, entry } of folders.toReversed()) {
    await chmod(pathOnDisk(path), entry.mode);
    await utimes(pathOnDisk(path), new Date(), timeOf(entry));
  }
}

async function unpackEntry(
  tar: TarReader,
  target: UnpackFolder,
  entry: TarEntryHeader,
  path: string,
): Promise<void> {
  switch (entry.typeFlag) {
    case "0":
    case "\0":
    case "7":
      return writeFile(tar, path, entry, timeOf(entry));
    case "1":
      return linkAgain(target.existing(entry.linkName), path);
    case "2":
      await symlink(pathOnDisk(entry.linkName), pathOnDisk(path));
      lutimesSync(pathOnDisk(path), new Date(), timeOf(entry));
      return;
    case "6":
      await makeFifo(path);
      await chmod(pathOnDisk(path), entry.mode);
      return utimes(pathOnDisk(path), new Date(), timeOf(entry));
    default:
      // A device of the container's choice, in the hands of whoever may read the folder.
      throw target.fault(
        entry.name,
        entry.typeFlag === "3" || entry.typeFlag === "4" ? "is a device" : "is no file",
      );
  }
}

// Numbers before 1970 are taken for now by `node:fs`, dates are not.
function timeOf(entry: TarEntryHeader): Date {
  return new Date(entry.mtime * 1000);
}
