/**
 * Three that check the same Dockerfiles: BuildKit on this engine through `docker.buildkit.lint`, the BuildKit that the
 * known answers were made with, which is later than that of 28.5.2, and dflint's preset `buildkit`.
 */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { lint } from "dflint";
import { Docker, UnsupportedError } from "docker-engine-sdk";
import { engine } from "test-support/engine-under-test";

interface Case {
  readonly id: string;
  readonly dockerfile: string;
  readonly lint: {
    /** False where the build fails: BuildKit says nothing about what comes after. */
    readonly ok: boolean;
    readonly warnings: readonly {
      readonly rule: string;
      readonly startLine: number;
      readonly endLine: number;
    }[];
  };
}

interface Answer {
  readonly ok: boolean;
  /** e.g. `MaintainerDeprecated 2-2`, sorted. */
  readonly warnings: readonly string[];
}

/** How the BuildKit of 28.5.2 differs from a later one, by case. */
interface Difference {
  readonly why: string;
  /** Which warnings are not there. */
  readonly without?: readonly string[];
  /** Which are there and were not to be. */
  readonly also?: readonly string[];
  /** Set where one of the two fails. */
  readonly ok?: boolean;
}

const otherPlatform =
  "the base image is on this engine for its own platform only, and no registry is in reach";
const takenAnyway = "an image of another platform is taken from containerd's store, with a warning";
const laterSkips = "later versions read `# check=skip=…` also above an instruction, for that instruction";
const noFrontend = "`# syntax` names an image that is no frontend";

const differences: Readonly<Record<string, Difference>> = {
  "parse/esc-dup-syntax": { why: noFrontend },
  "lint2/c3": { why: noFrontend, ok: false },
  "lint/check-inst": { why: laterSkips, also: ["JSONArgsRecommended 3-3", "JSONArgsRecommended 8-8"] },
  "lint/check-inst-from": { why: laterSkips, also: ["FromAsCasing 3-3", "StageNameCasing 3-3"] },
  "lint2/c12": { why: laterSkips, also: ["JSONArgsRecommended 3-3"] },
  "lint2/c20": { why: laterSkips, also: ["JSONArgsRecommended 3-3"] },
  "lint/secret": {
    why: "later versions take `API_KEY_FILE` for the place of a secret, not for one",
    also: ["SecretsUsedInArgOrEnv 4-4"],
  },
  "lint2/e9": { why: "`COPY --parents` was only in the labs channel before Dockerfile 1.20", ok: false },
};

/** What depends on the store of images. */
const platformDifferences: typeof differences = engine.hasContainerdStore
  ? {
      "lint/from-platform-ok": {
        why: takenAnyway,
        also: ["InvalidBaseImagePlatform 4-4", "InvalidBaseImagePlatform 5-5"],
      },
      "lint/workdir-win2": { why: takenAnyway, also: ["InvalidBaseImagePlatform 1-1"] },
      "lint2/u25": { why: takenAnyway, also: ["InvalidBaseImagePlatform 1-1"] },
    }
  : {
      "lint/from-platform-ok": { why: otherPlatform, ok: false },
      "lint/workdir-win2": { why: otherPlatform, ok: false, without: ["WorkdirRelativePath 2-2"] },
      "lint2/u25": { why: otherPlatform, ok: false, without: ["UndefinedVar 2-2"] },
    };
const known: typeof differences = { ...differences, ...platformDifferences };

const hasCheck = engine.version.startsWith("28.");

const fixture = new URL("../../packages/lint/test/fixtures/dockerfile-edge.jsonl", import.meta.url);
const cases = readFileSync(fixture, "utf8")
  .split("\n")
  .filter((line) => line !== "")
  .map((line) => JSON.parse(line) as Case); // its shape is that of the file

