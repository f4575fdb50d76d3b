/**
 * No rule takes the square of a file's length. Each input is linted once and then twice as long; what is compared is how
 * often each block of code ran, not the time it took.
 */
import { WorkCounter, type Work } from "test-support/work-counter";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exampleContext } from "./linter/example.ts";
import { Linter } from "./linter/linter.ts";
import { rules } from "./rules/index.ts";

const LENGTH = 240;
/** Twice the length is twice the work, and the logarithm of what is looked up by halving. */
const GROWTH = 2.6;
/** What runs less often than that for each line of the longer input may have looked linear by chance before. */
const NOISE = 20;

type Input = (index: number) => string;

function lines(first: string, line: Input, last = ""): (length: number) => string {
  return (length) => `${first}\n${Array.from({ length }, (_, index) => line(index)).join("\n")}\n${last}\n`;
}

/** One instruction with many parts. */
function parts(first: string, part: Input, joiner: string, last = ""): (length: number) => string {
  return (length) =>
    `FROM debian:12\n${first}${Array.from({ length }, (_, index) => part(index)).join(joiner)}${last}\n`;
}

const inputs: Readonly<Record<string, (length: number) => string>> = {
  RUNs: lines("FROM alpine:3.20", (i) => `RUN echo ${i} > /f${i}`),
  "RUNs with apt-get": lines("FROM debian:12", (i) => `RUN apt-get update && apt-get install -y p${i}`),
  "RUNs with curl": lines("FROM debian:12", (i) => `RUN curl -O https://x/${i}`),
  "ONBUILDs with curl": lines("FROM debian:12", (i) => `ONBUILD RUN curl -O https://x/${i}`),
  "RUNs with cd, sudo, pipes": lines("FROM debian:12", (i) => `RUN cd /a${i} && sudo b | c; chmod 777 /d`),
  "RUNs with mounts": lines(
    "FROM debian:12",
    (i) => `RUN --mount=type=cache,target=/c${i} pip install p${i}`,
  ),
  "a RUN of many commands": parts("RUN ", (i) => `cp a${i} /b${i}`, " && \\\n  "),
  "a RUN of many installs": parts(
    "RUN ",
    (i) =>
      `apt-get update && rm -rf /x${i} && curl -o /y${i} https://example.org/y; pip install p${i}; apk add q`,
    " && ",
  ),
  "a RUN of many other programs": parts(
    "RUN ",
    (i) =>
      `cd /a${i}; useradd -m u${i}; yum install -y z; npm i -g x; gem install y; wget http://x; ln -s a b; ps`,
    "; ",
  ),
  "a RUN of many pipes": parts("RUN ", (i) => `a${i}`, " | "),
  "a RUN of many variables": parts("RUN ", (i) => `V${i}=1; apk add x=$V${i}`, "; "),
  "a RUN of many packages": parts("RUN apk add ", (i) => `p${i}`, " "),
  "a RUN of subshells": parts("RUN ", (i) => `(cd /a${i} && make) || tar xf a${i}.tar`, " && "),
  "a RUN of cases": parts("RUN case $x in ", (i) => `a${i}) apk add b${i};;`, " ", " esac"),
  "a RUN in a heredoc": lines("FROM alpine:3.20\nRUN <<EOF", (i) => `apk add p${i} || exit 1`, "EOF"),
  "deep quotes": (length) =>
    `FROM a:1\nRUN echo ${'"$(echo '.repeat(length / 4)}x${')"'.repeat(length / 4)}\nENV A=${'"x"'.repeat(length)}\n`,
  "RUNs that update and never install": lines("FROM debian:12", () => "RUN apt-get update"),
  "a RUN of kept secrets": parts(
    "RUN ",
    (i) =>
      `echo $TOKEN > /root/.netrc${i} && npm config set _authToken $T && npm config delete x && rm /x${i}*`,
    " && ",
  ),
  "RUNs of a heredoc": lines(
    "FROM debian:12",
    (i) => `RUN <<EOF\napt-get update\napt-get install p${i}\nEOF`,
  ),
  "a RUN of shells with loaded code": parts("RUN ", (i) => `sh -c "$(curl -L https://x/${i})" | sh`, " && "),
  "a RUN of development installs": parts("RUN cd /app && ", (i) => `npm ci; yarn install; npm i p${i}`, "; "),
  "a RUN of chmods": parts("COPY a /a\nRUN ", (i) => `chmod 755 /a/${i}`, " && "),
  stages: lines("", (i) => `FROM alpine:3.20 AS s${i}\nRUN echo ${i}`),
  "a chain of stages": lines(
    "FROM alpine:3.20 AS s0",
    (i) => `FROM s${i} AS s${i + 1}\nENV A${i}=1\nRUN echo $A${i}`,
  ),
  "a chain of stages with unknown variables": lines(
    "FROM alpine:3.20 AS s0",
    (i) => `FROM s${i} AS s${i + 1}\nENV A${i}=$B${i}`,
  ),
  "a chain of stages that set the same and use what nobody sets": lines(
    "FROM alpine:3.20 AS s0",
    (i) => `FROM s${i} AS s${i + 1}\nENV A=$B${i}`,
  ),
  "a chain of stages that install and copy": lines(
    "FROM node:20 AS s0",
    (i) => `FROM s${i} AS s${i + 1}\nCOPY src${i} /app${i}/\nRUN apt-get install p${i} && rm -r /app${i}/x`,
  ),
  "stages that copy from each other": lines(
    "FROM alpine:3.20 AS s0",
    (i) => `FROM alpine:3.20 AS s${i + 1}\nCOPY --from=s${i} /a /b`,
  ),
  "stages with variables": lines(
    "ARG A=1",
    (i) => `FROM --platform=$P x:$B${i} AS S${i}\nARG A\nRUN echo $A`,
  ),
  ENVs: lines("FROM alpine:3.20", (i) => `ENV V${i}=$V${i - 1}x`),
  "an ENV of many pairs": parts("ENV ", (i) => `V${i}=$V${i - 1}`, " \\\n "),
  "an ARG of many names": parts("ARG ", (i) => `V${i}=$V${i - 1}`, " "),
  ARGs: lines("FROM alpine:3.20", (i) => `ARG V${i}=1`, "RUN echo $V1"),
  "ARGs before FROM": lines("", (i) => `ARG V${i}=1`, "FROM alpine:$V1\nRUN echo $V2"),
  COPYs: lines("FROM node:20\nWORKDIR /app", (i) => `COPY a${i} /b${i}`, "RUN npm ci"),
  "COPYs that later RUNs change": lines(
    "FROM node:20",
    (i) => `COPY a${i} /b${i}\nRUN chmod 755 /b${i} && rm /b${i}`,
  ),
  "COPYs whose parts later RUNs change": lines(
    "FROM node:20",
    (i) => `COPY a${i} /b${i}/\nRUN chmod 755 /b${i}/x* && rm -r /b/c`,
  ),
  "COPYs to one place": lines("FROM node:20", (i) => `COPY a${i} /b/c\nRUN chmod 755 /b/c && rm -r /b`),
  "a COPY of many files": parts("COPY ", (i) => `a${i}`, " ", " /x/"),
  ADDs: lines("FROM node:20", (i) => `ADD https://example.org/a${i}.tar /x${i}\nRUN tar xf /x${i}/a${i}.tar`),
  LABELs: lines("FROM alpine:3.20", (i) => `LABEL Foo${i}="$A b"`),
  EXPOSEs: lines("FROM alpine:3.20", (i) => `EXPOSE ${i + 1}/TCP`),
  "EXPOSEs in a chain of stages": lines(
    "FROM alpine:3.20 AS s0",
    (i) => `FROM s${i} AS s${i + 1}\nEXPOSE ${i + 1}`,
  ),
  "an EXPOSE of many ports": parts("EXPOSE ", (i) => String(i), " "),
  CMDs: lines("FROM alpine:3.20", (i) => `CMD echo ${i}\nHEALTHCHECK CMD a`),
  "a CMD that is no JSON": parts("CMD [", (i) => `'a${i}'`, ", ", "]"),
  "USERs and WORKDIRs": lines("FROM alpine:3.20", (i) => `RUN useradd u${i}\nUSER u${i}\nWORKDIR d${i}`),
  SHELLs: lines("FROM alpine:3.20", () => `SHELL ["/bin/bash", "-c"]\nRUN a | b`),
  secrets: lines("FROM alpine:3.20", (i) => `ARG PASSWORD_${i}\nENV TOKEN_${i}=abc`),
  VOLUMEs: lines("FROM alpine:3.20", (i) => `VOLUME /a${i}\nRUN touch /a${i}/x`),
  ONBUILDs: lines("FROM alpine:3.20 AS b", (i) => `ONBUILD COPY $A${i} /b`, "FROM b\nRUN x"),
  "ONBUILDs that run": lines(
    "FROM node:20",
    (i) => `ONBUILD ENV A${i}=1\nONBUILD RUN npm ci && pip install p`,
  ),
  "stages on an ONBUILD": lines("FROM a:1 AS b\nONBUILD ENV A=$Z\nONBUILD RUN x", () => `FROM b\nRUN x`),
  directives: lines("FROM alpine:3.20", (i) => `# hadolint ignore=DL3003\nRUN cd /a${i} && ls`),
  "directives for all that follows": lines(
    "FROM alpine:3.20",
    (i) => `# dflint disable=DFL${100 + i}\nRUN x`,
  ),
  "directives that say the same": (length) =>
    `FROM a:1\n${"# dflint ignore=DFL821\n".repeat(length)}RUN x ${"&& cd /a \\\n".repeat(length)} && y\n`,
  "directives for parts": lines(
    "FROM a:1",
    (i) => `# dflint disable=DFL106\nRUN echo ${i}\n# dflint enable=DFL106`,
  ),
  "directives for stages": lines("", () => `# hadolint stage ignore=DL3003\nFROM a:1\nRUN cd /x && y`),
  "directives for the shell": lines("FROM a:1", () => `# dflint shell=bash\nRUN a | b`),
  "unknown instructions": lines("FROM a:1", (i) => `RNU ${i} \\ # x`),
  "comments between lines": lines("FROM a:1\nRUN a \\", () => "  # c", "  b"),
};

