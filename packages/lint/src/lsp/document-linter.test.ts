/** Documents in places where no file can be. */
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
