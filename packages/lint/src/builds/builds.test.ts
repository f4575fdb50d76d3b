/** What compose and bake files say is built, read as Docker reads them. */
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { bakeGroup, bakeTargets } from "./bake.ts";
import { composeTargets } from "./compose.ts";
import { parseDotenv } from "./dotenv.ts";
import { interpolate } from "./interpolate.ts";

describe("interpolate", () => {
  const environment = { SET: "value", EMPTY: "" };
  it.each([
    ["$SET-${SET}", "value-value"],
    ["${NONE}$NONE", ""],
    ["${NONE:-a}${EMPTY:-b}${EMPTY-c}${SET:-d}", "abvalue"],
    ["${NONE-${EMPTY:-${SET}}}", "value"],
    ["${SET:+yes}${EMPTY:+no}${EMPTY+set}", "yesset"],
    ["$$SET $1 100$", "$SET $1 100$"],
    ["${SET:?needed}", "value"],
    ["a$constructor${toString}b", "ab"],
  ])("%s is %j", (text, expected) => expect(interpolate(text, environment)).toBe(expected));

  it.each([
    ["${NONE:?say which}", "The variable NONE is not set: say which."],
    ["${NONE", "does not close it"],
    ["${a b}", "is no variable"],
  ])("refuses %s", (text, message) => expect(() => interpolate(text, environment)).toThrow(message));
});

describe("parseDotenv", () => {
  it.each([
    ["A=b # note\n# B=c\nexport C = d", { A: "b", C: "d" }],
    ["A=#fff\nB= # note\nC=", { A: "#fff", B: "", C: "" }],
    [`A="b c" # note\r\nB='d $X' # note\r\n`, { A: "b c", B: "d $X" }],
    ['A="one\ntwo\\n\\"three\\""\nB=c', { A: 'one\ntwo\n"three"', B: "c" }],
    ['A=1\nB=${A}2\nC="$B\\$A$GIVEN"', { A: "1", B: "12", C: "12$Agiven" }],
    ["A=it's\nB: \"open\nno name", { A: "it's", B: '"open' }],
  ])("%j", (text, expected) => expect(parseDotenv(text, { GIVEN: "given" })).toEqual(expected));
});

function compose(
  files: Readonly<Record<string, string>>,
  environment = {},
): ReturnType<typeof composeTargets> {
  const read = (path: string): unknown => parse(files[path] ?? "", { merge: true });
  return composeTargets("/p/compose.yaml", { read, environment });
}

describe("compose", () => {
  it("takes paths from its own folder, and arguments from mappings, lists and the environment", () => {
    const text = `
x-common: &common
  context: app
  args: { A: 1, FROM_ENV: }
services:
  db: { image: postgres }
  short: { build: ./dir }
  long:
    platform: linux/arm64
    build:
      <<: *common
      dockerfile: docker/\${KIND:-web}.Dockerfile
      target: prod
      additional_contexts: [base=docker-image://alpine, docs=../docs]
  list: { build: { args: [B=2=3, FROM_ENV, MISSING], platforms: [linux/amd64, linux/arm64] } }
  inline: { build: { dockerfile_inline: "FROM alpine\\n" } }
  remote: { build: https://github.com/a/b.git#main }
`;
    const found = compose({ "/p/compose.yaml": text }, { FROM_ENV: "env" });
    expect(found.map(({ name }) => name)).toEqual(["short", "long", "list", "inline", "remote"]);
    const [short, long, list, inline, remote] = found;
    expect(short).toMatchObject({
      context: "/p/dir",
      dockerfile: { path: "/p/dir/Dockerfile" },
      buildArgs: {},
    });
    expect(long).toMatchObject({
      kind: "service",
      context: "/p/app",
      dockerfile: { path: "/p/app/docker/web.Dockerfile" },
      buildArgs: { A: "1", FROM_ENV: "env" },
      target: "prod",
      platforms: ["linux/arm64"],
      contexts: { base: "docker-image://alpine", docs: "/docs" },
    });
    expect(list).toMatchObject({
      buildArgs: { B: "2=3", FROM_ENV: "env" },
      platforms: ["linux/amd64", "linux/arm64"],
    });
    expect(list?.buildArgs).not.toHaveProperty("MISSING");
    expect(inline).toMatchObject({ context: "/p", dockerfile: { text: "FROM alpine\n" } });
    expect(remote).toMatchObject({ context: undefined, dockerfile: { path: "Dockerfile" } });
  });

  it("follows include and extends into other folders", () => {
    const found = compose({
      "/p/compose.yaml": `
include: [sub/compose.yaml]
services:
  app:
    extends: { file: base/base.yaml, service: base }
    build: { args: { B: mine } }
  again: { extends: app }
`,
      "/p/sub/compose.yaml": "services: { worker: { build: . } }",
      "/p/base/base.yaml":
        "services: { base: { build: { context: ctx, target: t, args: { A: a, B: b }, additional_contexts: { more: more } } } }",
    });
    expect(found.map(({ contexts }) => contexts)).toEqual([
      {},
      { more: "/p/base/more" },
      { more: "/p/base/more" },
    ]);
    expect(found.map(({ name, context, buildArgs, target }) => [name, context, buildArgs, target])).toEqual([
      ["worker", "/p/sub", {}, undefined],
      ["app", "/p/base/ctx", { A: "a", B: "mine" }, "t"],
      ["again", "/p/base/ctx", { A: "a", B: "mine" }, "t"],
    ]);
  });

  it("lays the files of one include over one another, from the folder of the first", () => {
    const found = compose({
      "/p/compose.yaml":
        "include: [{ path: [sub/a.yaml, /q/b.yaml] }, { path: /q/c.yaml, project_directory: d }]",
      "/p/sub/a.yaml": "services: { app: { build: { context: app, target: t } } }",
      "/q/b.yaml": "services: { app: { build: { args: { A: b } } }, more: { build: more } }",
      "/q/c.yaml": "services: { c: { build: c } }",
    });
    expect(found).toMatchObject([
      { name: "app", context: "/p/sub/app", target: "t", buildArgs: { A: "b" } },
      { name: "more", context: "/p/sub/more" },
      { name: "c", context: "/p/d/c" },
    ]);
  });

  it("reads a file that many files include once", () => {
    const files = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [
        index === 0 ? "/p/compose.yaml" : `/p/${index}.yaml`,
        index === 39 ? "services: { a: { build: . } }" : `include: [${index + 1}.yaml, ${index + 1}.yaml]`,
      ]),
    );
    expect(compose(files).map(({ name }) => name)).toEqual(["a"]);
  });

  it("takes no variable from what every object has", () => {
    const [found] = compose({ "/p/compose.yaml": "services: { a: { build: { args: [constructor] } } }" });
    expect(found?.buildArgs).toEqual({});
  });

  it.each([
    ["services: { a: &a { build: ., x: *a } }", "nested without end"],
    ["- a", "is no compose file"],
    ["include: compose.yaml", "without end"],
    ["services: { a: { extends: b } }", 'no service "b"'],
    ["services: { a: { extends: a } }", "without end"],
  ])("refuses %j", (text, message) => {
    const include = text.startsWith("include") ? "include: [compose.yaml]" : text;
    expect(() => compose({ "/p/compose.yaml": include })).toThrow(message);
  });
});

