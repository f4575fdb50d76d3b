import { expect, test } from "vitest";
import { contextFacts, type ContextFacts, type FolderListing } from "../../linter/facts/context-facts.ts";
import { analyse } from "../../semantics/analyse.ts";
import { parseDockerfile } from "../../syntax/parser.ts";
import { measureContext } from "./measure-context.ts";
import type { MeasuredContext } from "../measurement.ts";

/** A context of files with these sizes. */
function facts(files: Readonly<Record<string, number>>, ignore?: string): ContextFacts {
  const folders = new Map<string, Map<string, FolderListing>>();
  for (const [path, size] of Object.entries(files)) {
    const names = path.split("/");
    for (const [index, name] of names.entries()) {
      const folder = names.slice(0, index).join("/");
      const isFile = index === names.length - 1;
      const listing = folders.get(folder) ?? new Map<string, FolderListing>();
      folders.set(folder, listing);
      listing.set(name, { name, type: isFile ? "file" : "directory", size: isFile ? size : 0 });
    }
  }
  return contextFacts({
    path: "app",
    ignoreFile: ignore === undefined ? undefined : { path: ".dockerignore", text: ignore },
    list: (folder) => [...(folders.get(folder)?.values() ?? [])],
    exists: () => true,
  });
}

function measured(dockerfile: string, of: ContextFacts): Omit<MeasuredContext, "sentBytes"> {
  return measureContext(of, analyse(parseDockerfile(dockerfile)), "Dockerfile");
}

const FILES = {
  Dockerfile: 100,
  ".dockerignore": 10,
  "package.json": 200,
  "src/a.js": 300,
  "src/deep/b.js": 400,
  "docs/manual.pdf": 5000,
  "docs/img/a.png": 5000,
  "assets/used.css": 50,
  "assets/raw.psd": 9000,
};

test("tells what COPY, ADD and bind mounts of the stages that are built take, and what nothing takes", () => {
  const dockerfile = `FROM a AS build
COPY package*.json ./
RUN --mount=type=bind,source=src,target=/src make
FROM a AS unneeded
COPY docs /docs
FROM a
ADD ./assets/used.css /
COPY --from=build docs /
`;
  expect(measured(dockerfile, facts(FILES))).toEqual({
    path: "app",
    files: 9,
    bytes: 20_060,
    usedFiles: 4,
    usedBytes: 950,
    unused: [
      { path: "docs", folder: true, files: 2, bytes: 10_000 },
      { path: "assets/raw.psd", folder: false, files: 1, bytes: 9000 },
    ],
    ignoreLines: ["docs", "assets/raw.psd"],
    ignoreFile: ".dockerignore",
  });
});

test("counts nothing that is ignored; --exclude leaves files unused; what brings all is used whole", () => {
  const ignored = measured("FROM a\nCOPY . /\n", facts(FILES, "docs\nassets/*.psd\n"));
  expect(ignored).toMatchObject({ files: 6, usedFiles: 6, bytes: 1060, unused: [], ignoreLines: [] });
  const excluded = measured("FROM a\nCOPY --exclude=docs --exclude=*.json . /\n", facts(FILES));
  expect(excluded.unused.map(({ path }) => path)).toEqual(["docs"]);
});

test("the Dockerfile itself stays, and so does the folder that it is in", () => {
  const { unused } = measureContext(
    facts({ "build/Dockerfile": 10, "build/big": 1000, a: 5 }),
    analyse(parseDockerfile("FROM a\nCOPY a /\n")),
    "build/Dockerfile",
  );
  expect(unused.map(({ path }) => path)).toEqual(["build/big"]);
});

test("lines mean the very path: what is special in a pattern is escaped, and what cannot be said is not said", () => {
  const names = ["#hash", "!bang", "a*b", "[x]", "back\\slash", "with blank", " edge "];
  const files = Object.fromEntries(names.map((name) => [name, 1000]));
  const { unused, ignoreLines } = measured("FROM a\n", facts(files, "!*\n"));
  expect(unused).toHaveLength(names.length);
  expect(ignoreLines.toSorted()).toEqual([
    "\\!bang",
    "\\#hash",
    "\\[x\\]",
    "a\\*b",
    "back\\\\slash",
    "with blank",
  ]);
});

test("counts what ONBUILD triggers take, all of the context where a variable names it", () => {
  const of = facts({ Dockerfile: 100, "app.js": 300, "more/b.js": 400 });
  const model = analyse(parseDockerfile("FROM base\n"));
  const taken = (...triggers: readonly string[]): readonly string[] =>
    measureContext(of, model, "Dockerfile", triggers).unused.map(({ path }) => path);
  expect(taken()).toEqual(["more", "app.js"]);
  expect(taken("COPY app.js /app/", "RUN true")).toEqual(["more"]);
  expect(taken("ADD . /app")).toEqual([]);
  expect(taken("COPY $SOURCES /app/")).toEqual([]);
});
