import { describe, expect, it } from "vitest";
import { contextFacts, type FolderListing } from "../linter/facts/context-facts.ts";
import { parseDockerfile } from "../syntax/parser.ts";
import type { Change } from "./change.ts";
import { contextFiles } from "./context-files.ts";
import { forecast, type ForecastRequest } from "./forecast.ts";

/** The steps that are not cached, as `line:state`. */
function broken(text: string, change: Partial<Change>, request: Partial<ForecastRequest> = {}): string[] {
  const whole: Change = { touched: [], args: [], base: false, ...change };
  const { steps } = forecast({ dockerfile: parseDockerfile(text), change: whole, ...request });
  return steps
    .filter(({ state }) => state !== "cached" && state !== "none")
    .map(({ instruction, state }) => `${instruction.startLine}:${state}`);
}

/** The lines that run again when a file changes. */
function touch(text: string, path: string, request: Partial<ForecastRequest> = {}): string {
  return broken(text, { touched: [path] }, request).join(" ");
}

/** A context of these files, with an ignore file, and links by what they lead to. */
function contextOf(
  files: readonly string[],
  ignore = "",
  links: Readonly<Record<string, string>> = {},
): ForecastRequest["context"] {
  const paths = [...files, ...Object.keys(links)];
  const list = (folder: string): FolderListing[] => {
    const inside = paths.filter((path) => folder === "" || path.startsWith(`${folder}/`));
    const names = new Map<string, FolderListing["type"]>();
    for (const path of inside) {
      const [name = "", ...rest] = path.slice(folder === "" ? 0 : folder.length + 1).split("/");
      const isLink = rest.length === 0 && Object.hasOwn(links, `${folder === "" ? "" : `${folder}/`}${name}`);
      names.set(name, rest.length > 0 ? "directory" : isLink ? "link" : "file");
    }
    return [...names].map(([name, type]) => ({ name, type, size: 1 }));
  };
  const ignoreFile = { path: ".dockerignore", text: ignore };
  const exists = (path: string): boolean => paths.includes(path);
  return contextFiles(contextFacts({ path: ".", ignoreFile, list, exists }), (path) => links[path] ?? path);
}

const classic = { builder: "classic" } as const;
const app = `FROM node:20 AS build
WORKDIR /app
COPY package.json .
RUN npm ci
COPY src src
RUN npm run build
FROM nginx
COPY nginx.conf /etc/nginx/
COPY --from=build /app/dist /srv
CMD ["nginx"]
`;

