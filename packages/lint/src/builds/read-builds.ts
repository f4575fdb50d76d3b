/** Reads what compose and bake files build. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse, Scalar, type Tags } from "yaml";
import { decode, describeFileError, readBytes } from "../files/read.ts";
import { didYouMean } from "../linter/nearest.ts";
import { bakeGroup, bakeTargets } from "./bake.ts";
import { BuildsFileError, type BuildTarget } from "./build-target.ts";
import { composeTargets } from "./compose.ts";
import { parseDotenv } from "./dotenv.ts";

/** A file as an option names it, `FILE[:NAME]`, with what it builds. */
export interface Builds {
  /** The path of the file. */
  readonly path: string;
  readonly targets: readonly BuildTarget[];
}

/** The services of `--compose FILE[:service]`. Throws a {@link BuildsFileError}. */
export function readCompose(value: string): Builds {
  const { path, name } = splitName(value);
  const environment = { ...dotenvBeside(path), ...process.env };
  const targets = composeTargets(path, { read: readYamlData, environment });
  return { path, targets: chosen(targets, name, path) };
}

/** The targets of `--bake FILE[:target]`, where a group stands for its targets. Throws a {@link BuildsFileError}. */
export function readBake(value: string): Builds {
  const { path, name } = splitName(value);
  if (/\.hcl$/i.test(path)) {
    throw new BuildsFileError(
      `${path}: bake files in HCL are not read; "docker buildx bake -f ${path} --print > bake.json" makes one that is.`,
    );
  }
  const text = readText(path);
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw new BuildsFileError(`${path}: is no JSON: ${messageOf(error)}`, { cause: error });
  }
  const wanted = name === undefined ? undefined : bakeGroup(data, name);
  return { path, targets: chosen(bakeTargets(path, data, process.cwd()), name, path, wanted) };
}

/** A colon may be in the path, too, as after the letter of a drive. */
function splitName(value: string): { readonly path: string; readonly name: string | undefined } {
  const at = value.lastIndexOf(":");
  if (at <= 0 || existsSync(value)) return { path: value, name: undefined };
  return { path: value.slice(0, at), name: value.slice(at + 1) };
}

function chosen(
  targets: readonly BuildTarget[],
  name: string | undefined,
  path: string,
  wanted: ReadonlySet<string> = new Set([name ?? ""]),
): readonly BuildTarget[] {
  if (name === undefined) return targets;
  const found = targets.filter((target) => wanted.has(target.name));
  if (found.length > 0) return found;
  const names = targets.map((target) => target.name);
  const known = names.length === 0 ? " Nothing in it is built." : ` It builds ${names.join(", ")}.`;
  throw new BuildsFileError(`${path}: builds no "${name}".${known}${didYouMean(name, names)}`);
}

/** Compose's way to take away what another file says. */
const RESET: Tags = [
  { tag: "!reset", resolve: () => null },
  { tag: "!reset", collection: "map", resolve: () => new Scalar(null) },
  { tag: "!reset", collection: "seq", resolve: () => new Scalar(null) },
];

function readYamlData(path: string): unknown {
  const text = readText(path);
  try {
    return parse(text, { merge: true, logLevel: "error", customTags: RESET });
  } catch (error) {
    throw new BuildsFileError(`${path}: ${messageOf(error)}`, { cause: error });
  }
}

function readText(path: string): string {
  try {
    const { text, defect } = decode(readBytes(path));
    if (defect === undefined) return text.replace(/^\uFEFF/, "");
  } catch (error) {
    throw new BuildsFileError(describeFileError(path, error), { cause: error });
  }
  throw new BuildsFileError(`${path}: is no text.`);
}

/** Compose reads variables from a `.env` beside the file; those of the environment win. */
function dotenvBeside(path: string): Readonly<Record<string, string>> {
  const file = join(dirname(path), ".env");
  if (!existsSync(file)) return {};
  const text = readText(file);
  try {
    return parseDotenv(text, process.env);
  } catch (error) {
    throw new BuildsFileError(`${file}: ${messageOf(error)}`, { cause: error });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
