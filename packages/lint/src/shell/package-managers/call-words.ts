/** How a call of a package manager is shown: where it stands, and what messages call it. */
import { cover, type Span } from "../../source/span.ts";
import type { PackageArgument, PackageCall } from "../commands.ts";

const SHOWN = 3;

/** From the program's name to the subcommand: `apt-get update`, `python -m pip install`. */
export function callSpan({ call, subcommand }: PackageCall): Span {
  return subcommand === undefined ? call.word.span : cover(call.word.span, subcommand.span);
}

/** The tool and its subcommand, as in `apt-get install`. */
export function callName({ tool, subcommand }: PackageCall): string {
  return subcommand === undefined ? tool : `${tool} ${subcommand.text}`;
}

/** The call with the first of its packages: `apt-get install curl, git and 2 more`. */
export function callWithPackages(call: PackageCall): string {
  return call.packages.length === 0 ? callName(call) : `${callName(call)} ${packageNames(call.packages)}`;
}

/** The first of some packages: `curl, git and 2 more`. */
export function packageNames(packages: readonly PackageArgument[]): string {
  const names = packages.map(({ name, word }) => name ?? word.text);
  const more = names.length - SHOWN;
  return `${names.slice(0, SHOWN).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
