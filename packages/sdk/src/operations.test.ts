import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { isUntouched } from "../scripts/generate/stamp.ts";
import { operations, type OperationRow } from "./generated/operations.ts";

const rows = new Map<string, OperationRow>(Object.entries(operations));
const documented = [...rows.values()].filter((row) => row.documented !== false);

function read(name: string): string {
  return readFileSync(new URL(`./generated/${name}`, import.meta.url), "utf8");
}

function count(values: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}

describe("the operation table", () => {
  it("has every endpoint of the API reference", () => {
    expect(documented).toHaveLength(108);
    expect(count(documented.map((row) => row.method))).toEqual({
      GET: 44,
      POST: 51,
      DELETE: 9,
      HEAD: 2,
      PUT: 2,
    });
    expect(count(documented.map((row) => row.stream))).toEqual({
      none: 88,
      multiplexed: 3,
      tar: 4,
      "json-lines": 9,
      hijack: 4,
    });
  });

  it("has one operation for each method and path", () => {
    const endpoints = [...rows.values()].map(({ method, path }) => `${method} ${path}`);
    expect(new Set(endpoints).size).toBe(rows.size);
  });

  it("has the routes that the API reference leaves out", () => {
    const undocumented = [...rows].filter(([, row]) => row.documented === false).map(([id]) => id);
    expect(undocumented).toEqual([
      "BuildCancel",
      "CheckpointCreate",
      "CheckpointDelete",
      "CheckpointList",
      "Grpc",
    ]);
    expect(operations.ImageBuild.query.session).toEqual({ documented: false });
    expect(rows.get("ContainerStart")?.query["checkpoint-dir"]).toEqual({ documented: false });
  });

  it("says how a value is written", () => {
    expect(operations.ContainerList.query.filters).toEqual({ encode: "json" });
    expect(operations.ImageBuild.query.t).toEqual({ encode: "repeat" });
    expect(operations.ImageBuild.query.buildargs).toEqual({ encode: "json" });
    expect(operations.ImagePush.query.platform).toEqual({ encode: "json", since: "1.46" });
    expect(operations.ImageGetAll.query.platform).toEqual({ encode: "repeat-json", since: "1.48" });
    expect(operations.ContainerCreate.query.platform).toEqual({ since: "1.41" });
    const filters = [...rows.values()]
      .map(({ query }) => query["filters"])
      .filter((row) => row !== undefined);
    expect(new Set(filters.map(({ encode }) => encode))).toEqual(new Set(["json"]));
  });

  it("trusts the daemon's own check over the year a parameter was documented", () => {
    expect(operations.ImageBuild.query.platform).toEqual({ since: "1.32" });
    expect(operations.SecretUpdate.since).toBe("1.25");
    expect(operations.ContainerStop.query.signal).toEqual({ since: "1.42" });
    expect(rows.get("BuildPrune")?.query["keep-storage"]).toEqual({ since: "1.39", until: "1.52" });
  });

  it("never repeats the age of the operation at its parameters", () => {
    const repeated = [...rows].filter(([, { since, query }]) =>
      Object.values(query).some((parameter) => parameter.since === since),
    );
    expect(repeated).toEqual([]);
  });

  it("takes a body only where the method has one", () => {
    const withBody = [...rows.values()].filter(({ body }) => body !== "none").map(({ method }) => method);
    expect(new Set(withBody)).toEqual(new Set(["POST", "PUT"]));
  });
});

describe("the types of the operations", () => {
  const source = read("operations.ts");

  it.each([...rows].map(([id, row]) => ({ id, path: row.path })))(
    "$id has the path parameters of $path",
    ({ id, path }) => {
      const group = new RegExp(`readonly ${id}: \\{\\n\\s+readonly path: ([^\\n]*);`).exec(source)?.[1];
      const typed = [...(group ?? "missing").matchAll(/readonly (\w+): string/g)].map(([, name]) => name);
      const templated = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(group).toBeDefined();
      expect(typed).toEqual(templated);
    },
  );
});

describe("the generated files", () => {
  it.each(["models.ts", "operations.ts"])("%s is as the generator wrote it", (name) => {
    expect(isUntouched(read(name))).toBe(true);
    expect(isUntouched(`${read(name)}\n`)).toBe(false);
  });
});
