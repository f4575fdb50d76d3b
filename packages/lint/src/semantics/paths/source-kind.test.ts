import { describe, expect, it } from "vitest";
import { isArchiveName, sourceKind } from "./source-kind.ts";

describe("sources", () => {
  it.each([
    [".", "local"],
    ["src/app.js", "local"],
    ["file@host/x", "local"],
    ["https://example.org/a.tar.gz", "http"],
    ["HTTP://example.org/a", "http"],
    ["https://example.org/a.git#v1", "git"],
    ["https://example.org/a.git", "git"],
    ["https://example.org/a.github.io/x", "http"],
    ["git@example.org:a/b.git", "git"],
    ["git://example.org/a", "git"],
    ["ssh://git@example.org/a", "git"],
    ["github.com/a/b", "git"],
  ])("%s is %s", (source, kind) => {
    expect(sourceKind(source)).toBe(kind);
  });

  it.each(["a.tar", "a.tar.gz", "A.TGZ", "dir/b.txz", "c.tar.zst"])("%s has an archive's name", (path) => {
    expect(isArchiveName(path)).toBe(true);
  });

  it.each(["tar", "a.tar.txt", "a.zip", "tar.d/", "targz"])("%s does not", (path) => {
    expect(isArchiveName(path)).toBe(false);
  });
});
