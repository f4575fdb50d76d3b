export { chooseEngines, type EngineChoice } from "./engine/choose.ts";
export { ensurePackages } from "./engine/debian.ts";
export { findEngine, type FoundEngine } from "./engine/find.ts";
export { obtainEngine, type ObtainedEngine } from "./engine/obtain.ts";
export { startEngine, type EngineFacts, type PrivateEngine, type StartOptions } from "./engine/start.ts";
export { label } from "./engine/state.ts";
export { sweep } from "./engine/sweep.ts";
export { allReleases, defaultRelease, type EngineRelease } from "./engine/versions.ts";
