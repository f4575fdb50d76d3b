/** An ignore file that is named itself is linted as what it is. */
import { readFileSync } from "node:fs";
import { tempDir } from "test-support/temp-dir";
import { describe, expect, it } from "vitest";
import { dflint, writeFiles } from "./dflint-run.ts";

const GOOD = 'FROM alpine:3.20\nUSER 1000\nCMD ["true"]\n';
const INDENTED = "# x\n  # y\n.git\n";
const ONLY = ["--only", "DFL607", "-o", "compact"];

describe("an ignore file", () => {
  it.each([".dockerignore", "sub/.dockerignore", "x.Dockerfile.dockerignore"])(
    "called %s is one",
    async (name) => {
      await using folder = await tempDir();
      writeFiles(folder, { [name]: INDENTED, "x.Dockerfile": GOOD });
      const { code, out, err } = await dflint([...ONLY, name], { folder: folder.path });
      expect({ code, err }).toEqual({ code: 1, err: "" });
      expect(out).toMatch(/^\S*\.dockerignore:2:3: warning DFL607 [^\n]*\n$/);
      const all = await dflint(["-o", "json", name], { folder: folder.path });
      expect(all.out).not.toContain("syntax-error");
    },
  );

  it("is mended, shown as a diff, taken from standard input, and told once beside its Dockerfile", async () => {
    await using folder = await tempDir();
    writeFiles(folder, { ".dockerignore": INDENTED, Dockerfile: `${GOOD}COPY . .\n`, ".git/HEAD": "" });
    const both = await dflint([...ONLY, "Dockerfile", "./.dockerignore"], { folder: folder.path });
    expect(both.out.split("\n")).toHaveLength(2);
    const diff = await dflint(["fix", "--diff", "--only", "DFL607", ".dockerignore"], {
      folder: folder.path,
    });
    expect(diff).toMatchObject({ code: 1, out: expect.stringContaining("-  # y\n+# y\n") });
    const input = await dflint(["fix", "--only", "DFL607", "-", "--stdin-filename", ".dockerignore"], {
      folder: folder.path,
      input: "a\n # b\n",
    });
    expect(input).toMatchObject({ code: 0, out: "a\n# b\n" });
    expect(readFileSync(folder.join(".dockerignore"), "utf8")).toBe(INDENTED);
    const fixed = await dflint(["fix", "--only", "DFL607", ".dockerignore"], { folder: folder.path });
    expect(fixed).toMatchObject({ code: 0, out: "No findings in 1 file, 1 fixed.\n" });
    expect(readFileSync(folder.join(".dockerignore"), "utf8")).toBe("# x\n# y\n.git\n");
  });

  it("is found in a folder where no Dockerfile stands for it, and has its path in every format", async () => {
    await using folder = await tempDir();
    writeFiles(folder, { "a/.dockerignore": INDENTED, "b/Dockerfile": GOOD, "b/.dockerignore": INDENTED });
    const found = await dflint([...ONLY, "a"], { folder: folder.path });
    expect(found).toMatchObject({ code: 1, out: expect.stringMatching(/^a\/\.dockerignore:2:3: /) });
    const formats =
      "tty compact json jsonl sarif github gitlab codeclimate checkstyle junit sonarqube markdown".split(" ");
    const outputs = formats.flatMap((format) => ["-o", `${format}=${folder.join(`report.${format}`)}`]);
    expect((await dflint(["--only", "DFL607", ...outputs, "."], { folder: folder.path })).code).toBe(1);
    for (const format of formats) {
      const report = readFileSync(folder.join(`report.${format}`), "utf8");
      for (const path of ["a/.dockerignore", "b/.dockerignore"])
        expect(`${format}: ${report}`).toContain(path);
    }
  });

  it("has a baseline and a history like every other file", async () => {
    await using folder = await tempDir();
    writeFiles(folder, { ".dockerignore": INDENTED });
    expect(
      (await dflint(["baseline", "create", "--only", "DFL607", ".dockerignore"], { folder: folder.path }))
        .out,
    ).toBe("Wrote .dflint-baseline.json: 1 known finding.\n");
    expect((await dflint([...ONLY, ".dockerignore"], { folder: folder.path })).code).toBe(0);
  });
});
