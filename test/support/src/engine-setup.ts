import type { TestProject } from "vitest/node";
import type { EngineChoice } from "./engine/choose.ts";
import { sayOnStderr } from "./engine/debian.ts";
import { obtainEngine, obtainPrivate, type ObtainedEngine } from "./engine/obtain.ts";
import type { EngineFacts } from "./engine/start.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Set by vitest.config.ts. */
    engineChoice: EngineChoice;
    /** Set by the global setup: the engine, or why there is none. */
    engine: EngineFacts | { readonly failure: string };
  }
}

/** vitest's global setup: starts (or finds) the engine of a project once, and removes it after the last test. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const choice = project.config.provide.engineChoice;
  let engine: ObtainedEngine;
  try {
    engine = await (choice === "found"
      ? obtainEngine({ registry: true })
      : obtainPrivate(choice, sayOnStderr));
  } catch (error) {
    // Not thrown: vitest would then run no test at all, and most need no engine. Those that do fail with this.
    project.provide("engine", { failure: error instanceof Error ? error.message : String(error) });
    return async () => undefined;
  }
  const { host, version, apiVersion, image, registry, networkPid } = engine;
  project.provide("engine", { host, version, apiVersion, image, registry, networkPid });
  return async () => {
    await engine[Symbol.asyncDispose]();
  };
}
