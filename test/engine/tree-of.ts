import { execFile } from "node:child_process";
import { promisify } from "node:util";

const MiB = 1024 * 1024;
const run = promisify(execFile);

/** What a copy must keep of every path below a folder, as GNU find tells it: names are bytes. */
export async function treeOf(folder: string): Promise<ReadonlyMap<string, string>> {
  const format = String.raw`%y\t%m\t%Ts\t%s\t%l\t%i\t%P\0`;
  const options = { encoding: "latin1", maxBuffer: 64 * MiB } as const;
  const { stdout } = await run("find", [folder, "-mindepth", "1", "-printf", format], options);
  const sums = await run("sh", ["-c", 'cd "$0" && find . -type f -exec sha256sum -z {} +', folder], options);
  const contents = new Map(sums.stdout.split("\0").map((line) => [line.slice(68), line.slice(0, 64)]));
  const tree = new Map<string, string>();
  const names = new Map<string, string[]>();
  for (const record of stdout.split("\0").filter((text) => text !== "")) {
    const [type = "", mode = "", seconds = "", size = "", link = "", inode = "", path = ""] =
      record.split("\t");
    tree.set(path, [type, mode, seconds, type === "d" ? "" : size, link, contents.get(path) ?? ""].join(" "));
    names.set(inode, [...(names.get(inode) ?? []), path].toSorted());
  }
  for (const paths of names.values()) {
    if (paths.length > 1)
      for (const path of paths) tree.set(path, `${tree.get(path)} = ${paths.join(" = ")}`);
  }
  return new Map([...tree].toSorted(([left], [right]) => (left < right ? -1 : 1)));
}