describe("a touched path", () => {
  it("runs what takes it, and what follows", () => {
    expect(touch(app, "src/a.js")).toBe("5:runs 6:runs 9:maybe");
    expect(touch(app, "package.json")).toBe("3:runs 4:runs 5:runs 6:runs 9:maybe");
    expect(touch(app, "nginx.conf")).toBe("8:runs 9:runs");
    expect(touch(app, "README.md")).toBe("");
    expect(touch(app, "nginx.conf", classic)).toBe("8:runs 9:runs 10:runs");
  });

  it("is what a link leads to for the classic builder, and its text for BuildKit", () => {
    const context = contextOf(["a", "b", "sub/x"], "", {
      "sub/l": "a",
      "sub/folder": "b",
      "sub/gone": "none",
    });
    const text = "FROM x\nCOPY sub /sub\n";
    const told = (path: string, more = {}): string => touch(text, path, { context, ...more });
    expect([told("a"), told("a", classic)]).toEqual(["", "2:runs"]);
    expect([told("sub/l"), told("sub/l", classic)]).toEqual(["2:runs", ""]);
    expect([told("sub/gone"), told("sub/gone", classic)]).toEqual(["2:runs", ""]);
    expect([told("sub/x"), told("sub/x", classic)]).toEqual(["2:runs", "2:runs"]);
    expect(touch("FROM x\nCOPY sub/l /l\n", "a", { context, ...classic })).toBe("2:runs");
  });

  it("is matched as builders match sources", () => {
    const from = (copy: string, path: string): string => touch(`FROM a\n${copy} /x/\n`, path);
    expect(from("COPY *.json", "package.json")).toBe("2:runs");
    expect(from("COPY *.json", "deep/package.json")).toBe("");
    expect(from("COPY s*", "src/deep/a.js")).toBe("2:runs");
    expect(from("COPY . ", ".env")).toBe("2:runs");
    expect(from("COPY ./src/../lib/", "lib/a")).toBe("2:runs");
    expect(from("COPY src", "src2/a")).toBe("");
    expect(from("COPY src/[a-c].js", "src/d.js")).toBe("");
    expect(from('COPY ["a b", "c",', "a b")).toBe("");
    expect(from("ADD https://example.com/a", "a")).toBe("");
    expect(from("COPY --exclude=*.md src", "src/a.md")).toBe("");
    expect(from("COPY --exclude=*.md src", "src/deep/a.md")).toBe("2:runs");
    expect(from("COPY --exclude=*.md src/*", "src/deep/a.md")).toBe("");
    expect(from("COPY --exclude=*.md src/*", "src/a.md")).toBe("2:runs");
    expect(from("COPY --exclude=deep src", "src/deep/a.md")).toBe("");
    expect(from("COPY --parents src/**/*.js", "src/x/y/a.js")).toBe("2:runs");
  });

  it("does nothing where the ignore file keeps it out", () => {
    const text = "FROM a\nCOPY . /x/\n";
    const context = contextOf(["a.md", "b.js", "c/d.js"], "*.md\nc\n!c/keep.js\n");
    expect(touch(text, "a.md", { context })).toBe("");
    expect(touch(text, "c/d.js", { context })).toBe("");
    expect(touch(text, "c/keep.js", { context })).toBe("2:runs");
    expect(touch(text, "b.js", { context })).toBe("2:runs");
  });

  it("is looked for in mounts, but not in caches", () => {
    const text =
      "FROM a\nRUN --mount=type=bind,source=src,target=/src --mount=type=cache,target=/c make\nRUN two\n";
    expect(touch(text, "src/a")).toBe("2:runs 3:runs");
    expect(touch(text, "other")).toBe("");
  });
});

