#!/usr/bin/env node
/**
 * The program, and the only place that ends the process. It imports nothing but its own version, so that tools which ask
 * for that wait for one file.
 */
import manifest from "../../package.json" with { type: "json" };

const argv = process.argv.slice(2);

if (argv.length === 1 && (argv[0] === "--version" || argv[0] === "-V")) {
  process.stdout.write(`dflint ${manifest.version}\n`);
} else {
  process.on("SIGINT", () => process.exit(130));
  const { processHost, run } = await import("./run.ts");
  // Not process.exit: what is written to a pipe has to arrive.
  process.exitCode = await run(argv, processHost(manifest.version));
}
