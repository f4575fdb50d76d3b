import { availableParallelism } from "node:os";
import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";
import { containerdVariant } from "./test/support/src/engine/versions.ts";
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

/** The other store of images matters to BuildKit; the rest of the engine is the same. */
function testsOn(choice: EngineChoice): string[] {
  const tests = choice === containerdVariant ? "{buildkit,buildkit-*}" : "**/*";
  return [`test/engine/${tests}.test.ts`];
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
      // One worker per core, and two on a single core: tests wait for engines and processes more than they compute.
      maxWorkers: Math.max(2, availableParallelism()),
      projects: [
        project({ name: "sdk", include: ["packages/sdk/src/**/*.test.ts"], ...offline }, patience.unit),
        project({ name: "lint", include: ["packages/lint/src/**/*.test.ts"], ...offline }, patience.unit),
        project({ name: "bench", include: ["bench/src/**/*.test.ts"], ...offline }, patience.slow),
        project({ name: "support", include: ["test/support/src/**/*.test.ts"] }, patience.unit),
        project({ name: "packages", include: ["test/packages/**/*.test.ts"] }, patience.slow),
        ...choices.map((choice) =>
          project({ name: `engine ${choice}`, include: testsOn(choice), ...onEngine(choice) }, patience.slow),
        ),
        ...choices.slice(0, 1).map((choice) =>
          project(
            {
              name: "examples",
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
