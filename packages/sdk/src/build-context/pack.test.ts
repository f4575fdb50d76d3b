import { createHash } from "node:crypto";
import {
  appendFile,
  mkdir,
  readlink,
  readdir,
  symlink,
  truncate,
  unlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { tarEntries } from "test-support/tar-entries";
import { tempDir, type TempDir } from "test-support/temp-dir";
import { describe, expect, it } from "vitest";
import { ContextError } from "../errors.ts";
import type { ContextEntry } from "./context-entry.ts";
import { Dockerignore } from "./dockerignore.ts";
import { packEntries } from "./pack.ts";
import { walkContext } from "./walk.ts";

const big = 3 * 1024 * 1024 + 5;
const everything = new Dockerignore();

async function fileOf(folder: TempDir, size: number): Promise<string> {
  const path = folder.join("file");
  await writeFile(path, Buffer.alloc(size, "0123456789"));
  return path;
}

function digest(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

async function openFilesIn(folder: TempDir): Promise<string[]> {
  const targets = await Promise.all(
    (await readdir("/proc/self/fd")).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => "")),
  );
  return targets.filter((target) => target.startsWith(folder.path));
}

describe("packEntries", () => {
  it.each([0, 1, 511, 512, 513, 65_535, 65_536, 65_537, 524_287, 524_288, 524_289, big])(
    "keeps the %i bytes of a file",
    async (size) => {
      await using folder = await tempDir();
      const path = await fileOf(folder, size);
      for (const reuseMemory of [false, true]) {
        const parts: Buffer[] = [];
        const entries = walkContext(folder.path, everything);
        // A copy at once, as memory that is used again demands.
        for await (const chunk of packEntries(entries, { reuseMemory })) parts.push(Buffer.from(chunk));
        const [entry] = await tarEntries(Buffer.concat(parts));
        expect(entry?.size).toBe(size);
        expect(digest(entry?.content ?? Buffer.alloc(0))).toBe(digest(Buffer.alloc(size, "0123456789")));
        expect(await openFilesIn(folder)).toEqual([]);
      }
      expect(path).toBe(folder.join("file"));
    },
  );

  it("fills chunks over and over with small files", async () => {
    await using folder = await tempDir();
    for (let index = 0; index < 500; index++)
      await writeFile(folder.join(`f${index}`), "x".repeat(index * 17));
    const entries = await tarEntries(await buffer(packEntries(walkContext(folder.path, everything))));
    expect(entries).toHaveLength(500);
    for (const { name, content } of entries)
      expect(content.toString()).toBe("x".repeat(Number(name.slice(1)) * 17));
  });

  describe.each([1000, big])("with a file of %i bytes", (size) => {
    it.each([
      ["vanished", unlink],
      ["shrank", (path: string) => truncate(path, size - 1)],
      ["shrank", (path: string) => truncate(path, 0)],
      ["grew", (path: string) => appendFile(path, "!")],
      ["became a symlink", (path: string) => unlink(path).then(() => symlink("/etc/hostname", path))],
    ])("that %s after it was listed", async (reason, change) => {
      await using folder = await tempDir();
      const path = await fileOf(folder, size);
      const entries = [...walkContext(folder.path, everything)];
      await change(path);
      const error: unknown = await buffer(packEntries(entries)).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(ContextError);
      expect(error).toMatchObject({ path });
      expect(String(error)).toContain(reason);
      expect(String(error)).toContain(path);
      expect(await openFilesIn(folder)).toEqual([]);
    });

    it("closes it when the reader leaves", async () => {
      await using folder = await tempDir();
      await fileOf(folder, size);
      for await (const chunk of packEntries(walkContext(folder.path, everything))) {
        expect(chunk.length).toBeGreaterThan(0);
        break;
      }
      expect(await openFilesIn(folder)).toEqual([]);
    });

    it("throws the reason of an abort and closes it", async () => {
      await using folder = await tempDir();
      await fileOf(folder, size);
      await mkdir(folder.join("z"));
      await writeFile(folder.join("z", "last"), Buffer.alloc(big));
      const controller = new AbortController();
      const reason = new Error("enough");
      const stream = packEntries(walkContext(folder.path, everything), { signal: controller.signal });
      expect((await stream.next()).done).toBe(false);
      controller.abort(reason);
      await expect(stream.next()).rejects.toBe(reason);
      expect((await stream.next()).done).toBe(true);
      expect(await openFilesIn(folder)).toEqual([]);
    });
  });

  it("notices that an empty file grew", async () => {
    await using folder = await tempDir();
    const path = await fileOf(folder, 0);
    const entries = [...walkContext(folder.path, everything)];
    await appendFile(path, "!");
    await expect(buffer(packEntries(entries))).rejects.toThrow(/grew while the context was packed/);
  });

  it("notices that a big file was rewritten while it was read", async () => {
    await using folder = await tempDir();
    const path = await fileOf(folder, big);
    const entries: ContextEntry[] = [...walkContext(folder.path, everything)].filter(
      (entry) => entry !== undefined,
    );
    await utimes(path, 1, 1);
    await expect(buffer(packEntries(entries))).rejects.toThrow(/changed while the context was packed/);
  });

  it("opens nothing before it is read", async () => {
    await using folder = await tempDir();
    await fileOf(folder, big);
    packEntries(walkContext(folder.join("missing"), everything));
    packEntries(walkContext(folder.path, everything));
    expect(await openFilesIn(folder)).toEqual([]);
  });

  it("reads no further than it is asked to", async () => {
    let walked = 0;
    function* entries(): Generator<ContextEntry> {
      for (; walked < 1000; walked++) {
        const source = Buffer.alloc(100_000);
        yield { path: `f${walked}`, type: "file", mode: 0o644, mtime: 0, size: source.length, source };
      }
    }
    const stream = packEntries(entries());
    await stream.next();
    expect(walked).toBeLessThan(10);
    await stream.return();
  });

  it("lets others run while a large tree is walked", async () => {
    let turns = 0;
    function count(): void {
      turns++;
      if (turns < 5) setImmediate(count);
    }
    setImmediate(count);
    const patience = performance.now() + 30_000; // a walk that lets nobody run has to end, too
    function* walk(): Generator<undefined> {
      while (turns < 5 && performance.now() < patience) yield undefined;
    }
    await buffer(packEntries(walk()));
    expect(turns).toBe(5);
  });
});
