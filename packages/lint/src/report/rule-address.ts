/** Where the page of a rule is on the web. A release writes the repository into the manifest; before, nobody knows it. */
import manifest from "../../package.json" with { type: "json" };
import type { Diagnostic } from "../linter/diagnostic.ts";
import { docsPath } from "./report.ts";

/** What of a package's manifest says where its files are. */
export interface PublishedManifest {
  readonly name: string;
  readonly version: string;
  readonly repository?: { readonly url: string; readonly directory?: string };
}

/** The page as it was when this version was released, or undefined where the build names no repository. */
export function ruleAddress(
  finding: Pick<Diagnostic, "rule" | "name">,
  { name, version, repository }: PublishedManifest = manifest,
): string | undefined {
  const [address] = /^https:\/\/[^\s#]+/.exec(repository?.url.replace(/^git\+/, "") ?? "") ?? [];
  if (address === undefined) return undefined;
  const folder = repository?.directory === undefined ? "" : `${repository.directory}/`;
  // Releases are tagged by the name and the version of the package.
  return `${address.replace(/\.git$/, "")}/blob/${name}@${version}/${folder}${docsPath(finding)}`;
}