describe.each(["strict", "hadolint", "buildkit"] as const)(
  "preset %s: twice the file is twice the work",
  (preset) => {
    const linter = new Linter(rules, { preset });
    let counter: WorkCounter;
    beforeAll(async () => {
      counter = await WorkCounter.start(["/packages/lint/src/", "/unbash/"]);
    });
    afterAll(async () => {
      await counter.stop();
    });

    it.each(Object.entries(inputs))("%s", async (_name, textOf) => {
      linter.lint({ text: textOf(8) });
      const once = await counter.count(() => linter.lint({ text: textOf(LENGTH) }));
      const twice = await counter.count(() => linter.lint({ text: textOf(2 * LENGTH) }));
      expect(once.blocks.size).toBeGreaterThan(20);
      expect(tooMuch(once, twice)).toEqual([]);
    });
  },
);

const patterns: Readonly<Record<string, Input>> = {
  names: (i) => `a${i}/b`,
  "names below each other": (i) => `a${i % 7}/b${i}/c`,
  wildcards: (i) => `a${i}*.log`,
  exceptions: (i) => `${i % 2 === 0 ? "" : "!"}a${i}`,
  "comments that are none": (i) => `a${i} # b`,
};

describe("twice the ignore file is twice the work", () => {
  const linter = new Linter(rules, { preset: "strict" });

  it.each(Object.entries(patterns))("%s", async (_name, patternOf) => {
    const counter = await WorkCounter.start(["/packages/lint/src/"]);
    const lint = (length: number): void => {
      const dockerignore = Array.from({ length }, (_, index) => patternOf(index)).join("\n");
      linter.lintIgnoreFile({ context: exampleContext({ dockerignore, files: { "src/a.js": "" } }) });
    };
    // Each pattern is compared with 200 with wildcards at most.
    const once = await counter.count(() => lint(4 * LENGTH));
    const twice = await counter.count(() => lint(8 * LENGTH));
    await counter.stop();
    expect(tooMuch(once, twice)).toEqual([]);
  });
});

