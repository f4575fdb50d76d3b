import { findEngine } from "./find.ts";
import {
  allReleases,
  containerdVariant,
  defaultRelease,
  parseRelease,
  type EngineRelease,
} from "./versions.ts";

/** `found` stands for the engine that findEngine() finds. */
export type EngineChoice = EngineRelease | typeof containerdVariant | "found";

/**
 * Which engines the tests run on. `ENGINES`: `all` or versions with commas between them; without it the engine
 * that is found, else the default version. `NO_ENGINE=1`: none.
 */
export async function chooseEngines(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<readonly EngineChoice[]> {
  if (env["NO_ENGINE"] === "1") return [];
  const wanted = env["ENGINES"];
  if (wanted === "all") return [...allReleases, containerdVariant];
  if (wanted !== undefined && wanted !== "")
    return [...new Set(wanted.split(",").map((name) => parseChoice(name.trim())))];
  // A DOCKER_HOST that does not answer is reported by the tests that want the engine, not by the ones that do not.
  const { engine } = await findEngine(env).catch(() => ({ engine: {} }));
  return engine === undefined ? [defaultRelease] : ["found"];
}

function parseChoice(name: string): EngineChoice {
  return name === containerdVariant ? name : parseRelease(name);
}
