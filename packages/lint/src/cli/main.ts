#!/usr/bin/env node
/** The program. The only place that ends the process. */
import { EXIT } from "./exit-code.ts";
import { run } from "./run.ts";
import { processStreams } from "./streams.ts";

process.on("SIGINT", () => process.exit(EXIT.interrupted));
// Not process.exit: what is written to a pipe has to arrive.
process.exitCode = await run(process.argv.slice(2), processStreams());
