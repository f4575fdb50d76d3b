import type { ContextEntry } from "../../build-context/context-entry.ts";

const typeBits: Readonly<Record<ContextEntry["type"], number>> = {
  file: 0,
  link: 0,
  folder: 2 ** 31,
  symlink: 2 ** 27,
  "block-device": 2 ** 26,
  "character-device": 2 ** 26 + 2 ** 21,
  fifo: 2 ** 25,
};

const [setuid, setgid, sticky] = [2 ** 23, 2 ** 22, 2 ** 20];

/** The mode of Go's `os.FileMode`, which is what BuildKit sends; not that of stat(2). */
export function toGoMode({ type, mode }: Pick<ContextEntry, "type" | "mode">): number {
  const special = (mode & 0o4000 ? setuid : 0) + (mode & 0o2000 ? setgid : 0) + (mode & 0o1000 ? sticky : 0);
  return typeBits[type] + special + (mode & 0o777);
}

/** What of a Go mode a file here gets: permissions, setuid, setgid and sticky. */
export function fromGoMode(mode: number): {
  readonly type: "file" | "folder" | "symlink" | "other";
  readonly mode: number;
} {
  const has = (bit: number): boolean => Math.floor(mode / bit) % 2 === 1;
  const special = (has(setuid) ? 0o4000 : 0) | (has(setgid) ? 0o2000 : 0) | (has(sticky) ? 0o1000 : 0);
  const other = [26, 25, 24, 21].some((bit) => has(2 ** bit));
  const type = has(2 ** 31) ? "folder" : has(2 ** 27) ? "symlink" : other ? "other" : "file";
  return { type, mode: (mode & 0o777) | special };
}