/** What was done much more than twice as often. */
function tooMuch(once: Work, twice: Work): string[] {
  const grown = (name: string, before: number, after: number): string[] =>
    after > GROWTH * before + NOISE * 2 * LENGTH ? [`${name}: ${before} and then ${after} times`] : [];
  return [
    ...[...twice.blocks].flatMap(([block, count]) => grown(block, once.blocks.get(block) ?? Infinity, count)),
    ...[...twice.natives].flatMap(([place, count]) => grown(place, once.natives.get(place) ?? 0, count)),
  ];
}

describe("the counting of work", () => {
  it("tells a list that is searched and cut for each of its parts", async () => {
    const counter = await WorkCounter.start(["/packages/lint/src/"]);
    const later = (length: number): number => {
      const list = Array.from({ length }, (_, index) => index);
      return list.filter((one) => list.slice(list.indexOf(one) + 1).length > 9).length;
    };
    const once = await counter.count(() => later(LENGTH));
    const twice = await counter.count(() => later(2 * LENGTH));
    await counter.stop();
    const told = tooMuch(once, twice).join("\n");
    expect(told).toContain("Array.prototype.indexOf in linearity.test.ts");
    expect(told).toContain("Array.prototype.slice in linearity.test.ts");
  });

  it("tells the square from the line", async () => {
    const counter = await WorkCounter.start(["/packages/lint/src/"]);
    const pairs = (length: number): number => {
      let sum = 0;
      for (let left = 0; left < length; left += 1) {
        for (let right = 0; right < length; right += 1) sum += (left * right) % 3;
      }
      return sum;
    };
    const once = await counter.count(() => pairs(LENGTH));
    const twice = await counter.count(() => pairs(2 * LENGTH));
    await counter.stop();
    expect(tooMuch(once, twice)).not.toEqual([]);
  });
});