describe("bake", () => {
  it("takes a group for its targets, and those of the groups in it", () => {
    const group = { default: { targets: ["a", "more"] }, more: { targets: ["b", "default"] } };
    expect([...bakeGroup({ group }, "default")].filter((name) => !(name in group))).toEqual(["a", "b"]);
    expect([...bakeGroup({ group }, "a")]).toEqual(["a"]);
    expect([...bakeGroup({}, "constructor")]).toEqual(["constructor"]);
  });

  it("lays targets over what they inherit", () => {
    const targets = {
      base: {
        args: { A: "1", B: "1" },
        platforms: ["linux/amd64"],
        contexts: { alpine: "docker-image://x" },
      },
      app: { inherits: ["base"], context: "app", dockerfile: "D", target: "t", args: { B: "2", C: null } },
      inline: { "dockerfile-inline": "FROM scratch\n" },
      git: { context: "https://github.com/a/b.git" },
    };
    const [base, app, inline, git] = bakeTargets("b.json", { target: targets }, "/w");
    expect(base).toMatchObject({ kind: "target", context: "/w", dockerfile: { path: "/w/Dockerfile" } });
    expect(app).toMatchObject({
      context: "/w/app",
      dockerfile: { path: resolve("/w/app/D") },
      buildArgs: { A: "1", B: "2" },
      target: "t",
      platforms: ["linux/amd64"],
      contexts: { alpine: "docker-image://x" },
    });
    expect(inline).toMatchObject({ dockerfile: { text: "FROM scratch\n" } });
    expect(git?.context).toBeUndefined();
  });

  it("looks once at what many targets inherit", () => {
    const targets = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [
        `t${index}`,
        index === 0 ? { target: "t" } : { inherits: [`t${index - 1}`, `t${index - 1}`] },
      ]),
    );
    expect(bakeTargets("b.json", { target: targets }, "/w").at(-1)).toMatchObject({
      name: "t39",
      target: "t",
    });
  });

  it.each([
    [{ target: { a: null } }, 'target "a" is no object'],
    [{ target: { a: { inherits: ["toString"] } } }, 'inherits "toString", which is not there'],
    [{}, 'has no "target"'],
    [{ target: { a: { inherits: ["b"] } } }, 'inherits "b", which is not there'],
    [{ target: { a: { inherits: ["b"] }, b: { inherits: ["a"] } } }, "inherits itself"],
  ])("refuses %j", (data, message) => expect(() => bakeTargets("b.json", data, "/w")).toThrow(message));
});
