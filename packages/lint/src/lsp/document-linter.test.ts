/** Documents in places where no file can be, and beside files that come while they are open. */
import { writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { tempDir } from "test-support/temp-dir";
import { rules } from "../rules/index.ts";
import { DocumentLinter } from "./document-linter.ts";

it.each([
  ["below a file", "file/sub/Dockerfile"],
  ["with a name that is too long", `${"a".repeat(5000)}/Dockerfile`],
  ["with a zero in the name", "\0/Dockerfile"],
  ["in a folder that is gone", "gone/Dockerfile"],
])("lints a document %s", async (_where, path) => {
  await using folder = await tempDir();
  writeFileSync(folder.join("file"), "");
  const complaints: string[] = [];
  const linter = new DocumentLinter(rules, (message) => complaints.push(message));
  const { diagnostics } = await linter.lint(`${folder.path}/${path}`, "FROM alpine\nCOPY a /\n");
  expect(diagnostics.map(({ rule }) => rule)).toContain("DFL201");
  expect(complaints).toEqual([]);
});

it("sees a file that has come since the last look", async () => {
  await using folder = await tempDir();
  const linter = new DocumentLinter(rules, () => {});
  const copies = Array.from({ length: 9 }, (_, index) => `COPY file${index} /`).join("\n");
  const missing = async (): Promise<number> => {
    const { diagnostics } = await linter.lint(folder.join("Dockerfile"), `FROM alpine:3.20\n${copies}\n`);
    return diagnostics.filter(({ rule }) => rule === "DFL608").length;
  };
  expect(await missing()).toBe(9);
  writeFileSync(folder.join("file8"), "");
  expect(await missing()).toBe(8);
});
