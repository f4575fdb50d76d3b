#!/usr/bin/env node
/**
 * The program, and the only place that ends the process. Built alone: it imports nothing but its own version, so that
 * tools which ask for that wait for one file; all else is in the folder `cli` beside it.
 */
import manifest from "../../package.json" with { type: "json" };
import { loadProgram } from "./load-program.ts";

const argv = process.argv.slice(2);

if (argv.length === 1 && (argv[0] === "--version" || argv[0] === "-V")) {
  process.stdout.write(`dflint ${manifest.version}\n`);
} else {
  process.on("SIGINT", () => process.exit(130));
  const { processHost, run } = loadProgram(new URL("./cli/", import.meta.url));
  const code = await run(argv, processHost(manifest.version));
  // Not process.exit: what is written to a pipe has to arrive. It is set already where that could not be written.
  process.exitCode ??= code;
}
