/** What is put at a file's end stands on a line of its own, or nowhere. */
import { expect, it } from "vitest";
import { fixText } from "../linter/fixer.ts";
import { Linter } from "../linter/linter.ts";
import { rules } from "./index.ts";

const linter = new Linter(rules, { only: ["DFL501"] });

it.each([
  "FROM a\nRUN x \\",
  "FROM a\nRUN x \\\n",
  "FROM a\nRUN x \\\n# and so on\n\n",
  "# escape=`\nFROM a\nRUN x `\n",
  "FROM a\nRUN <<EOF\nx\n",
])("leaves %j alone, which is not at its end yet", (text) => {
  expect(fixText(linter, { text }, { applicability: "unsafe" }).text).toBe(text);
});

it.each([
  ["FROM a", "FROM a\nUSER 10001:10001"],
  ["FROM a\nRUN x \\\n y", "FROM a\nRUN x \\\n y\nUSER 10001:10001"],
  ["# escape=`\nFROM a\nRUN x \\\n", "# escape=`\nFROM a\nRUN x \\\nUSER 10001:10001\n"],
  ["FROM a\nRUN <<EOF\nx \\\nEOF\n", "FROM a\nRUN <<EOF\nx \\\nEOF\nUSER 10001:10001\n"],
])("puts USER below %j", (text, expected) => {
  expect(fixText(linter, { text }, { applicability: "unsafe" }).text).toBe(expected);
});
