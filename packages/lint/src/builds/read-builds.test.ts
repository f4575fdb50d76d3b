/** Compose and bake files as they lie on disk, with what is odd about them. */
import { mkdirSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { tempDir } from "test-support/temp-dir";
import { readBake, readCompose } from "./read-builds.ts";

const BOM = "\uFEFF";

it("reads variables from .env, passes over byte order marks, and takes away what !reset says", async () => {
  await using folder = await tempDir();
  writeFileSync(folder.join(".env"), `${BOM}KIND="web" # one of two\n`);
  const text = `services:
  a: { build: { context: ., dockerfile: "$KIND.Dockerfile", target: !reset null } }
  b: { build: !override { context: b } }
  c: { build: !reset { context: c } }
  d: { build: !reset ./d }
`;
  writeFileSync(folder.join("compose.yaml"), BOM + text);
  const { targets } = readCompose(folder.join("compose.yaml"));
  expect(targets).toMatchObject([
    { name: "a", dockerfile: { path: folder.join("web.Dockerfile") }, target: undefined },
    { name: "b", context: folder.join("b") },
  ]);
  writeFileSync(folder.join("bake.json"), `${BOM}{"target": {"a": {"target": "t"}}}`);
  expect(readBake(folder.join("bake.json")).targets).toMatchObject([{ name: "a", target: "t" }]);
});

it("names the .env that cannot be read", async () => {
  await using folder = await tempDir();
  const compose = folder.join("compose.yaml");
  writeFileSync(compose, "services: { a: { build: . } }\n");
  mkdirSync(folder.join("sub/.env"), { recursive: true });
  writeFileSync(folder.join("sub/compose.yaml"), "services: { a: { build: . } }\n");
  expect(() => readCompose(folder.join("sub/compose.yaml"))).toThrow(
    `${folder.join("sub/.env")}: cannot be read`,
  );
  writeFileSync(folder.join(".env"), "A=${B\n");
  expect(() => readCompose(compose)).toThrow(`${folder.join(".env")}: "\${B" opens a variable`);
});
