import { describe, expect, it } from "vitest";
import { analyse } from "../semantics/analyse.ts";
import { parseDockerfile } from "../syntax/parser.ts";
import { UNKNOWN_CONTEXT, type ContextFiles } from "./context-files.ts";
import { weighHistory, type HistoryInput } from "./history.ts";

const apt = "RUN apt-get update && apt-get install -y make && rm -rf /var/lib/apt/lists/*";

/** The lines of the stages in their cheaper orders. */
function orders(
  text: string,
  commits: HistoryInput["commits"],
  context: ContextFiles = UNKNOWN_CONTEXT,
): number[][] {
  const { stages } = weighHistory({ dockerfile: parseDockerfile(text), options: {}, context, commits });
  return stages.map(({ order }) => order.map(({ instruction }) => instruction.startLine));
}

/** Whether a RUN may go above a COPY of what every commit changes. */
function moves(run: string, copy = "COPY src /app/", above = ""): boolean {
  const text = `FROM debian\n${above}${copy}\n${run}\n`;
  return orders(text, [["src/a"], ["src/b"]]).length > 0;
}

describe("what may change places", () => {
  it("is a RUN that only installs what a system needs", () => {
    expect(moves(apt)).toBe(true);
    expect(moves("RUN apk add --no-cache git")).toBe(true);
    expect(moves("RUN useradd -r app && apt-get update && apt-get install -y make")).toBe(true);
    expect(moves("RUN make")).toBe(false);
    expect(moves("RUN pip install flask")).toBe(false);
    expect(moves("RUN apt-get install -y ./own.deb")).toBe(false);
    expect(moves("RUN apt-get install -y /app/own.deb")).toBe(false);
    expect(moves("RUN apt-get update && apt-get install -y make && make")).toBe(false);
    expect(moves("RUN apt-get update && apt-get install -y $(cat packages)")).toBe(false);
    expect(moves("RUN apt-get update > /app/log && apt-get install -y make")).toBe(false);
    expect(moves("RUN --mount=type=bind,target=/m apt-get update && apt-get install -y make")).toBe(false);
    expect(moves("RUN mkdir -p /app && apt-get update && apt-get install -y make")).toBe(false);
  });

  it("is a COPY into a folder of the application's own", () => {
    expect(moves(apt, "COPY src /etc/apt/")).toBe(false);
    expect(moves(apt, "COPY src /")).toBe(false);
    expect(moves(apt, "COPY src /usr/src/app/")).toBe(true);
    expect(moves(apt, "COPY src /usr/local/bin/")).toBe(false);
    expect(moves(apt, "COPY --chown=app src /app/")).toBe(false);
    expect(moves(apt, "COPY src $HOME/app/")).toBe(false);
    expect(moves(apt, "COPY src .")).toBe(false);
    expect(moves(apt, "COPY src .", "WORKDIR /app\n")).toBe(true);
    expect(moves(apt, "ADD src /app/")).toBe(false);
  });

  it("are copies to paths that have nothing in common", () => {
    const commits = [["src/a"], ["src/a"]];
    const context: ContextFiles = {
      ...UNKNOWN_CONTEXT,
      typeOf: (path) => (path.includes(".") ? "file" : "directory"),
    };
    const spared = (first: string, second: string): number[][] =>
      orders(`FROM a\n${first}\nCOPY big /big/\n${second}\n`, commits, context);
    expect(spared("COPY src /app/", "COPY a.json /app/")).toEqual([[3, 2, 4]]);
    expect(spared("COPY src /app/src/", "COPY a.json /app/")).toEqual([[3, 4, 2]]);
    expect(orders("FROM a\nCOPY src /a/\nCOPY other /b/\n", commits, context)).toEqual([[3, 2]]);
  });

  it("keeps what ENV, ARG and WORKDIR mean", () => {
    const text = `FROM a\nCOPY src /app/\nENV P=/app\nWORKDIR /app\n${apt}\n`;
    expect(orders(text, [["src/a"], ["src/a"]])).toEqual([]);
    const free = `FROM a\nCOPY src /app/\nENV P=/app\nWORKDIR /other\n${apt}\n`;
    expect(orders(free, [["src/a"], ["src/a"]])).toEqual([[3, 4, 5, 2]]);
  });
});

it("counts the seconds of what runs again for each commit", () => {
  const text = `FROM a\nCOPY src /app/\n${apt}\n`;
  const dockerfile = parseDockerfile(text);
  const [, copy, run] = analyse(dockerfile).dockerfile.instructions;
  if (copy === undefined || run === undefined) throw new Error("there are three instructions");
  const seconds = new Map([
    [copy, 1],
    [run, 7],
  ]);
  const commits = [["src/a"], ["README.md"], ["src/a", "src/b"], ["docs/x"]];
  const report = weighHistory({ dockerfile, options: {}, context: UNKNOWN_CONTEXT, commits, seconds });
  expect(report).toMatchObject({ commits: 4, seconds: 4, source: "measured" });
  expect(report.stages).toMatchObject([{ before: 4, after: 0.5 }]);
  expect(report.files[0]).toEqual({ path: "src/a", share: 0.5 });
});

it("takes an argument that holds a commit for one that changes with each", () => {
  const text = `FROM a\nARG GIT_SHA\nRUN echo $GIT_SHA > /version\nCOPY a /a\n`;
  const dockerfile = parseDockerfile(text);
  const report = weighHistory({ dockerfile, options: {}, context: UNKNOWN_CONTEXT, commits: [["x"]] });
  expect(report.seconds).toBe(1);
});

it("needs no commits", () => {
  const report = weighHistory({
    dockerfile: parseDockerfile("FROM a\nRUN b\n"),
    options: {},
    context: UNKNOWN_CONTEXT,
    commits: [],
  });
  expect(report).toMatchObject({ commits: 0, seconds: 0, files: [], stages: [] });
});
