/** What the built program loads: it is started by every commit and every save. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { CLI } from "./dflint-run.ts";

interface Imports {
  readonly static: readonly string[];
  readonly lazy: readonly string[];
}

/** The imports of a built file; the bundler writes each as `from"x"`, `import"x"` or `` import(`x`) ``. */
function importsOf(path: string): Imports {
  const code = readFileSync(path, "utf8");
  const matches = (pattern: RegExp): string[] => [...code.matchAll(pattern)].map((match) => match[2] ?? "");
  return {
    static: matches(/(?:^|[;}\n])\s*(?:import|export)\b[^"'`;()]*?(["'])([^"'\n]+)\1/g),
    lazy: matches(/\bimport\(\s*(["'`])([^"'`]+)\1\s*\)/g),
  };
}

/** Everything that is loaded as soon as a file is, by path or name. */
function loadedWith(path: string, seen: Set<string> = new Set()): Set<string> {
  for (const name of importsOf(path).static) {
    const target = name.startsWith(".") ? join(dirname(path), name) : name;
    if (seen.has(target)) continue;
    seen.add(target);
    if (name.startsWith(".")) loadedWith(target, seen);
  }
  return seen;
}

/** The chunk that the entry loads for everything but the version. */
function mainChunk(): string {
  const [name = ""] = importsOf(CLI).lazy;
  return join(dirname(CLI), name);
}

describe("the built program", () => {
  it("loads nothing of ours or others for --version", () => {
    expect([...loadedWith(CLI)].filter((name) => !name.startsWith("node:"))).toEqual([]);
    expect(importsOf(CLI).lazy).toHaveLength(1);
  });

  it("needs nothing but Node for a usual run: no SDK, no YAML, no formats", () => {
    const loaded = [...loadedWith(mainChunk())];
    const bare = loaded.filter((name) => !name.startsWith("node:") && !name.startsWith("/"));
    expect(bare).toEqual([]);
    expect(loaded.filter((name) => /yaml|json|github|compact|explain|sdk/.test(name))).toEqual([]);
    // Nor the prose and the examples of rules; their marks tell them.
    expect(
      [...loaded, mainChunk()].filter(
        (name) => name.startsWith("/") && readFileSync(name, "utf8").includes("⟦"),
      ),
    ).toEqual([]);
    // One file, and what it shares with those that are loaded now and then.
    expect(loaded.filter((name) => name.startsWith("/")).length).toBeLessThanOrEqual(3);
  });

  it("loads nothing from outside later on, either, so that the hook installs nothing", () => {
    const bare = new Set<string>();
    const seen = new Set<string>();
    const visit = (path: string): void => {
      if (seen.has(path)) return;
      seen.add(path);
      const { static: now, lazy } = importsOf(path);
      for (const name of [...now, ...lazy]) {
        if (name.startsWith(".")) visit(join(dirname(path), name));
        else if (!name.startsWith("node:")) bare.add(name);
      }
    };
    visit(CLI);
    expect([...bare]).toEqual([]);
    expect(seen.size).toBeGreaterThan(5);
  });

  it("is one file for Node", () => {
    expect(readFileSync(CLI, "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
  });
});
