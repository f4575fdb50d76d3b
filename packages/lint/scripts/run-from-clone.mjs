#!/usr/bin/env node
/**
 * `dflint` in a clone of this repository, and where npm installs one. It is there before the program is built: npx would
 * never link what it does not find the first time.
 */
import { existsSync } from "node:fs";

const program = new URL("../dist/cli.mjs", import.meta.url);
if (existsSync(program)) await import(program.href);
else {
  console.error('dflint: It is not built yet: run "npm run build" in the clone.');
  process.exitCode = 2;
}
