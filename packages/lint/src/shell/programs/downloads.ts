/** What curl, wget and git clone load, and under which name. */
import { joinPath, baseName } from "../../source/path.ts";
import { optionOf, readCommandLine, type ProgramCall } from "../commands.ts";
import { CURL_OPTIONS } from "./curl-options.ts";

/** A file or folder that a program leaves behind, as it was named. */
export interface Download {
  readonly path: string;
  readonly kind: "file" | "tree";
}

/** What a program loads; empty for any other, and where the name is not known. */
export function downloadsOf(call: ProgramCall): readonly Download[] {
  const read = call.name === undefined ? undefined : READERS.get(call.name);
  return read?.(call) ?? [];
}

const WGET = {
  short: "OPoatTwQUeIAR",
  long: ["output-document", "directory-prefix", "header", "tries", "timeout", "user-agent", "ca-certificate"],
};
const GIT = {
  short: "bcCo",
  long: ["branch", "depth", "config", "origin", "reference", "shallow-since", "filter", "jobs"],
};

const READERS: ReadonlyMap<string, (call: ProgramCall) => Download[]> = new Map([
  ["curl", curlOutputs],
  ["wget", wgetOutputs],
  ["git", cloneOutputs],
]);

function curlOutputs({ args, command }: ProgramCall): Download[] {
  const line = readCommandLine(args, CURL_OPTIONS);
  const named = line.options
    .filter(({ name }) => name === "-o" || name === "--output")
    .flatMap(({ value }) => (value === undefined ? [] : [value]));
  const remote = line.options.some(
    ({ name }) => name === "-O" || name === "--remote-name" || name === "--remote-name-all",
  );
  const urls = [...line.operands, ...line.options.filter(({ name }) => name === "--url")];
  const names = remote ? urls.flatMap(({ value }) => nameOfUrl(value)) : [];
  return [...named, ...names, ...redirected(command)].map((path) => ({ path, kind: "file" }));
}

function wgetOutputs({ args, command }: ProgramCall): Download[] {
  const line = readCommandLine(args, WGET);
  const output = optionOf(line, "-O", "--output-document");
  if (output !== undefined) {
    const { value } = output;
    const names = value === undefined ? [] : value === "-" ? redirected(command) : [value];
    return names.map((path) => ({ path, kind: "file" }));
  }
  const folder = optionOf(line, "-P", "--directory-prefix")?.value ?? ".";
  return line.operands
    .flatMap(({ value }) => nameOfUrl(value))
    .map((name) => ({ path: joinPath(folder, name), kind: "file" }));
}

function cloneOutputs({ args }: ProgramCall): Download[] {
  const line = readCommandLine(args, GIT);
  const [subcommand, url, folder] = line.operands;
  if (subcommand?.value !== "clone") return [];
  if (folder !== undefined) return folder.value === undefined ? [] : [{ path: folder.value, kind: "tree" }];
  return nameOfUrl(url?.value).map((name) => ({ path: name.replace(/\.git$/, ""), kind: "tree" }));
}

function redirected({ redirects }: ProgramCall["command"]): string[] {
  return redirects.flatMap(({ operator, target, fd }) =>
    operator === ">" && (fd ?? 1) === 1 && target?.value !== undefined && !target.value.startsWith("/dev/")
      ? [target.value]
      : [],
  );
}

function nameOfUrl(url: string | undefined): string[] {
  if (url === undefined || !url.includes("/")) return [];
  const end = url.search(/[?#]/);
  const path = end === -1 ? url : url.slice(0, end);
  const name = baseName(path);
  return name === "" ? [] : [name];
}
