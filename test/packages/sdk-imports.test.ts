import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const dist = fileURLToPath(new URL("../../packages/sdk/dist/", import.meta.url));

/** What a built file imports at once, itself and through others; what `import()` loads later does not count. */
function staticImports(file: string, seen = new Set<string>()): ReadonlySet<string> {
  const text = readFileSync(file, "utf8");
  const pattern = file.endsWith(".cjs")
    ? /(?<!=> )\brequire\("([^"]+)"\)/g
    : /^(?:import|export)\s[^;]*?from\s*"([^"]+)"|^import\s*"([^"]+)"/gm;
  for (const [, first, second] of text.matchAll(pattern)) {
    const name = first ?? second ?? "";
    if (seen.has(name)) continue;
    seen.add(name);
    if (name.startsWith(".")) staticImports(join(dirname(file), name), seen);
  }
  return seen;
}

test.each(["index.mjs", "index.cjs"])("importing %s loads nothing that is only for BuildKit", (name) => {
  const imports = [...staticImports(join(dist, name))];
  expect(imports).toContain("undici/lib/dispatcher/pool.js");
  // All of undici takes longer to load than the rest of this library.
  expect(imports).not.toContain("undici");
  expect(readFileSync(join(dist, name), "utf8")).toMatch(/(?:import|require)\("\.\/buildkit-build-/);
  expect(imports.filter((one) => /@bufbuild|http2|buildkit/.test(one))).toEqual([]);
});
