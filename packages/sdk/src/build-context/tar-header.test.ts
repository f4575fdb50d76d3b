import { execFileSync } from "node:child_process";
import { tarEntries } from "test-support/tar-entries";
import { expect, it } from "vitest";
import { decodeName } from "./file-name.ts";
import { encodeHeader, endOfTar, type TarHeader } from "./tar-header.ts";

const file: TarHeader = { path: "file", type: "file", mode: 0o644, size: 0, mtime: 1_700_000_000 };

/** What GNU tar, an independent reader, makes of a header: `mode size seconds name`. */
function listed(header: TarHeader): string {
  const tar = Buffer.concat([encodeHeader(header), endOfTar]);
  const options = [
    "--list",
    "--verbose",
    "--numeric-owner",
    "--full-time",
    "--utc",
    "--quoting-style=escape",
  ];
  const line = execFileSync("tar", options, {
    input: tar,
    encoding: "latin1",
    env: { ...process.env, LC_ALL: "C" },
  });
  return line.trimEnd();
}

it.each([
  [file, "-rw-r--r-- 0/0               0 2023-11-14 22:13:20 file"],
  [{ ...file, mode: 0o6755 }, "-rwsr-sr-x 0/0               0 2023-11-14 22:13:20 file"],
  [{ ...file, type: "folder" }, "drw-r--r-- 0/0               0 2023-11-14 22:13:20 file/"],
  [{ ...file, type: "fifo" }, "prw-r--r-- 0/0               0 2023-11-14 22:13:20 file"],
  [{ ...file, owner: { uid: 1000, gid: 100 } }, "-rw-r--r-- 1000/100          0 2023-11-14 22:13:20 file"],
  [
    { ...file, owner: { uid: 4_000_000_000, gid: 3_000_000 } },
    "-rw-r--r-- 4000000000/3000000 0 2023-11-14 22:13:20 file",
  ],
  [{ ...file, mtime: -1 }, "-rw-r--r-- 0/0               0 1969-12-31 23:59:59 file"],
  [{ ...file, mtime: 9_000_000_000 }, "-rw-r--r-- 0/0               0 2255-03-14 16:00:00 file"],
  [
    { ...file, type: "symlink", linkTarget: "to" },
    "lrw-r--r-- 0/0               0 2023-11-14 22:13:20 file -> to",
  ],
  [
    { ...file, type: "link", linkTarget: "to" },
    "hrw-r--r-- 0/0               0 2023-11-14 22:13:20 file link to to",
  ],
  [
    { ...file, type: "block-device", device: { major: 7, minor: 260 } },
    "brw-r--r-- 0/0           7,260 2023-11-14 22:13:20 file",
  ],
] as const)("%j reads as %s", (header, expected) => {
  expect(listed(header)).toBe(expected);
});

it.each([99, 100, 101, 155, 156, 157, 255, 256, 257, 4000])(
  "keeps a name of %i characters",
  async (length) => {
    for (const path of [
      "n".repeat(length),
      `${"d".repeat(50)}/${"n".repeat(length - 51)}`,
      `${"d/".repeat(length / 2 - 1)}${"n".repeat(length % 2 === 0 ? 2 : 3)}`,
    ]) {
      for (const type of ["file", "folder"] as const) {
        const tar = Buffer.concat([encodeHeader({ ...file, path, type }), endOfTar]);
        expect((await tarEntries(tar)).map(({ name, type }) => [name, type])).toEqual([
          type === "folder" ? [`${path}/`, "directory"] : [path, "file"],
        ]);
      }
    }
  },
);

it("keeps the bytes of a name that is no UTF-8", () => {
  const bytes = Buffer.from([0x61, 0xff, 0x0a, 0xc3, 0xa9, 0xc3]);
  const header = encodeHeader({ ...file, path: decodeName(bytes) });
  expect(header.includes(Buffer.concat([Buffer.from("path="), bytes, Buffer.from("\n")]))).toBe(true);
});

it("says a size over 8 GiB in a record", () => {
  const header = encodeHeader({ ...file, size: 2 ** 33 });
  expect(header.includes("19 size=8589934592\n")).toBe(true);
  expect(header.length).toBe(3 * 512);
});
