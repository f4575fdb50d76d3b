/** The licences of what the bundles carry of others, which ask that their text goes along. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Rolldown } from "tsdown";

const PACKAGE = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;
const LICENCE = /^(?:licen[cs]e|copying|notice)/i;

/** Writes them to a file, once for all bundles that share what this returns. */
export function bundledLicences(file: string): Rolldown.Plugin {
  const folders = new Set<string>();
  return {
    name: "bundled-licences",
    moduleParsed({ id }) {
      const folder = PACKAGE.exec(id)?.[0];
      if (folder !== undefined) folders.add(folder);
    },
    writeBundle() {
      // The last bundle to be written has seen the packages of all.
      const texts = [...folders].map(textOf).toSorted();
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, `${HEAD}\n${texts.join(`\n${"-".repeat(80)}\n\n`)}`);
    },
  };
}

const HEAD = "The programs in this folder hold parts of the packages below, under these licences.\n";

function textOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    readonly name: string;
    readonly version: string;
    readonly license: string;
  };
  const texts = readdirSync(folder)
    .filter((entry) => LICENCE.test(entry))
    .toSorted()
    .map((entry) => readFileSync(join(folder, entry), "utf8").trim());
  if (texts.length === 0 && !PUBLIC_DOMAIN.has(license)) {
    throw new Error(`${name} has no licence text to go along with its code.`);
  }
  return `${name} ${version} (${license})\n\n${texts.join("\n\n")}\n`;
}

/** Licences that ask for nothing. */
const PUBLIC_DOMAIN: ReadonlySet<string> = new Set(["CC0-1.0", "0BSD", "Unlicense"]);
