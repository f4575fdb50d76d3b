export { label } from "./engine/state.ts";
export { startEngine, type EngineFacts, type PrivateEngine, type StartOptions } from "./engine/start.ts";
export { allReleases, defaultRelease, type EngineRelease } from "./engine/versions.ts";
