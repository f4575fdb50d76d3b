/** What the documentation shows, as modules to be compiled: an example that is none any more must not stay. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const SDK = new URL("../../packages/sdk/", import.meta.url).pathname;

/** What the examples take for granted. Whatever they make themselves hides it. */
const PREAMBLE = `
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { Docker, renderProgress, toPortSettings } from "docker-engine-sdk";
import type { Container, Image, Node, Service } from "docker-engine-sdk";
declare const docker: Docker;
declare const container: Container;
declare const image: Image;
declare const node: Node;
declare const service: Service;
`;

/** The examples of all doc comments of the SDK, and the calls of the README's table of commands, each a function. */
export function docExamples(): string {
  return PREAMBLE + [...commented(), ...tabulated()].map((code) => `async () => {\n${code}\n};`).join("\n");
}

/** The modules in dflint's README, which are JavaScript, too. */
export function lintExamples(): readonly string[] {
  const text = readFileSync(new URL("../../packages/lint/README.md", import.meta.url), "utf8");
  return [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = ""]) => code);
}

function* commented(): Generator<string> {
  for (const name of readdirSync(join(SDK, "src"), { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".ts") || name.includes(".test") || name.includes("generated")) continue;
    const text = readFileSync(join(SDK, "src", name), "utf8");
    for (const [, lines = ""] of text.matchAll(/^ *\* ```ts\n(.*?)^ *\* ```$/gms)) {
      yield `// ${name}\n${lines.replaceAll(/^ *\* ?/gm, "")}`;
    }
  }
}

function* tabulated(): Generator<string> {
  const [, table = ""] = readFileSync(join(SDK, "README.md"), "utf8").split("| `docker …` | here |\n", 2);
  for (const [, calls = ""] of (table.split("\n\n", 1)[0] ?? "").matchAll(/^\| `.*?` \| (.*) \|$/gm)) {
    for (const [, call = ""] of calls.matchAll(/`(docker\..*?)`/g)) yield `void ${call};`;
  }
}
