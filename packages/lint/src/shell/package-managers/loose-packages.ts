/** Packages of a call that come in whatever version there is on the day of the build. */
import type { PackageCall } from "../commands.ts";
import type { ShellWord } from "../nodes.ts";

/** A package asked for by name alone. */
export interface LoosePackage {
  /** As a person would call it. */
  readonly name: string;
  readonly word: ShellWord;
}

/** The packages asked for by name alone; a variable whose value is not known may hold a version, so it is left alone. */
export function loosePackages(call: PackageCall): LoosePackage[] {
  return call.packages.flatMap(({ word, name, source, constrained }): LoosePackage[] => {
    if (word.variables.length > 0 && /\s/.test(word.value ?? "")) return looseInList(word);
    const loose = source === "repository" && !constrained && name !== undefined && name !== "";
    return loose ? [{ name, word }] : [];
  });
}

/** A variable of the script may hold several packages; the first one without a version is named. */
function looseInList(word: ShellWord): LoosePackage[] {
  const names = word.value?.trim().split(/\s+/) ?? [];
  const loose = names.find((one) => !one.startsWith("-") && !/[=<>~/]|.@|-\d/.test(one));
  return loose === undefined ? [] : [{ name: loose, word }];
}
