// Writes src/generated from the facts of the Engine API.
//
//   tsx scripts/generate.ts --swagger FILE --endpoints FILE --fields FILE [--check]
//
// ENGINE_API_DIR may name the folder of the three files instead. `--check` writes nothing and exits 1 naming
// the files that are stale; without the facts it can still tell that a file was edited by hand.

import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { checkCorrections } from "./generate/check-corrections.ts";
import { writeModels } from "./generate/models.ts";
import { writeOperations } from "./generate/operations.ts";
import { indent } from "./generate/indent.ts";
import { readSourceFacts } from "./generate/source-facts.ts";
import type { SourceFacts, SourcePaths } from "./generate/source-facts.ts";
import { isUntouched, stamp } from "./generate/stamp.ts";

const output = join(import.meta.dirname, "../src/generated");

function main(): number {
  const { values } = parseArgs({
    options: {
      swagger: { type: "string" },
      endpoints: { type: "string" },
      fields: { type: "string" },
      check: { type: "boolean", default: false },
    },
  });
  const paths = { ...pathsInFolder(process.env["ENGINE_API_DIR"]), ...definedOnly(values) };
  if (isComplete(paths)) {
    const files = generate(readSourceFacts(paths));
    return values.check ? compare(files) : write(files);
  }
  if (values.check) return checkHashes();
  const isAsked = Object.keys(paths).length > 0;
  console.error(
    `${isAsked ? "Not all facts are named" : "src/generated is left as it is"}: it is made from the Engine API's own description; ` +
      "name that with --swagger FILE --endpoints FILE --fields FILE, or ENGINE_API_DIR=FOLDER.",
  );
  return isAsked ? 2 : 0;
}

function pathsInFolder(folder: string | undefined): Partial<SourcePaths> {
  if (folder === undefined || folder === "") return {};
  const swagger = readdirSync(folder).find((name) => /^engine-api-.*\.json$/.test(name));
  if (swagger === undefined) throw new Error(`no engine-api-VERSION.json in ${folder}`);
  return {
    swagger: join(folder, swagger),
    endpoints: join(folder, "endpoints.json"),
    fields: join(folder, "field-versions.json"),
  };
}

function definedOnly(values: {
  swagger?: string;
  endpoints?: string;
  fields?: string;
}): Partial<SourcePaths> {
  return {
    ...(values.swagger === undefined ? {} : { swagger: values.swagger }),
    ...(values.endpoints === undefined ? {} : { endpoints: values.endpoints }),
    ...(values.fields === undefined ? {} : { fields: values.fields }),
  };
}

function isComplete(paths: Partial<SourcePaths>): paths is SourcePaths {
  return paths.swagger !== undefined && paths.endpoints !== undefined && paths.fields !== undefined;
}

function generate(facts: SourceFacts): ReadonlyMap<string, string> {
  const models = writeModels(facts);
  checkCorrections(facts, models.text, models.names);
  const { newest } = facts.endpoints.meta;
  return new Map([
    ["models.ts", stamp(indent(models.text), newest)],
    ["operations.ts", stamp(indent(writeOperations(facts, models)), newest)],
  ]);
}

function write(files: ReadonlyMap<string, string>): number {
  mkdirSync(output, { recursive: true });
  for (const [name, text] of files) writeFileSync(join(output, name), text);
  console.log(`Wrote ${[...files.keys()].join(" and ")}.`);
  return 0;
}

function current(name: string): string {
  const path = join(output, name);
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

function compare(files: ReadonlyMap<string, string>): number {
  const stale = [...files].filter(([name, text]) => current(name) !== text).map(([name]) => name);
  if (stale.length === 0) console.log("The generated files are current.");
  else console.error(`Stale: ${stale.join(", ")}. Run the generator.`);
  return stale.length === 0 ? 0 : 1;
}

function checkHashes(): number {
  const edited = ["models.ts", "operations.ts"].filter((name) => !isUntouched(current(name)));
  if (edited.length === 0) console.log("Without the facts: the generated files were not edited by hand.");
  else console.error(`Missing or edited by hand: ${edited.join(", ")}. Run the generator.`);
  return edited.length === 0 ? 0 : 1;
}

process.exitCode = main();
