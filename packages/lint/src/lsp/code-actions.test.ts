/** Menus for documents with thousands of findings. */
import { expect, it } from "vitest";
import { rules } from "../rules/index.ts";
import { codeActions, type OpenDocument } from "./code-actions.ts";
import { DocumentLinter } from "./document-linter.ts";

async function documentOf(text: string): Promise<OpenDocument> {
  const linted = await new DocumentLinter(rules, () => undefined).lint(undefined, text);
  return { uri: "untitled:a", version: 1, linted };
}

const COUNT = 600;

it("offers to mute a finding above the instruction that it is in", async () => {
  const lines = Array.from({ length: COUNT }, (_, index) => `  RUN cd /${index}`);
  const document = await documentOf(["FROM alpine:3.20", ...lines, ""].join("\n"));
  for (const line of [1, 2, 300, COUNT]) {
    const at = { line, character: 8 };
    const actions = codeActions(document, { start: at, end: at }, undefined);
    const mute = actions.find(({ title }) => title === "Ignore run-cd here");
    expect(mute?.edit?.documentChanges).toEqual([
      {
        textDocument: { uri: "untitled:a", version: 1 },
        edits: [
          {
            range: { start: { line, character: 0 }, end: { line, character: 0 } },
            newText: "  # dflint ignore=run-cd\n",
          },
        ],
      },
    ]);
  }
});

it("leaves out what nobody would read when all is selected", async () => {
  const lines = Array.from({ length: COUNT }, (_, index) => `RUN cd /${index}`);
  const document = await documentOf(["FROM alpine:3.20", ...lines, ""].join("\n"));
  const all = { start: { line: 0, character: 0 }, end: { line: COUNT + 1, character: 0 } };
  const found = codeActions(document, all, undefined).filter(({ title }) => title.endsWith("in this file"));
  expect(document.linted.diagnostics.length).toBeGreaterThan(COUNT);
  expect(found).toHaveLength(500);
});
