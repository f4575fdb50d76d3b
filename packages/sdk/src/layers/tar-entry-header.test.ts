import { execFileSync } from "node:child_process";
import { utimes, writeFile } from "node:fs/promises";
import { tempDir } from "test-support/temp-dir";
import { expect, test } from "vitest";
import { encodeHeader } from "../build-context/tar-header.ts";
import { ByteReader } from "./byte-reader.ts";
import { TarReader } from "./tar-reader.ts";

async function firstTime(tar: Uint8Array): Promise<number | undefined> {
  async function* once(): AsyncGenerator<Uint8Array, void, undefined> {
    yield tar;
  }
  return (await new TarReader(new ByteReader(once()), "The tar").next())?.mtime;
}

test.each(["gnu", "posix", "ustar"])("times as GNU tar writes them: %s", async (format) => {
  await using folder = await tempDir();
  // Before 1970 and beyond eleven octal digits is for the first two only.
  const times = format === "ustar" ? [0, 1_700_000_000] : [-312_753_295, -1, 0, 1_700_000_000, 9_000_000_000];
  for (const time of times) {
    await writeFile(folder.join("file"), "");
    await utimes(folder.join("file"), new Date(), new Date(time * 1000));
    const tar = execFileSync("tar", [`--format=${format}`, "-C", folder.path, "-c", "file"]);
    expect(await firstTime(tar)).toBe(time);
  }
});

test("fractions are kept, and a time that cannot be read is none", async () => {
  await using folder = await tempDir();
  await writeFile(folder.join("file"), "");
  await utimes(folder.join("file"), new Date(), new Date(1500.25 * 1000));
  expect(await firstTime(execFileSync("tar", ["--format=posix", "-C", folder.path, "-c", "file"]))).toBe(
    1500.25,
  );

  const broken = encodeHeader({ path: "file", type: "file", mode: 0o644, size: 0, mtime: 1 });
  broken.write("99999999999", 136, "latin1");
  // The sum counts its own field as blanks.
  broken.fill(" ", 148, 156);
  const sum = broken.reduce((total, byte) => total + byte, 0);
  broken.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  expect(await firstTime(broken)).toBe(0);
});
