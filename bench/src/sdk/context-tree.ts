/** A folder to build from, half of which is ignored: in folders of its own, and file by file. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { randomBytes } from "./random.mjs";

const KB = 1024;
const MB = 1024 * KB;

/** Where `tar` leaves out what the `.dockerignore` does. */
export const tarExclusions = "--exclude=./node_modules --exclude=./build --exclude='*.log'";

/** Fills a folder with so many MB, a quarter of them in small files; writes its Dockerfile and `.dockerignore`. */
export async function contextTree(folder: string, megabytes: number): Promise<void> {
  const share = megabytes / 8;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "Dockerfile"), "FROM scratch\nCOPY . /\n");
  await writeFile(join(folder, ".dockerignore"), "node_modules\nbuild\n**/*.log\n");
  await files(join(folder, "src"), "ts", 32 * KB, (share * MB) / (32 * KB));
  await files(join(folder, "assets"), "bin", 8 * MB, (3 * share) / 8);
  await files(join(folder, "node_modules"), "js", 64 * KB, (share * MB) / (64 * KB));
  await files(join(folder, "build"), "o", 8 * MB, (2 * share) / 8);
  await files(join(folder, "traces"), "log", 512 * KB, (share * MB) / (512 * KB));
}

/** Some in each folder. */
async function files(folder: string, extension: string, size: number, count: number): Promise<void> {
  const bytes = randomBytes(size + 64 * KB);
  for (let index = 0; index < count; index += 1) {
    const place = join(folder, `part-${Math.floor(index / 50)}`);
    if (index % 50 === 0) await mkdir(place, { recursive: true });
    const start = (index * 97) % (64 * KB);
    await writeFile(join(place, `file-${index}.${extension}`), bytes.subarray(start, start + size));
  }
}
