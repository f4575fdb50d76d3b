/**
 * Loads the built program with the code that V8 compiled when it was built, if that is of this very V8: it starts in two
 * thirds of the time. What `module.enableCompileCache` does from Node 22 on, for Node 20 and without a folder to write to.
 */
import { optimiseLate } from "./optimise.ts";
import type * as Program from "./run.ts";

/** The program in a folder: `core.cjs` with nearly all of its code, `core.cjs.cache`, and `program.cjs` that names it. */
export function loadProgram(folder: URL): typeof Program {
  // By call, since an import of `node:fs` binds all its names and so loads the streams, too.
  const { existsSync, readFileSync } = process.getBuiltinModule("node:fs");
  const { Module, createRequire } = process.getBuiltinModule("node:module");
  const { Script } = process.getBuiltinModule("node:vm");
  const { fileURLToPath } = process.getBuiltinModule("node:url");
  const core = fileURLToPath(new URL("core.cjs", folder));
  const require = createRequire(core);
  const cache = `${core}.cache`;
  if (existsSync(cache)) {
    // V8 compares its version, its flags and the length of the code, and compiles anew where they differ.
    const code = Module.wrap(readFileSync(core, "latin1")); // the build makes it ASCII
    const script = new Script(code, { filename: core, cachedData: readFileSync(cache) });
    const module = new Module(core);
    require.cache[core] = module;
    const load = script.runInThisContext() as (...parts: readonly unknown[]) => void; // what Module.wrap makes
    load(module.exports, require, module, core, fileURLToPath(folder));
    module.loaded = true;
  }
  optimiseLate();
  return require(fileURLToPath(new URL("program.cjs", folder))) as typeof Program; // the build makes it of run.ts
}
