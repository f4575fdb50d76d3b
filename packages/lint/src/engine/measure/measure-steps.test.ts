import { describe, expect, test } from "vitest";
import { analyse } from "../../semantics/analyse.ts";
import { parseDockerfile } from "../../syntax/parser.ts";
import type { TracedStep } from "../build-trace.ts";
import { builderOf, joinSteps } from "./measure-steps.ts";

/** `stage number/total name` as BuildKit tells it; the stage is left out in a file of one. */
function step(told: string, id = `sha256:${told}`): TracedStep {
  const [, stage, number, total, name = ""] = /^(?:(\S.*) )?(\d+)\/(\d+) (.*)$/s.exec(told) ?? [];
  return {
    id,
    name,
    number: Number(number),
    total: Number(total),
    stage,
    state: "completed",
    started: 0,
    ended: 1,
    log: "",
    image: undefined,
  };
}

/** Which line each step was joined to, and how many triggers there were. */
function joined(text: string, told: readonly string[], make = step): object {
  const model = analyse(parseDockerfile(text));
  const { byInstruction, triggerCounts, triggers } = joinSteps(
    model,
    told.map((one) => make(one)),
  );
  const lines = [...byInstruction].map(([{ startLine }, { name }]) => [startLine, name] as const);
  return {
    lines: Object.fromEntries(lines),
    ...(triggerCounts.size > 0 && { triggers: [...triggerCounts.values()] }),
    ...(triggers.size > 0 && { ran: [...triggers.values()].flat().map(({ name }) => name) }),
  };
}