/** Where BuildKit stops, and in which order it goes through a file: read off this engine. */
const others: readonly string[] = [
  "FROM a\nENV A b\nFROM b\nCOPY --from=7 / /\nENV C d\n",
  "FROM a\nENV A b\nFROM scratch AS y\nCOPY --from=y / /\nENV C d\n",
  "FROM a\nENV A b\nFROM b\nCOPY --from=s / /\nENV C d\nFROM scratch AS s\n",
  "FROM a\nENV A b\nFROM b\nRUN --mount=from=s,target=/t z\nENV C d\nFROM scratch AS s\n",
  "FROM a\nENV A b\nRUN --mount=from=UPPER,target=/t z\nENV C d\n",
  "FROM a AS s\nENV A b\nRUN --mount=from=s,target=/t z\nENV C d\n",
  "FROM UPPER AS s\nFROM --platform=linux/amd64 b\nENV A b\n",
  "ARG A\nFROM --platform=$TARGETPLATFORM $A\n",
  "ARG P\nFROM --platform=$P a\nENV A b\n",
  "ARG TARGETPLATFORM\nFROM --platform=$TARGETPLATFORM a\nENV A b\n",
  "FROM --platform=${TARGETPLATFORM:-x} a\nENV A b\n",
  "FROM scratch\nENV A b\nVOLUME /a $C\nENV C d\n",
  "FROM scratch\nEXPOSE $C\nCOPY --chmod=$D a b\nUSER $E\nWORKDIR $F\nENV C d\n",
  "FROM a\nEXPOSE 80:80 70000\nENV A b\n",
  "FROM a\nEXPOSE 99999 81/TCP 80:80\nENV A b\n",
  "FROM a\nEXPOSE 80:90-91\nENV A b\n",
  "FROM a\nEXPOSE 80-81:90 :80 ::1:80:80\nENV A b\n",
  "FROM a\nEXPOSE 1.2.3.4::80 1.2.3:80:80\nENV A b\n",
  "FROM a\nEXPOSE ::80 [::1]::90 [zz]:1:2 [1.2.3.4]:80:80\nENV A b\n",
  "FROM scratch\nENV A=$X MY_TOKEN=${B:?} C=$Y\nENV C d\n",
  "FROM scratch\nARG A=$X TOKEN=${B:?}\nWORKDIR a\n",
  "FROM scratch\nENV A=1 \\\n  B=$X C=${B:?} \\\n  D=$Y\n",
  "FROM scratch\nCOPY --chown=${A:?} $X /y\nENV C d\n",
  "FROM scratch\nCOPY <<EOF $X\n${A:?}\nEOF\nENV C d\n",
  "FROM scratch\nRUN --mount=type=cache,target=${A:?},id=$X y\nENV C d\n",
  "ARG A=${B:?}\nFROM a as x\nFROM $C AS x\n",
  "FROM a\nRUN --mount=type=bind,target=/ x\nENV C d\n",
  "FROM a\nRUN --mount=type=secret,id=$A x\nENV C d\n",
  "FROM a\nVOLUME /x ${A:+b}\nENV C d\n",
  'FROM a\nCMD ["x"]\nCMD ["y"]\nEXPOSE 99999\nCMD ["z"]\n',
  "FROM --platform=foo$A a AS x\nFROM --platform=linux/amd64 b\n",
  "FROM a Xy B\n",
  "FROM a as B c\n",
  "FROM a\nRUN \\\n\n <<EOF\nx\nEOF\n",
  "FROM a\nCOPY me@host:a/b /x\nENV C d\n",
  'FROM a AS x\nONBUILD WORKDIR y\nONBUILD CMD z\nONBUILD ENV A_TOKEN $B\nFROM x\nCMD ["z"]\n',
  "FROM a AS x\nONBUILD ENV A_TOKEN $B\nFROM x\nFROM b\n",
  'FROM a AS x\nONBUILD CMD ["x"]\nONBUILD CMD ["y"]\nFROM x\n',
  "FROM a\nRUN --mount=type=bind,target=./ x\nENV C d\n",
  "FROM a\nWORKDIR /\nRUN --mount=type=bind,target=... x\nENV C d\n",
  "FROM --platform=zos scratch\n",
  "FROM --platform=arm64v8 a\n",
  "FROM a\nCOPY <<EOF /x\nit's \"$B\nEOF\nENV C d\n",
  "FROM a\nCOPY <<EOF /x\n$B\n${x[1]}\n$D\nEOF\nENV C d\n",
  "# check=experimental=all\n# build x\nFROM a AS BUILD\n",
  "# check=experimental=all;skip=all\n# foo\nFROM a AS final\nCMD x\n",
  "# check=skip=InvalidDefinitionDescription;experimental=all\n# foo\nFROM a AS final\nCMD x\n",
];

function listed({ lint: { ok, warnings } }: Case): Answer {
  return {
    ok,
    warnings: warnings.map(({ rule, startLine, endLine }) => `${rule} ${startLine}-${endLine}`).toSorted(),
  };
}

