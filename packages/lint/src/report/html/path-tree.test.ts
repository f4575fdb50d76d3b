import { describe, expect, it } from "vitest";
import type { MeasuredPath } from "../../engine/measurement.ts";
import { largestFiles, pathBoxes } from "./path-tree.ts";

const SHAPE = { width: 1000, height: 400, most: 100, baseLayers: 1 };

function folder(name: string, ...children: MeasuredPath[]): MeasuredPath {
  return { name, bytes: children.reduce((sum, { bytes }) => sum + bytes, 0), children };
}

function file(name: string, bytes: number, layer = 1): MeasuredPath {
  return { name, bytes, layer };
}

describe("the boxes of a tree", () => {
  it("lie in those of their folders, which come before them", () => {
    const tree = folder(
      "/",
      folder("usr", folder("lib", file("a", 600), file("b", 300)), file("c", 100)),
      file("d", 500),
    );
    const boxes = pathBoxes(tree, SHAPE);
    expect(boxes.map(({ path, kind }) => `${kind} ${path}`)).toEqual([
      "open /usr",
      "file /d",
      "open /usr/lib",
      "file /usr/c",
      "file /usr/lib/a",
      "file /usr/lib/b",
    ]);
    const [outer, inner] = ["/usr", "/usr/lib/a"].map((one) => boxes.find(({ path }) => path === one));
    expect(inner?.x).toBeGreaterThan(outer?.x ?? Infinity);
    expect((inner?.y ?? 0) + (inner?.height ?? 0)).toBeLessThan((outer?.y ?? 0) + (outer?.height ?? 0));
  });

  it("join a folder with the only one in it", () => {
    const tree = folder(
      "/",
      folder("opt", folder("java", folder("lib", file("x", 10), file("y", 10)))),
      file("z", 5),
    );
    expect(pathBoxes(tree, SHAPE)[0]).toMatchObject({
      path: "/opt/java/lib",
      name: "opt/java/lib",
      kind: "open",
    });
  });

  it("are few however many paths there are, and what is left out has one", () => {
    const files = Array.from({ length: 100_000 }, (_, at) => file(`f${at}`, 1000));
    const boxes = pathBoxes(folder("/", ...files), SHAPE);
    expect(boxes).toMatchObject([{ kind: "rest", bytes: 100_000_000, path: "/" }]);
    const many = Array.from({ length: 30 }, (_, at) => folder(`d${at}`, ...files.slice(0, 30)));
    expect(pathBoxes(folder("/", ...many), SHAPE).length).toBeLessThanOrEqual(SHAPE.most);
  });

  it("that are closed tell where most of their bytes are from", () => {
    const mixed = folder("mixed", file("old", 600, 0), file("new", 500, 1));
    const tree = folder("/", folder("base", file("a", 50, 0)), mixed, {
      name: "cut",
      bytes: 9999,
      children: [],
    });
    const origins = pathBoxes(tree, { ...SHAPE, most: 4 }).map(({ name, kind, origin }) => [
      name,
      kind,
      origin,
    ]);
    expect(origins).toEqual([
      ["cut", "closed", undefined],
      ["mixed", "closed", "base"],
      ["base", "closed", "base"],
    ]);
  });

  it("tell of bytes that the tree does not list", () => {
    const tree = { ...folder("/", file("a", 600)), bytes: 1000 };
    expect(pathBoxes(tree, SHAPE)).toMatchObject([{ kind: "rest", bytes: 400 }, { path: "/a" }]);
  });
});

it("lists the largest files, deep ones as well", () => {
  let deep: MeasuredPath = file("end", 7);
  for (let at = 0; at < 20_000; at += 1) deep = folder("d", deep);
  const tree = folder("/", folder("usr", file("a", 5), file("b", 9)), deep);
  const files = largestFiles(tree, 2);
  expect(files.map(({ bytes }) => bytes)).toEqual([9, 7]);
  expect(files[0]).toEqual({ path: "/usr/b", bytes: 9, layer: 1 });
  expect(files[1]?.path.endsWith("/d/d/end")).toBe(true);
});
