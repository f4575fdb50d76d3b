import { describe, expect, it } from "vitest";
import { exampleContext } from "../linter/example.ts";
import { Linter } from "../linter/linter.ts";
import type { Preset } from "../linter/presets.ts";
import { rule } from "./dfl605-copy-ignored.ts";

const files = { "a.md": "", "src/a.js": "", "src/a.md": "", "docs/b.md": "" };

/** The words that are reported. */
function reported(preset: Preset, copy: string, dockerignore: string): string[] {
  const text = `FROM alpine:3.20\n${copy} /x/\n`;
  const { diagnostics } = new Linter([rule], { preset }).lint({
    text,
    context: exampleContext({ files, dockerignore }),
  });
  return diagnostics.map(({ span }) => text.slice(span.start, span.end));
}

describe("what the ignore file keeps out", () => {
  it.each([
    // The path itself, a folder above it, and a pattern of paths by its text.
    ["COPY a.md src", "*.md\n", ["a.md"], ["a.md"]],
    ["COPY docs/b.md", "docs\n", ["docs/b.md"], ["docs/b.md"]],
    ["ADD *.md", "*.md\n", ["*.md"], ["*.md"]],
    ["COPY ./docs/", "docs/**\n", [], []],
    ["COPY docs", "**/docs\n", ["docs"], ["docs"]],
    ["COPY src", "**/*.md\n", [], []],
    ["COPY --from=x a.md", "*.md\n", [], []],
    ["ADD https://example.org/a.md", "*.md\n", [], []],
    // Everything.
    ["COPY .", "*\n", ["."], ["."]],
    ["COPY .", "**/*\n", ["."], ["."]],
    ["COPY .", "a.md\nsrc\ndocs\n.dockerignore\n", [], ["."]],
    // BuildKit gives up where there is an exception; the builder does not.
    ["COPY a.md", "*.md\n!b.md\n", [], ["a.md"]],
    ["COPY a.md", "*.md\n!a.md\n", [], []],
    ["COPY src docs", "*\n!src/a.js\n", [], ["docs"]],
  ])("%s, %j", (copy, dockerignore, buildkit, own) => {
    expect(reported("buildkit", copy, dockerignore)).toEqual(buildkit);
    expect(reported("recommended", copy, dockerignore)).toEqual(own);
  });
});