/** What 28.5.2 is to answer, as far as we know it. */
function expected(one: Case): Answer {
  const { ok, warnings } = listed(one);
  const { without = [], also = [], ok: differs } = known[one.id] ?? { why: "" };
  const rest = [...warnings];
  for (const warning of without) rest.splice(rest.indexOf(warning), 1);
  return { ok: differs ?? ok, warnings: [...rest, ...also].toSorted() };
}

async function asked(docker: Docker, text: string): Promise<Answer> {
  const asking = docker.buildkit.lint({ context: "none", dockerfile: { text } });
  const answer = await asking.catch((error: unknown) => {
    // A frontend that cannot be run answers nothing.
    expect(error).toMatchObject({ code: "BUILD_FAILED" });
    return { error, warnings: [] };
  });
  const warnings = answer.warnings.map(
    ({ rule, ranges }) => `${rule} ${ranges[0]?.start}-${ranges.at(-1)?.end}`,
  );
  return { ok: answer.error === undefined, warnings: warnings.toSorted() };
}

/** What dflint reports under the names of BuildKit's checks, in BuildKit's lines: those of the whole instruction. */
function reported(text: string): readonly string[] {
  const { diagnostics, dockerfile } = lint({ text, preset: "buildkit" });
  return diagnostics
    .filter(({ suppressed }) => suppressed === undefined)
    .flatMap(({ aliases, span }) => {
      const line = dockerfile.source.lineAt(span.start);
      const { startLine, endLine } = dockerfile.instructions.find(
        (instruction) => instruction.startLine <= line && line <= instruction.endLine,
      ) ?? { startLine: line, endLine: line };
      return aliases
        .filter((alias) => /^(?:[A-Z]+[a-z]+)+$/.test(alias))
        .map(
          (check) =>
            `${check} ${check === "NoEmptyContinuation" ? `${line}-${line}` : `${startLine}-${endLine}`}`,
        );
    })
    .toSorted();
}

describe.runIf(hasCheck)("BuildKit's own check on 28.5.2", () => {
  test("answers as later versions do, and as dflint, but for what is known", async () => {
    await using own = await engine.startPrivate();
    const docker = new Docker({ host: own.host, credentials: {} });
    // The known answers hold for base images without any configuration.
    const empty = await docker.images.import(Buffer.alloc(1024));
    for (const name of ["a", "b", "c", "d", "x", "x:1", "y", "0", "localhost:5000/a:b"])
      await empty.tag(name);

    const unknown: unknown[] = [];
    const check = async (one: Case): Promise<void> => {
      const { id, dockerfile } = one;
      const wanted = expected(one);
      const found = await asked(docker, dockerfile);
      if (JSON.stringify(found) !== JSON.stringify(wanted)) unknown.push({ id, wanted, found });
      // dflint follows the later version: what is different there is different here.
      const ours = reported(dockerfile);
      const theirs = listed(one);
      const missed = minus(theirs.warnings, ours);
      const more = theirs.ok ? minus(ours, theirs.warnings) : [];
      if (missed.length + more.length > 0) unknown.push({ id, missed, more });
    };
    const rest = cases.values();
    await Promise.all(
      Array.from({ length: 4 }, async () => {
        for (const one of rest) await check(one);
      }),
    );
    for (const text of others) {
      const [theirs, ours] = [(await asked(docker, text)).warnings, reported(text)];
      if (JSON.stringify(theirs) !== JSON.stringify(ours)) unknown.push({ text, theirs, ours });
    }
    expect(unknown).toEqual([]);
    expect(Object.keys(known).filter((id) => !cases.some((one) => one.id === id))).toEqual([]);
  });
});

test.runIf(!hasCheck)("an engine without the check says so", async () => {
  const docker = new Docker({ host: engine.host, credentials: {} });
  const asking = docker.buildkit.lint({ context: "none", dockerfile: { text: "FROM scratch\n" } });
  await expect(asking).rejects.toBeInstanceOf(UnsupportedError);
});

/** What is left of a list without what is in another, each as often as it is there. */
function minus(whole: readonly string[], part: readonly string[]): string[] {
  const rest = [...whole];
  for (const item of part) {
    const at = rest.indexOf(item);
    if (at !== -1) rest.splice(at, 1);
  }
  return rest;
}
