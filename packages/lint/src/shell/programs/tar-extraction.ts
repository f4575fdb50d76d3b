/** How a script unpacks an archive with tar. */
import { programsOf, type ProgramCall } from "../commands.ts";
import type { Script, ShellWord } from "../nodes.ts";
import { readCommandLine } from "../options.ts";
import { optionOf } from "../package-managers/call.ts";

/** A call of tar that unpacks a file. */
export interface TarExtraction {
  readonly call: ProgramCall;
  /** The word that names the archive. */
  readonly archive: ShellWord;
  /** Where it unpacks to, if it says so: `-C`. */
  readonly folder: ShellWord | undefined;
  /** Whether all of the archive is unpacked, as it is. */
  readonly whole: boolean;
}

const STYLE = {
  short: "fCbIKNTXgVL",
  long: [
    "file",
    "directory",
    "exclude",
    "exclude-from",
    "strip-components",
    "owner",
    "group",
    "mode",
    "transform",
  ].concat([
    "use-compress-program",
    "files-from",
    "wildcards-match-slash",
    "xform",
    "blocking-factor",
    "one-top-level",
  ]),
};
/** What says how to read the archive, and changes nothing about what is written. */
const PLAIN = new Set(
  "-x -v -f -z -j -J -a -C -p -k --extract --get --verbose --file --gzip --bzip2 --xz --directory --auto-compress".split(
    " ",
  ),
);

/** The calls of tar in a script that unpack a file, in order. */
export function tarExtractions(script: Script): TarExtraction[] {
  return programsOf(script).flatMap((call): TarExtraction[] => {
    if (call.name !== "tar" && call.name !== "bsdtar" && call.name !== "gtar") return [];
    const [first, ...rest] = call.args;
    // `tar xzf FILE`: the letters stand without a dash, and their values after them in the same order.
    const letters = first !== undefined && /^[a-zA-Z]+$/.test(first.prefix) ? first.prefix : undefined;
    const old = letters?.includes("f") === true ? rest[0] : undefined;
    const line = readCommandLine(
      letters === undefined ? call.args : rest.slice(old === undefined ? 0 : 1),
      STYLE,
    );
    const extracts =
      letters?.includes("x") === true || optionOf(line, "-x", "--extract", "--get") !== undefined;
    const file = optionOf(line, "-f", "--file");
    const archive = old ?? file?.valueWord ?? (file?.value === undefined ? undefined : file.word);
    if (!extracts || archive === undefined) return [];
    const directory = optionOf(line, "-C", "--directory");
    const whole =
      line.operands.length === 0 &&
      (letters === undefined || /^[xvfzjJapk]+$/.test(letters)) &&
      line.options.every(({ name }) => PLAIN.has(name));
    return [{ call, archive, folder: directory?.valueWord ?? directory?.word, whole }];
  });
}
