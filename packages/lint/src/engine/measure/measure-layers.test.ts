import { describe, expect, test } from "vitest";
import { analyse } from "../../semantics/analyse.ts";
import { parseDockerfile } from "../../syntax/parser.ts";
import { joinLayers, type JoinedBuild } from "./measure-layers.ts";

/** The origin of each layer; history entries with a `*` in front made one. */
function origins(text: string, history: readonly string[], build: Partial<JoinedBuild> = {}): string[] {
  const layers = history.flatMap((entry, historyIndex) => (entry.startsWith("*") ? [{ historyIndex }] : []));
  const created = history.map((entry) => entry.replace(/^\*/, ""));
  const model = analyse(parseDockerfile(text));
  const { builder = "buildkit", triggers = 0 } = build;
  return joinLayers(layers, created, model, { builder, triggers }).map((origin) =>
    "instruction" in origin ? `${origin.kind} ${origin.instruction.startLine}` : origin.kind,
  );
}

const STAGES = `ARG V=1
FROM debian:$V AS build
ARG Q
WORKDIR /
WORKDIR /w
RUN make
ENV A=1
ONBUILD RUN left
FROM alpine AS other
RUN x
FROM build
COPY --from=other /x /x
ONBUILD RUN later
SHELL ["/bin/ash", "-c"]
RUN y
CMD z
`;

describe("BuildKit", () => {
  test("notes all but ONBUILD, through the stages that the target is based on", () => {
    const history = [
      "*/bin/sh -c #(nop) ADD file:1 in / ",
      '/bin/sh -c #(nop)  CMD ["bash"]',
      "ARG Q",
      "WORKDIR /",
      "*WORKDIR /w",
      "*RUN |1 Q= /bin/sh -c make # buildkit",
      "ENV A=1",
      "*RUN |1 Q= /bin/sh -c left # buildkit",
      "*COPY /x /x # buildkit",
      "SHELL [/bin/ash -c]",
      "*RUN |1 Q= /bin/ash -c y # buildkit",
      'CMD ["/bin/ash" "-c" "z"]',
    ];
    expect(origins(STAGES, history)).toEqual([
      "base",
      "instruction 5",
      "instruction 6",
      "trigger 11",
      "instruction 12",
      "instruction 15",
    ]);
  });

  test("puts the layers of triggers between the base image's and the first of its own", () => {
    const history = [
      "*",
      "ONBUILD RUN a",
      "*RUN b",
      "*RUN /bin/sh -c a # buildkit",
      "*COPY a /onb # buildkit",
      "ENV T=1",
      "*RUN /bin/sh -c z # buildkit",
    ];
    expect(origins("FROM base\nRUN z\n", history, { triggers: 2 })).toEqual([
      "base",
      "base",
      "trigger 1",
      "trigger 1",
      "instruction 2",
    ]);
  });
});

describe("the classic builder", () => {
  const classic = { builder: "classic" } as const;

  test("notes all, behind the shell in effect, and adds the run's label", () => {
    const history = [
      "*",
      "/bin/sh -c #(nop)  ARG Q",
      "/bin/sh -c #(nop) WORKDIR /",
      "*/bin/sh -c #(nop) WORKDIR /w",
      "|1 Q= /bin/sh -c make",
      "/bin/sh -c #(nop)  ENV A=1",
      "/bin/sh -c #(nop)  ONBUILD RUN left",
      "|1 Q= /bin/sh -c left",
      "*/bin/sh -c #(nop) COPY file:1 in /x ",
      "/bin/sh -c #(nop)  ONBUILD RUN later",
      "/bin/ash -c #(nop)  SHELL [/bin/ash -c]",
      "*/bin/ash -c y",
      '/bin/ash -c #(nop)  CMD ["/bin/ash" "-c" "z"]',
      "/bin/ash -c #(nop)  LABEL dflint.run=1",
    ];
    expect(origins(STAGES, history, classic)).toEqual([
      "base",
      "instruction 5",
      "instruction 12",
      "instruction 15",
    ]);
  });

  test("keeps a label of the file apart from the run's", () => {
    const history = ["*", "/bin/sh -c #(nop)  LABEL a=b", "/bin/sh -c #(nop)  LABEL dflint.run=1"];
    expect(origins("FROM a\nLABEL a=b\n", history, classic)).toEqual(["base"]);
  });

  test("notes each trigger", () => {
    const history = [
      "*",
      "*/bin/sh -c b",
      "/bin/sh -c #(nop)  ENV T=1",
      "*/bin/sh -c a",
      "*touch /y",
      "/bin/sh -c #(nop)  LABEL dflint.run=1",
    ];
    expect(origins('FROM a\nRUN ["touch","/y"]\n', history, { ...classic, triggers: 2 })).toEqual([
      "base",
      "base",
      "trigger 1",
      "instruction 2",
    ]);
  });
});

test("a history that does not end with the file's instructions tells nothing", () => {
  expect(origins("FROM a\nRUN x\n", ["*", "*COPY a /"])).toEqual(["unknown", "unknown"]);
  expect(origins("FROM a\nRUN x\n", [])).toEqual([]);
  const model = analyse(parseDockerfile("FROM a\n"));
  const build = { builder: "buildkit", triggers: 0 } as const;
  expect(joinLayers([{ historyIndex: undefined }], ["x"], model, build)).toEqual([{ kind: "unknown" }]);
});
