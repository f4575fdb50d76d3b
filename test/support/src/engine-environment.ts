import { engine } from "./engine-under-test.ts";

/** vitest's setup file for tests of programs that take the engine from the environment. */
process.env["DOCKER_HOST"] = engine.host;
delete process.env["DOCKER_CONTEXT"];
process.env["REGISTRY"] = engine.registry;
