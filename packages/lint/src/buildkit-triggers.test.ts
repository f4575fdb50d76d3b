/** Preset buildkit reports what ONBUILD holds where it is triggered: at the FROM of a stage that the build needs. */
import { expect, it } from "vitest";
import { Linter } from "./linter/linter.ts";
import { rules } from "./rules/index.ts";

const buildkit = new Linter(rules, { preset: "buildkit" });
const recommended = new Linter(rules, {});

/** The checks of BuildKit that report something, with their lines. */
function checks(linter: Linter, text: string): string[] {
  const { diagnostics, dockerfile } = linter.lint({ text });
  return diagnostics.flatMap(({ aliases, span }) =>
    aliases
      .filter((alias) => /[a-z]/.test(alias))
      .map((alias) => `${alias} ${dockerfile.source.lineAt(span.start)}`),
  );
}

it.each([
  ["ENV A_TOKEN=b", "FROM base", ["SecretsUsedInArgOrEnv 3"]],
  ["ARG PASSWORD", "FROM base", ["SecretsUsedInArgOrEnv 3"]],
  ["ENV A b", "FROM base", ["LegacyKeyValueFormat 3"]],
  ["USER $A", "FROM base", ["UndefinedVar 3"]],
  ["WORKDIR b", "FROM base", ["WorkdirRelativePath 3"]],
  ["WORKDIR /b", "FROM base", []],
  ["CMD b", "FROM base", ["JSONArgsRecommended 3"]],
  ['CMD ["b"]', "FROM base", []],
  ['CMD ["b"]', 'FROM base\nCMD ["c"]', ["MultipleInstructionsDisallowed 3"]],
  ['ENTRYPOINT ["b"]', 'FROM base\nENTRYPOINT ["c"]', ["MultipleInstructionsDisallowed 3"]],
  ["HEALTHCHECK NONE", "FROM base\nHEALTHCHECK NONE", ["MultipleInstructionsDisallowed 3"]],
  // Without any outside ONBUILD.
  ['CMD ["b"]\nONBUILD CMD ["c"]', "FROM base", ["MultipleInstructionsDisallowed 4"]],
  ['ENTRYPOINT ["b"]\nONBUILD ENTRYPOINT ["c"]', "FROM base", ["MultipleInstructionsDisallowed 4"]],
  ["HEALTHCHECK NONE\nONBUILD HEALTHCHECK NONE", "FROM base", ["MultipleInstructionsDisallowed 4"]],
  ["EXPOSE 80/TCP 81/udp", "FROM base", ["ExposeProtoCasing 3"]],
  ["EXPOSE 127.0.0.1:80:80", "FROM base", ["ExposeInvalidFormat 3"]],
  // Nobody needs the stage.
  ["ENV A_TOKEN $b", "FROM base\nFROM c", []],
  ["CMD b", "FROM base\nFROM c", []],
  ["WORKDIR b", "FROM base AS d\nFROM c\nCOPY --from=d / /", ["WorkdirRelativePath 3"]],
])("ONBUILD %s, %j: %j", (trigger, rest, expected) => {
  expect(checks(buildkit, `FROM a AS base\nONBUILD ${trigger}\n${rest}\n`)).toEqual(expected);
});

it("knows the shell and the working directory that the stage below has", () => {
  expect(checks(buildkit, 'FROM a AS base\nSHELL ["x"]\nONBUILD CMD b\nFROM base\n')).toEqual([]);
  expect(checks(buildkit, 'FROM a AS base\nONBUILD SHELL ["x"]\nONBUILD CMD b\nFROM base\n')).toEqual([]);
  expect(checks(buildkit, "FROM a AS base\nWORKDIR /x\nONBUILD WORKDIR b\nFROM base\n")).toEqual([]);
});

it.each([
  ["ONBUILD WORKDIR $D\nENV D=/x\nFROM base", []],
  ["ENV D=/x\nONBUILD WORKDIR $D\nENV D=x\nFROM base", ["WorkdirRelativePath 5"]],
  ["ONBUILD ENV D=/x\nONBUILD WORKDIR $D\nFROM base", []],
  ["ONBUILD ARG D=/x\nONBUILD WORKDIR $D\nFROM base", []],
  ["ONBUILD WORKDIR /x\nFROM base\nWORKDIR y", []],
  ["ONBUILD WORKDIR x\nFROM base\nWORKDIR y", ["WorkdirRelativePath 3"]],
  ["ONBUILD ENV D=x\nFROM base\nUSER $D", []],
  ["ONBUILD EXPOSE $P\nENV P=127.0.0.1:80:80\nFROM base", ["ExposeInvalidFormat 4"]],
  ["ONBUILD EXPOSE $P\nENV P=80/TCP\nFROM base", ["ExposeProtoCasing 4"]],
  ["ENV P=80/TCP\nONBUILD ENV P=80/tcp\nONBUILD EXPOSE $P\nFROM base", []],
])("knows what the stage below and its ONBUILDs have set: %j", (rest, expected) => {
  expect(checks(buildkit, `FROM a AS base\n${rest}\n`)).toEqual(expected);
});

it("reports it in other presets where it is written", () => {
  const text = "FROM alpine:3.20 AS base\nONBUILD WORKDIR b\nFROM base\nUSER 1000\n";
  expect(checks(recommended, text).filter((one) => one.endsWith(" 3"))).toEqual([]);
});
