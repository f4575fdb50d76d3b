import { availableParallelism } from "node:os";
import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";
import { allReleases, containerdVariant } from "./test/support/src/engine/versions.ts";
import { chooseEngines, type EngineChoice } from "./test/support/src/engine/choose.ts";

/** Limits are there to end a hung test, not to measure one: a slow machine must never fail. */
const patience = { unit: 60_000, slow: 300_000 };

function project(
  options: NonNullable<TestProjectInlineConfiguration["test"]>,
  timeout: number,
): TestProjectInlineConfiguration {
  // Workspace packages resolve to their sources.
  const resolve = { conditions: ["source"] };
  return { resolve, ssr: { resolve }, test: { testTimeout: timeout, hookTimeout: timeout, ...options } };
}

/** Unit tests reach nothing outside of this machine. */
const offline = { setupFiles: ["test/support/src/no-network.ts"] };

/**
 * What tests need that share one engine, started once for all of them. Where three engines share two cores, one of
 * thousands of calls meets a race of an engine; CI tries such a test once more and names it.
 */
function onEngine(choice: EngineChoice): NonNullable<TestProjectInlineConfiguration["test"]> {
  return {
    globalSetup: ["test/support/src/engine-setup.ts"],
    provide: { engineChoice: choice },
    retry: process.env["CI"] === "true" ? 1 : 0,
  };
}

/** What depends on our code and machine alone: one engine tells as much as all. */
const onOneEngine = ["build-process", "copy-large", "soak", "streams-pressure"];

/**
 * What may differ from engine to engine, but not with the version of the API: where there are several, the oldest and
 * the newest tell.
 */
const onBothEnds = [
  "buildkit-lint",
  "buildkit-ssh",
  "buildkit-stress-*",
  "context-tar",
  "contexts",
  "copy-tree",
  "credentials",
  "dflint-*",
  "engine-loss",
  "engine-support",
  "hostile-proxy",
  "layers",
  "ssh",
  "streams-*",
  "swarm",
  "tls",
];

/** The other store of images matters to BuildKit; the rest of the engine is the same. */
const onOtherStore = "{buildkit,buildkit-{cache,direct,lint,options,outputs,stress-load,stress-secrets}}";

/** The tests of an engine. One that is alone gets all of them. */
function testsOn(
  choice: EngineChoice,
  all: readonly EngineChoice[],
): { include: string[]; exclude: string[] } {
  const file = (name: string): string => `test/engine/${name}.test.ts`;
  if (choice === containerdVariant) return { include: [file(onOtherStore)], exclude: [] };
  const releases: readonly EngineChoice[] = allReleases.filter((release) => all.includes(release));
  const isFirst = releases.indexOf(choice) <= 0;
  const isLast = choice === releases.at(-1);
  const left = [...(isFirst ? [] : onOneEngine), ...(isFirst || isLast ? [] : onBothEnds)];
  return { include: [file("**/*")], exclude: left.map(file) };
}

export default defineConfig(async () => {
  const choices = await chooseEngines();
  if (choices.length === 0) {
    process.stderr.write(
      "NO_ENGINE=1: not tested are test/engine and packages/examples, which need an engine.\n",
    );
  }
  return {
    test: {
      // More than cores: tests wait for engines, processes and registries more than they compute.
      maxWorkers: availableParallelism() + 2,
      projects: [
        project({ name: "sdk", include: ["packages/sdk/src/**/*.test.ts"], ...offline }, patience.unit),
        project({ name: "lint", include: ["packages/lint/src/**/*.test.ts"], ...offline }, patience.unit),
        project({ name: "bench", include: ["bench/src/**/*.test.ts"], ...offline }, patience.slow),
        project({ name: "support", include: ["test/support/src/**/*.test.ts"] }, patience.unit),
        project({ name: "packages", include: ["test/packages/**/*.test.ts"] }, patience.slow),
        ...choices.map((choice) =>
          project(
            { name: `engine ${choice}`, ...testsOn(choice, choices), ...onEngine(choice) },
            patience.slow,
          ),
        ),
        ...choices.slice(0, 1).map((choice) =>
          project(
            {
              name: `engine ${choice} examples`,
              include: ["packages/examples/src/**/*.test.ts"],
              ...onEngine(choice),
              // Examples find the engine as a user's program does.
              setupFiles: ["test/support/src/engine-environment.ts"],
            },
            patience.slow,
          ),
        ),
      ],
    },
  };
});
