/** What several threads say is what one says. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { tempDir } from "test-support/temp-dir";
import { dflint, writeFiles } from "./dflint-run.ts";

const lazy = `from debian
RUN apt-get update
RUN apt-get install -y curl
COPY . /app
`;

/** A tree in which files share configurations and ignore files. */
function tree(): Record<string, string | Buffer> {
  const files: Record<string, string | Buffer> = {
    ".dflint.yaml": "extends: strict\nignore:\n  - {rule: user-missing, until: 2020-01-01}\n",
    "shared/.dockerignore": "node_modules\n/absolute\n../outside\n!never\n",
  };
  for (let index = 0; index < 40; index++) {
    files[`apps/app${index}/Dockerfile`] = lazy.replaceAll("curl", `curl package${index}`);
    files[`shared/Dockerfile.number${index}`] = `${lazy}CMD run ${index}\n`;
  }
  return files;
}

test("the same report, errors and warnings from any number of threads", async () => {
  await using folder = await tempDir();
  writeFiles(folder, {
    ...tree(),
    "apps/app7/.dflint.yaml": "extends: buildkit\n",
    "apps/app9/Dockerfile": "", // says that it is empty
    "apps/app11/Dockerfile": Buffer.alloc(17 * 2 ** 20, "#"),
  });
  const run = async (threads: string): Promise<unknown> =>
    await dflint(["--threads", threads, "-o", "json", "."], { folder: folder.path });
  const one = await run("1");
  expect(one).toMatchObject({ code: 2, out: expect.stringContaining("package39") as unknown });
  for (const threads of ["2", "3", "8"]) expect(await run(threads)).toEqual(one);
});

test("the first configuration that is wrong ends the run, with its error", async () => {
  await using folder = await tempDir();
  writeFiles(folder, { ...tree(), "apps/app5/.dflint.yaml": "presett: x\n" });
  const run = async (threads: string): Promise<unknown> =>
    await dflint(["--threads", threads, "."], { folder: folder.path });
  const one = await run("1");
  expect(one).toMatchObject({ code: 2, out: "" });
  expect(await run("3")).toEqual(one);
});

test("fixes need one thread, whatever is asked for", async () => {
  await using folder = await tempDir();
  writeFiles(folder, tree());
  const args = ["check", "--fix", "--diff", "."];
  const one = await dflint([...args, "--threads", "1"], { folder: folder.path });
  expect(one.out).toContain("+++ ");
  expect(await dflint([...args, "--threads", "4"], { folder: folder.path })).toEqual(one);
});

test("a report that is printed in parts is the one that a file gets, in the order of the files", async () => {
  await using folder = await tempDir();
  const maintainers = "MAINTAINER somebody\n".repeat(120);
  const names = Array.from({ length: 30 }, (_, index) => `app${index + 10}/Dockerfile`);
  writeFiles(folder, Object.fromEntries(names.map((name) => [name, `FROM alpine:3.20\n${maintainers}`])));
  for (const threads of ["1", "3"]) {
    const args = ["--no-config", "--threads", threads, "-o", "jsonl", "-o", "jsonl=report.jsonl", "."];
    const { out, err, code } = await dflint(args, { folder: folder.path });
    expect({ err, code }).toEqual({ err: "", code: 1 });
    expect(out.length).toBeGreaterThan(2 ** 20);
    expect(readFileSync(folder.join("report.jsonl"), "utf8") === out).toBe(true);
    const paths = out.split("\n").flatMap((line) => /^\{"path":"([^"]+)"/.exec(line)?.[1] ?? []);
    expect([...new Set(paths)]).toEqual(names);
    expect(paths.length).toBeGreaterThanOrEqual(30 * 120);
  }
});

test("reports that are printed after one another do not mix, however long they are", async () => {
  await using folder = await tempDir();
  const text = `FROM alpine:3.20\n${"MAINTAINER somebody\n".repeat(4000)}`;
  writeFiles(folder, { "a/Dockerfile": text, "b/Dockerfile": text, "c/Dockerfile": text });
  const files = ["-o", "json=one.json", "-o", "compact=one.txt", "-o", "jsonl=one.jsonl"];
  await dflint(["--no-config", ...files, "."], { folder: folder.path });
  const read = (name: string): string => readFileSync(folder.join(name), "utf8");
  const orders = [
    ["json", "compact", "jsonl"],
    ["compact", "jsonl"],
  ] as const;
  const names = { json: "one.json", compact: "one.txt", jsonl: "one.jsonl" };
  for (const formats of orders) {
    const args = formats.flatMap((format) => ["-o", format]);
    const { out } = await dflint(["--no-config", ...args, "."], { folder: folder.path });
    expect(out.length).toBeGreaterThan(2 ** 20);
    expect(out === formats.map((format) => read(names[format])).join("")).toBe(true);
  }
});
