import { describe, expect, test } from "vitest";
import type { Instruction, Keyword, InstructionOf } from "../syntax/nodes.ts";
import { parseDockerfile } from "../syntax/parser.ts";
import { analyse } from "./analyse.ts";
import type { AnalyseOptions, Model } from "./model.ts";

function modelOf(text: string, options?: AnalyseOptions): Model {
  return analyse(parseDockerfile(text), options);
}

function dialect(text: string): string | undefined {
  return modelOf(text).target?.end.shell.dialect;
}

function nth<Name extends Keyword>(model: Model, keyword: Name, index = 0): InstructionOf<Name> {
  const found = model.dockerfile.instructions.filter(
    (one): one is InstructionOf<Name> & Instruction => one.keyword === keyword,
  )[index];
  if (!found) throw new Error(`no ${keyword} ${index}`);
  return found;
}

describe("stages", () => {
  test("are joined by FROM, COPY --from and mounts, and know whether they ship", () => {
    const model = modelOf(`FROM golang:1 AS Build
FROM alpine AS base
FROM node AS dead
FROM base
COPY --from=BUILD /a /a
COPY --from=nginx /b /b
RUN --mount=type=bind,from=0,target=/x ls
`);
    const [build, base, dead, final] = model.stages;
    expect(build?.name).toBe("build");
    expect(final?.base.stage).toBe(base);
    expect(final?.image.family).toBe("alpine");
    expect(final?.dependencies.map((one) => [one.kind, one.name, one.stage?.index])).toEqual([
      ["from", "base", 1],
      ["copy", "BUILD", 0],
      ["copy", "nginx", undefined],
      ["mount", "0", 0],
    ]);
    expect([build, base, dead, final].map((stage) => [stage?.shipped, stage?.reachable])).toEqual([
      [false, true],
      [true, true],
      [false, false],
      [true, true],
    ]);
    expect(modelOf("FROM a AS x\nFROM b", { target: "X" }).target?.index).toBe(0);
  });

  test("a FROM looks for stages by their exact name, COPY by any case", () => {
    const model = modelOf("FROM a AS B\nFROM B\nCOPY --from=b x y\n");
    expect(model.stages[1]?.base.stage).toBeUndefined();
    expect(model.stages[1]?.base.reference).toBeUndefined();
    expect(model.stages[1]?.dependencies[1]?.stage?.index).toBe(0);
  });

  test("a chain of 20,000 stages is no deep recursion", () => {
    const chain = Array.from({ length: 20_000 }, (_, index) => `FROM s${index} AS s${index + 1}\n`).join("");
    const model = modelOf(`FROM scratch AS s0\n${chain}WORKDIR a\n`);
    expect(model.target?.image.scratch).toBe(true);
    expect(model.target?.end.workdir?.value).toBe("/a");
  });
});

