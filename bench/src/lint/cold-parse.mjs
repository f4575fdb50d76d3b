/** `node cold-parse.mjs FILE`: what a program would do that reads one Dockerfile with dockerfile-ast, which has none. */
import { readFileSync } from "node:fs";
import { linters } from "./linters.mjs";

const parse = await linters["dockerfile-ast"]();
console.log(JSON.stringify(parse(readFileSync(process.argv[2], "utf8"))));