describe("BuildKit", () => {
  test("counts what runs, stage by stage; the root is made by no WORKDIR", () => {
    const text = [
      "ARG V=latest",
      "FROM busybox:${V} AS build",
      "ARG Q",
      "WORKDIR /",
      "WORKDIR /w",
      "WORKDIR sub",
      "RUN true",
      "COPY a \\",
      "  # comment",
      "  b ./",
      "ENV A=1",
      "FROM build",
      "COPY --from=build /x /x",
      "RUN chmod 700 /big",
      'CMD ["a"]',
    ].join("\n");
    const steps = [
      "build 1/6 FROM docker.io/library/busybox:latest",
      "build 2/6 WORKDIR /w",
      "build 3/6 WORKDIR sub",
      "build 4/6 RUN true",
      "build 5/6 COPY a   b ./",
      "stage-1 1/2 COPY --from=build /x /x",
      "stage-1 2/2 RUN chmod 700 /big",
    ];
    expect(joined(text, steps)).toEqual({
      lines: {
        2: "FROM docker.io/library/busybox:latest",
        5: "WORKDIR /w",
        6: "WORKDIR sub",
        7: "RUN true",
        8: "COPY a   b ./",
        13: "COPY --from=build /x /x",
        14: "RUN chmod 700 /big",
      },
    });
  });

  test.each([
    ["without their name, before Docker 23", ["RUN echo trig > /trig", "COPY a /onb"]],
    ["by their name", ["ONBUILD RUN echo trig > /trig", "ONBUILD COPY a /onb"]],
  ])("tells of triggers %s", (_, ran) => {
    const steps = [
      "1/2 FROM docker.io/library/e2base",
      ...ran.map((name, index) => `${index + 2}/5 ${name}`),
      "4/5 RUN echo z > /z",
    ];
    expect(joined("FROM e2base\nRUN echo z > /z\n", steps)).toEqual({
      lines: { 1: "FROM docker.io/library/e2base", 2: "RUN echo z > /z" },
      triggers: [2],
      ran,
    });
  });

  test("is not asked for triggers by a text that only looks like the next", () => {
    const text = "FROM a\nRUN one\nRUN two\nRUN three\n";
    const steps = ["1/4 FROM docker.io/library/a", "2/4 RUN one", "3/4 RUN two", "4/4 RUN three"];
    expect(joined(text, steps)).toEqual({
      lines: { 1: "FROM docker.io/library/a", 2: "RUN one", 3: "RUN two", 4: "RUN three" },
    });
  });

  test("runs what a stage has left for others first, in each that is based on it", () => {
    const text = "FROM a AS x\nONBUILD RUN t\nONBUILD ENV T=1\nRUN one\nFROM x\nRUN two\nRUN t\n";
    const steps = [
      "x 1/2 FROM docker.io/library/a",
      "x 2/2 RUN one",
      "stage-1 1/2 RUN t",
      "stage-1 2/2 RUN two",
      "stage-1 3/2 RUN t",
    ];
    expect(joined(text, steps)).toEqual({
      lines: { 1: "FROM docker.io/library/a", 4: "RUN one", 6: "RUN two", 7: "RUN t" },
      triggers: [1],
      ran: ["RUN t"],
    });
  });

  test("puts variables into names", () => {
    const text = "FROM a\nENV X=1\nRUN echo $X\nCOPY $X /\n";
    const steps = ["1/3 FROM docker.io/library/a", "2/3 RUN echo 1", "3/3 COPY 1 /"];
    expect(joined(text, steps)).toEqual({
      lines: { 1: "FROM docker.io/library/a", 3: "RUN echo 1", 4: "COPY 1 /" },
    });
  });

  test("shows the beginning of heredocs", () => {
    const text = "FROM busybox\nRUN <<EOF\necho hi > /hi\necho ho\nEOF\nCOPY <<X <<Y /d/\nxx\nX\nyy\nY\n";
    const steps = [
      "1/3 FROM docker.io/library/busybox",
      "2/3 RUN <<EOF (echo hi > /hi...)",
      "3/3 COPY <<X <<Y /d/",
    ];
    expect(joined(text, steps)).toEqual({
      lines: {
        1: "FROM docker.io/library/busybox",
        2: "RUN <<EOF (echo hi > /hi...)",
        6: "COPY <<X <<Y /d/",
      },
    });
  });

  test("tells once of what stages share, whichever of them it names", () => {
    const text = [
      "FROM busybox AS one",
      "RUN echo 1 > /1",
      "FROM busybox:latest AS two",
      "RUN echo 1 > /1",
      "COPY --from=one /1 /2",
      "FROM busybox",
      "ENV A=1",
      "RUN echo 1 > /1",
      "FROM one",
    ].join("\n");
    const steps = [
      "two 1/3 FROM docker.io/library/busybox",
      "two 2/3 RUN echo 1 > /1",
      "two 3/3 COPY --from=one /1 /2",
    ];
    const from = "FROM docker.io/library/busybox";
    expect(joined(text, steps)).toEqual({
      lines: {
        1: from,
        2: "RUN echo 1 > /1",
        3: from,
        4: "RUN echo 1 > /1",
        5: "COPY --from=one /1 /2",
        6: from,
      },
    });
  });

  test("names the platform where there are several", () => {
    const text = "FROM --platform=$BUILDPLATFORM a AS x\nRUN one\nFROM b\nCOPY --from=x / /\n";
    const steps = ["linux/amd64->arm64 x 2/2 RUN one", "linux/arm64 stage-1 2/2 COPY --from=x / /"];
    expect(joined(text, steps)).toEqual({ lines: { 2: "RUN one", 4: "COPY --from=x / /" } });
  });

  test("whose steps fit nowhere gives none", () => {
    expect(joined("FROM a\nRUN one\n", ["1/2 FROM docker.io/library/a", "2/2 COPY one /"])).toEqual({
      lines: { 1: "FROM docker.io/library/a" },
      triggers: [1],
      ran: ["COPY one /"],
    });
    expect(joined("FROM scratch\nCOPY a /\n", ["1/1 RUN x"])).toEqual({ lines: {} });
  });
});

test("the classic builder counts all instructions of the file", () => {
  const text = "ARG V=1\nFROM a:$V\nRUN x\nENV A=1\nFROM scratch\nCOPY --from=0 / /\n";
  const steps = ["1/7 ARG V=1", "2/7 FROM a:$V", "3/7 RUN x", "4/7 ENV A=1", "5/7 FROM scratch"];
  const classic = (told: string): TracedStep => step(told, told.split("/")[0]);
  expect(builderOf(steps.map(classic))).toBe("classic");
  expect(builderOf([step("1/1 FROM a")])).toBe("buildkit");
  expect(joined(text, [...steps, "6/7 COPY --from=0 / /", "7/7 LABEL dflint.run=x"], classic)).toEqual({
    lines: {
      1: "ARG V=1",
      2: "FROM a:$V",
      3: "RUN x",
      4: "ENV A=1",
      5: "FROM scratch",
      6: "COPY --from=0 / /",
    },
  });
});