describe("expansion", () => {
  test("takes defaults of ARGs, build args before them, and leaves the rest unknown", () => {
    const text =
      "ARG A=20\nARG B\nARG C=${A}-x\nFROM node:$A\nFROM node:$B\nFROM node:${C}\nFROM ${B:-alpine}\n";
    const names = (options?: AnalyseOptions): unknown[] =>
      modelOf(text, options).stages.map((stage) => stage.base.name);
    expect(names()).toEqual(["node:20", undefined, "node:20-x", "alpine"]);
    expect(names({ buildArgs: { A: "1", B: "2" } })).toEqual(["node:1", "node:2", "node:1-x", "2"]);
    const model = modelOf(text);
    const image = model.stages[1]?.from.image;
    expect(image && model.expand(image, nth(model, "FROM", 1)).whenUnset).toBe("node:");
  });

  test("global ARGs need an ARG in the stage; the same line is not seen", () => {
    const model = modelOf(`ARG G=1
FROM scratch
ENV X=$G
ARG G
ENV Y=$G Z=$Y
ENV V=env
ENV W=$V-\${Y:-d}-'$V'
`);
    const env = nth(model, "ENV", 0).pairs[0];
    expect(env && model.expand(env.value, nth(model, "ENV", 0))).toMatchObject({
      value: "",
      undefined: [{ name: "G", span: { start: 27, end: 29 }, guarded: false }],
    });
    const end = model.target?.end;
    expect(end?.variable("Y")).toMatchObject({ kind: "env", value: "1", known: true });
    expect(end?.variable("Z")?.value).toBe("");
    expect(end?.variable("W")?.value).toBe("env-1-$V");
    expect(end?.variable("nothing")).toBeUndefined();
    expect(end?.variableNames(100).sort()).toEqual(["G", "PATH", "V", "W", "X", "Y", "Z"]);
  });

  /** What every case gave on the engines 20.10.24 and 28.5.2; the last LABEL is looked at. */
  test.each([
    ["ENV A=env\nARG A=arg", "arg", "env"],
    ["ENV A=env\nARG A=", "", "env"],
    ["ENV A=env\nARG A=arg\nENV A=env2", "env2", "env2"],
    ["ENV A=env\nARG A", "env", "env"],
    ["ENV B=env\nARG B", "given", "env"],
    ["ENV G=env\nARG G", "global", "env"],
    ["ARG A=arg\nENV A=env", "env", "env"],
    ["ARG A=arg\nENV A=$A-env", "arg-env", "arg-env"],
    ["ENV A=env\nARG A=arg\nENV A=$A", "arg", "env"],
    ["ENV A=env\nARG A=$A-arg", "env-arg", "env"],
    ["ARG A=arg\nFROM s0", "arg", undefined],
    ["ARG A=arg\nFROM s0\nARG A", "arg", undefined],
    ["ARG A=arg\nFROM s0\nENV A=env", "env", "env"],
    ["ENV A=env\nARG A=arg\nFROM s0", "env", "env"],
    ["ENV A=env\nFROM s0\nARG A=arg", "arg", "env"],
    ["ENV A=env\nARG A=arg\nFROM s0\nARG A", "env", "env"],
    ["ENV N=env\nARG N", "env", "env"],
  ])(
    "the last of ENV and ARG wins with BuildKit, and ENV with the classic builder: %j",
    (lines, ...values) => {
      const name = /(?:ARG|ENV) (\w)/.exec(lines)?.[1] ?? "";
      const found = (["buildkit", "classic"] as const).map((builder) => {
        const text = `ARG G=global\nARG N\nFROM scratch AS s0\n${lines}\nLABEL x=$${name}\n`;
        const model = modelOf(text, { builder, buildArgs: { B: "given" } });
        const label = nth(model, "LABEL", 0);
        const word = label.pairs[0]?.value;
        return word && model.expand(word, label).whenUnset;
      });
      expect(found).toEqual(values.map((value) => value ?? ""));
    },
  );

  test("what the base image may define is unknown; ENV and ARG are inherited from stages", () => {
    const model = modelOf(
      "FROM a AS x\nENV A=1\nARG R=2\nFROM x\nENV B=$A$R C=$HOME D=$PATH E=${X:?no}\nFROM scratch\nENV E=${X:?no}\n",
    );
    const end = model.stages[1]?.end;
    expect(end?.variable("B")?.value).toBe("12");
    expect(end?.variable("C")).toMatchObject({ value: undefined, known: false });
    expect(end?.variable("D")?.known).toBe(false);
    const open = nth(model, "ENV", 1);
    const closed = nth(model, "ENV", 2);
    expect(open.pairs[3] && model.expand(open.pairs[3].value, open)).toMatchObject({
      error: undefined,
      value: undefined,
    });
    expect(closed.pairs[0] && model.expand(closed.pairs[0].value, closed).error).toBe("X: no");
  });

  test("values that grow beyond bounds become unknown", () => {
    const model = modelOf(`FROM scratch\nENV A=xx\n${"ENV A=$A$A\n".repeat(60)}`);
    expect(model.target?.end.variable("A")).toMatchObject({ known: false, value: undefined });
  });

  test("platform values are known from the option alone", () => {
    const text = "FROM --platform=$TARGETPLATFORM a\nARG TARGETARCH\nENV X=$TARGETARCH Y=$TARGETOS\n";
    expect(modelOf(text).stages[0]?.platform).toBeUndefined();
    const model = modelOf(text, { platform: "linux/arm64" });
    expect(model.stages[0]?.platform).toBe("linux/arm64");
    expect(model.target?.end.variable("X")?.value).toBe("arm64");
    expect(model.target?.end.variable("Y")?.known).toBe(false);
  });
});

