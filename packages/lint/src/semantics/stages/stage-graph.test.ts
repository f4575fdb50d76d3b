import { expect, it } from "vitest";
import { parseDockerfile } from "../../syntax/parser.ts";
import { analyse } from "../analyse.ts";
import { isBase, stageCycles, stagesNeededBy } from "./stage-graph.ts";

function cycles(text: string): string[] {
  const { stages } = analyse(parseDockerfile(text));
  return stageCycles(stages).map((steps) =>
    steps.map(({ stage, dependency }) => `${stage.index}-${dependency.word.text}`).join(" "),
  );
}

it("finds each tangle of stages once", () => {
  expect(cycles("FROM x AS a\nCOPY --from=b / /\nFROM a AS b\n")).toEqual(["0-b 1-a"]);
  expect(cycles("FROM x AS a\nCOPY --from=b / /\nCOPY --from=c / /\nFROM a AS b\nFROM a AS c\n")).toEqual([
    "0-b 1-a",
  ]);
  expect(
    cycles("FROM x AS a\nCOPY --from=b / /\nFROM a AS b\nFROM x AS c\nCOPY --from=d / /\nFROM c AS d\n"),
  ).toEqual(["0-b 1-a", "2-d 3-c"]);
});

it("finds none where there is none, and leaves a stage that needs itself to another rule", () => {
  expect(cycles("FROM x AS a\nFROM a AS b\nCOPY --from=a / /\nFROM b\nCOPY --from=a / /\n")).toEqual([]);
  expect(cycles("FROM x AS a\nCOPY --from=a / /\n")).toEqual([]);
  expect(cycles("FROM x AS a\nCOPY --from=b / /\nFROM x AS b\n")).toEqual([]);
});

it("knows a circle of many stages without a deep recursion", () => {
  const many = 5000;
  const stages = Array.from(
    { length: many },
    (_, index) => `FROM x AS s${index}\nCOPY --from=s${(index + 1) % many} / /\n`,
  );
  expect(stageCycles(analyse(parseDockerfile(stages.join(""))).stages).map((steps) => steps.length)).toEqual([
    many,
  ]);
});

it("follows what stages need", () => {
  const model = analyse(
    parseDockerfile("FROM x AS a\nFROM x AS b\nFROM a\nRUN --mount=from=b,target=/b ls\nFROM x\n"),
  );
  const [a, b, third, last] = model.stages;
  expect([...stagesNeededBy(third ? [third] : [])].map(({ index }) => index).sort((x, y) => x - y)).toEqual([
    0, 1, 2,
  ]);
  expect([a, b, third, last].map((stage) => stage && isBase(stage, model))).toEqual([
    true,
    false,
    false,
    false,
  ]);
});