describe("stages", () => {
  it("copies from others by what they hold", () => {
    const text = (copy: string): string =>
      `FROM a AS s\nCOPY a /d/a\nCOPY b /d/b\nFROM a\n${copy}\nRUN last\n`;
    expect(touch(text("COPY --from=s /d/b /b"), "a")).toBe("2:runs 3:runs");
    expect(touch(text("COPY --from=s /d /d"), "a")).toBe("2:runs 3:runs 5:runs 6:runs");
    expect(touch(text("COPY --from=s /d/* /d/"), "a")).toBe("2:runs 3:runs 5:runs 6:runs");
    expect(touch(text("RUN --mount=from=s,source=/d/b,target=/m cat /m"), "a")).toBe("2:runs 3:runs");
  });

  it("knows what plain commands write", () => {
    const from = (run: string, copy = "/out", path = "a"): string =>
      touch(`FROM a AS s\nCOPY a b /d/\n${run}\nFROM a\nCOPY --from=s ${copy} /x\n`, path).replace(
        "2:runs 3:runs ",
        "",
      );
    expect(from("RUN cat /d/a > /out")).toBe("5:runs");
    expect(from("RUN cat /d/b > /out")).toBe("2:runs 3:runs");
    expect(from("RUN echo fixed > /out && cat /d/a > /other")).toBe("2:runs 3:runs");
    expect(from("RUN cat /d/a > /tmp/x; cp /tmp/x /out")).toBe("5:runs");
    expect(from("RUN wc -l /d/a > /out")).toBe("5:maybe");
    expect(from("RUN echo $HOME > /out")).toBe("2:runs 3:runs");
    expect(from("RUN echo $(cat /d/a) > /out")).toBe("5:maybe");
    expect(from("RUN date > /out")).toBe("5:maybe");
    expect(from("RUN make")).toBe("5:maybe");
    expect(from("RUN cat /d/a | tr a b > /out")).toBe("5:maybe");
    expect(from("RUN rm -r /d", "/")).toBe("2:runs 3:runs");
    expect(from("RUN mv /d/a /d/b", "/d")).toBe("5:runs");
    expect(from("RUN mkdir -p /e && touch /e/f", "/d")).toBe("5:runs");
    expect(from("RUN cd /d && cat a > /out")).toBe("5:maybe");
    expect(from("RUN --mount=type=bind,target=/d cat /d/a > /out")).toBe("5:maybe");
    expect(from("RUN cat /d/a > out")).toBe("5:maybe");
    expect(from("WORKDIR /w\nRUN cat /d/a > out", "/w/out")).toBe("4:runs 6:runs");
  });

  it("knows that a file is overwritten", () => {
    const text = "FROM a AS s\nCOPY a /d/a\nCOPY b /d/a\nFROM a\nCOPY --from=s /d /d\n";
    expect(touch(text, "a", { context: contextOf(["a", "b"]) })).toBe("2:runs 3:runs");
    expect(touch(text, "b", { context: contextOf(["a", "b"]) })).toBe("3:runs 5:runs");
  });

  it("builds on others, and leaves out what nobody needs, unless it is the classic builder", () => {
    const text = "FROM a AS s\nCOPY a /\nFROM s AS t\nRUN t\nFROM b\nRUN b\n";
    expect(touch(text, "a", { options: { target: "t" } })).toBe("2:runs 4:runs 6:skipped");
    expect(touch(text, "a")).toBe("2:skipped 4:skipped");
    expect(touch(text, "a", classic)).toBe("2:runs 4:runs");
    expect(touch(text, "a", { ...classic, options: { target: "s" } })).toBe("2:runs 4:skipped 6:skipped");
  });

  it("runs what ONBUILD holds in the next stage", () => {
    const text = "FROM a AS s\nONBUILD COPY a /a\nRUN s\nFROM s\nRUN t\n";
    expect(touch(text, "a")).toBe("2:runs 5:runs");
  });

  it("leaves open what --link does, unless the store of images is known", () => {
    const text = "FROM a\nCOPY a /a\nCOPY --link b /b\nRUN last\n";
    expect(touch(text, "a")).toBe("2:runs 3:maybe 4:runs");
    expect(touch(text, "a", { mergesLinks: true })).toBe("2:runs 4:runs");
    expect(touch(text, "a", { mergesLinks: false })).toBe("2:runs 3:runs 4:runs");
  });

  it("leaves open what a RUN in an unknown folder brings", () => {
    const text = "FROM a AS s\nWORKDIR /x/$E\nCOPY a ./\nFROM a\nCOPY --from=s /x /y\n";
    expect(touch(text, "a")).toBe("3:runs 5:maybe");
  });
});

