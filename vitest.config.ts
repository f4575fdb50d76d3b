import { availableParallelism } from "node:os";
import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";
import { chooseEngines, type EngineChoice } from "./test/support/src/engine/choose.ts";

// Workspace packages resolve to their sources.
const conditions = ["source"];

// Limits are there to end a hung test, not to measure one: a slow machine must never fail.
function project(
  name: string,
  include: string[],
  seconds = 60,
): TestProjectInlineConfiguration & { test: object } {
  return {
    resolve: { conditions },
    ssr: { resolve: { conditions } },
    test: { name, include, testTimeout: seconds * 1000, hookTimeout: seconds * 1000 },
  };
}

/** A project whose tests share one engine, started once for all of them. */
function engineProject(
  name: string,
  include: string[],
  choice: EngineChoice,
): TestProjectInlineConfiguration {
  const { test, ...rest } = project(name, include, 300);
  return {
    ...rest,
    test: {
      ...test,
      globalSetup: ["test/support/src/engine-setup.ts"],
      provide: { engineChoice: choice },
      setupFiles,
    },
  };
}

export default defineConfig(async () => {
  // Examples find the engine as a user's program does.
  const environment = ["test/support/src/engine-environment.ts"];
  const examples = ["packages/examples/src/**/*.test.ts"];
  const choices = await chooseEngines();
  const [first] = choices;
  if (first === undefined) {
    process.stderr.write(
      "NO_ENGINE=1: not tested are test/engine and packages/examples, which need an engine.\n",
    );
  }
  return {
    test: {
      // One worker per core, and two on a single core: tests wait for engines and processes more than they compute.
      maxWorkers: Math.max(2, availableParallelism()),
      projects: [
        project("sdk", ["packages/sdk/src/**/*.test.ts"]),
        project("lint", ["packages/lint/src/**/*.test.ts"]),
        project("support", ["test/support/src/**/*.test.ts"]),
        project("packages", ["test/packages/**/*.test.ts"], 300),
        ...choices.map((choice) => engineProject(`engine ${choice}`, ["test/engine/**/*.test.ts"], choice)),
        ...(first === undefined ? [] : [engineProject("examples", examples, first, environment)]),
      ],
    },
  };
});