describe("settings", () => {
  test("shell, user and workdir are those of the last instruction above, also of the stage below", () => {
    const model = modelOf(`FROM a AS x
SHELL ["/bin/bash", "-eo", "pipefail", "-c"]
USER app
WORKDIR /srv
FROM x
RUN one
WORKDIR sub
USER root
RUN two
`);
    const one = model.state(nth(model, "RUN", 0));
    const two = model.state(nth(model, "RUN", 1));
    expect(one.shell).toMatchObject({ dialect: "bash", errexit: true, pipefail: true });
    expect([one.user?.value, one.workdir?.value]).toEqual(["app", "/srv"]);
    expect([two.user?.value, two.workdir?.value]).toEqual(["root", "/srv/sub"]);
  });

  test("without SHELL it is sh, and cmd on Windows", () => {
    expect(dialect("FROM a\n")).toBe("posix");
    expect(dialect("FROM mcr.microsoft.com/windows/servercore:ltsc2022\n")).toBe("cmd");
    expect(dialect('FROM a\nSHELL ["pwsh", "-Command"]\n')).toBe("powershell");
    expect(dialect('FROM a\nSHELL ["/usr/bin/env", "-S", "bash", "-c"]\n')).toBe("bash");
  });

  test("what stands in an ONBUILD has the place of the ONBUILD", () => {
    const model = modelOf("FROM a\nUSER app\nONBUILD RUN x\n");
    const { inner } = nth(model, "ONBUILD");
    expect(inner && model.state(inner).user?.value).toBe("app");
    expect(inner && model.stageOf(inner)).toBe(model.stages[0]);
  });
});

describe("ungiven", () => {
  const dockerfile = parseDockerfile("ARG TAG=1\nFROM alpine:$TAG\n");

  test("is the model itself where nothing is given", () => {
    const model = analyse(dockerfile, { target: "0" });
    expect(model.ungiven).toBe(model);
  });

  test("leaves values of --build-arg out", () => {
    const model = analyse(dockerfile, { buildArgs: { TAG: "2" } });
    expect(model.stages[0]?.base.name).toBe("alpine:2");
    expect(model.ungiven.stages[0]?.base.name).toBe("alpine:1");
  });

  test("keeps what is not given to the file: the target", () => {
    const staged = parseDockerfile("FROM a AS first\nFROM b\n");
    const model = analyse(staged, { platform: "linux/arm64", target: "first" });
    expect(model.ungiven.target?.name).toBe("first");
  });
});

test("what a stage has in ONBUILD holds in those based on it, not in itself", () => {
  const model = modelOf(`FROM alpine AS base
ARG NAME=old
ENV NAME=first
ONBUILD ENV NAME=$NAME-then FOLDER=/src
ONBUILD WORKDIR $FOLDER
ONBUILD USER $NAME
ONBUILD SHELL ["/bin/bash", "-c"]
ENV NAME=last
FROM base AS middle
ONBUILD USER other
FROM middle
WORKDIR app
`);
  const [base, middle, final] = model.stages;
  expect([base, middle, final].map((stage) => stage?.end.user?.value)).toEqual([
    undefined,
    "last-then",
    "other",
  ]);
  expect(base?.end.workdir).toBeUndefined();
  expect(base?.end.variable("FOLDER")).toBeUndefined();
  expect(middle?.start.workdir?.value).toBe("/src");
  expect(final?.start.workdir?.value).toBe("/src");
  expect(final?.end.workdir?.value).toBe("/src/app");
  expect([base, final].map((stage) => stage?.end.shell.argv[0])).toEqual(["/bin/sh", "/bin/bash"]);
});