describe("arguments and base images", () => {
  const arg = (text: string, request: Partial<ForecastRequest> = {}): string =>
    broken(text, { args: ["V"] }, request).join(" ");

  it("makes of an argument what the builder makes of it", () => {
    const text = "FROM a\nRUN one\nARG V\nLABEL v=$V\nCOPY a /\nRUN two\n";
    expect(arg(text)).toBe("6:runs");
    expect(arg(text, classic)).toBe("4:runs 5:runs 6:runs");
    expect(broken(text, { args: ["W"] })).toEqual([]);
    expect(arg("ARG V=1\nFROM a:$V\nRUN one\n")).toBe("3:runs");
    expect(arg("ARG V=1\nFROM a\nRUN one\n")).toBe("");
    expect(arg("ARG V=1\nFROM a\nARG V\nCOPY a$V /\n")).toBe("4:runs");
    expect(arg("FROM a\nARG V\nENV W=x$V\nRUN one\n")).toBe("4:runs");
    expect(arg("FROM a AS s\nARG V\nRUN echo $V > /v; echo w > /w\nFROM a\nCOPY --from=s /v /\n")).toBe(
      "3:runs 5:runs",
    );
    expect(arg("FROM a AS s\nARG V\nRUN echo $V > /v; echo w > /w\nFROM a\nCOPY --from=s /w /\n")).toBe(
      "3:runs",
    );
    expect(arg("FROM a\nARG V\nUSER $V\nRUN one\n")).toBe("4:runs");
    expect(arg("FROM a\nARG V\nUSER $V\nCOPY a /\nWORKDIR /w\nCOPY b /\n")).toBe("5:runs 6:runs");
    expect(arg("FROM a\nARG V\nUSER $V\nCOPY a /\n", classic)).toBe("3:runs 4:runs");
    expect(arg("FROM a\nARG V\nCOPY <<EOF /f\n$V\nEOF\n")).toBe("3:runs");
    expect(arg("FROM a\nARG V\nCOPY <<'EOF' /f\n$V\nEOF\n")).toBe("");
  });

  it("knows what the other words of a step leave different", () => {
    const from = (step: string, path: string): string =>
      arg(`FROM a AS s\nARG V=1\n${step}\nFROM a\nCOPY --from=s ${path} /\n`);
    expect(from("COPY <<X /f\n$V\nX", "/f")).toBe("3:runs 7:runs");
    expect(from("COPY <<X /d/\n$V\nX", "/d/X")).toBe("3:runs 7:runs");
    expect(from("COPY <<X /f\n$V\nX", "/g")).toBe("3:runs");
    expect(from("COPY f$V /f", "/f")).toBe("3:runs 5:maybe");
    expect(from("COPY f$V /f", "/g")).toBe("3:runs");
    expect(from("COPY --chown=$V f /f", "/f")).toBe("3:runs 5:maybe");
    expect(from("WORKDIR /w/$V", "/w")).toBe("3:runs 5:maybe");
  });

  it("compares with the new value, where that is given", () => {
    const text = "FROM a\nARG V=1\nRUN one\n";
    expect(broken(text, { args: ["V"], values: { V: "1" } })).toEqual([]);
    expect(broken(text, { args: ["V"], values: { V: "2" } })).toEqual(["3:runs"]);
    expect(broken(text, { args: ["V"] }, { options: { buildArgs: { V: "3" } } })).toEqual(["3:runs"]);
  });

  it("knows which of ENV and ARG wins", () => {
    const below = "FROM a\nENV V=1\nARG V\nRUN one\n";
    expect(arg(below)).toBe("4:runs");
    expect(arg(below, classic)).toBe("");
    expect(arg("FROM a\nENV V=1\nARG V\nCOPY $V /\n")).toBe("4:runs");
    const above = "FROM a\nARG V\nENV V=1\nRUN one\n";
    expect(arg(above)).toBe("");
    expect(arg(above, classic)).toBe("");
    expect(arg("FROM a AS s\nENV V=1\nARG V\nFROM s\nRUN one\nCOPY $V /\n")).toBe("");
  });

  it("hands arguments on to stages that are based on theirs, with BuildKit", () => {
    const text = "FROM a AS s\nARG V\nFROM s\nRUN one\n";
    expect(arg(text)).toBe("4:runs");
    expect(arg(text, classic)).toBe("");
  });

  it("runs all that stands on a base image, and may run what copies from one", () => {
    expect(broken(app, { base: true })).toHaveLength(7);
    expect(broken("FROM scratch\nCOPY a /\nCOPY --from=busybox /bin/sh /sh\n", { base: true })).toEqual([
      "3:maybe",
    ]);
  });
});
