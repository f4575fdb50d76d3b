import type { ShellWord } from "../nodes.ts";
import { isPath, isUrl, packageWith } from "./call.ts";
import type { PackageArgument } from "./call.ts";

const FORGE = /^(?:github|gitlab|bitbucket|gist):|^[\w.-]+\/[\w.-]+(?:#.*)?$/;

/** A package as npm, yarn and pnpm name it: `name@1`, `@scope/name@^1`, `alias@npm:name@1`, a folder, a URL. */
export function nodePackage(word: ShellWord): PackageArgument {
  if (isUrl(word)) return packageWith(word, /#/, "remote");
  if (isPath(word) || /\.(?:tgz|tar|tar\.gz)$/.test(word.value ?? ""))
    return packageWith(word, /$^/, "local");
  if (FORGE.test(word.prefix)) return packageWith(word, /#/, "remote");
  // The @ of a scope is none of a version.
  return packageWith(word, /(?<=.)@/, "repository");
}
