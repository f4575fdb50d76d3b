/** What the services of a compose file build, https://compose-spec.io. */
import { dirname, join, resolve } from "node:path";
import {
  asMapping,
  asPairs,
  asTexts,
  BuildsFileError,
  isFolder,
  type BuildTarget,
  type Mapping,
} from "./build-target.ts";
import { interpolate } from "./interpolate.ts";

/** How compose files are read: the text's data, and the variables. */
export interface ComposeSource {
  /** The data of a file by its path; throws a {@link BuildsFileError} where there is none. */
  readonly read: (path: string) => unknown;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** A service, and the folder that its paths start from. */
interface Service {
  readonly value: Mapping;
  readonly folder: string;
}

/** How many files may extend or include one another before it is taken for a circle. */
const MOST_FILES = 50;

/** The services with a `build`, in their order, those of included files first. */
export function composeTargets(path: string, source: ComposeSource): readonly BuildTarget[] {
  const services = readServices(path, source, MOST_FILES);
  return [...services].flatMap(([name, service]) => {
    const build = buildOf(service.value["build"]);
    return build === undefined ? [] : [targetOf(name, service, build, source)];
  });
}

function readServices(path: string, source: ComposeSource, left: number): Map<string, Service> {
  if (left === 0) throw new BuildsFileError(`${path}: files include or extend one another without end.`);
  const file = asMapping(source.read(path));
  if (file === undefined) throw new BuildsFileError(`${path}: is no compose file: it holds no mapping.`);
  const folder = dirname(path);
  const found = new Map<string, Service>();
  const includes: readonly unknown[] = Array.isArray(file["include"]) ? file["include"] : [];
  for (const include of includes) {
    for (const included of asTexts(asMapping(include)?.["path"] ?? include)) {
      const below = join(folder, filled(included, source));
      for (const [name, service] of readServices(below, source, left - 1)) found.set(name, service);
    }
  }
  for (const [name, value] of Object.entries(asMapping(file["services"]) ?? {})) {
    const service = { value: asMapping(fillAll(value, source)) ?? {}, folder };
    found.set(name, extended(path, service, source, left));
  }
  return found;
}

/** A service with what it extends below it. */
function extended(path: string, service: Service, source: ComposeSource, left: number): Service {
  const extension = service.value["extends"];
  if (extension === undefined) return service;
  const [name] = asTexts(asMapping(extension)?.["service"] ?? extension);
  const [file] = asTexts(asMapping(extension)?.["file"] ?? []);
  const from = file === undefined ? path : join(service.folder, file);
  if (left === 0) throw new BuildsFileError(`${path}: services extend one another without end.`);
  const values = asMapping(asMapping(source.read(from))?.["services"])?.[name ?? ""];
  const own = asMapping(fillAll(values, source));
  if (own === undefined)
    throw new BuildsFileError(`${path}: there is no service "${name}" in ${from} to extend.`);
  const base = extended(from, { value: own, folder: dirname(from) }, source, left - 1);
  const [lower, upper] = [absoluteBuild(base), absoluteBuild(service)];
  const build =
    lower && upper ? { ...lower, ...upper, args: argsOf(lower, upper, source) } : (upper ?? lower);
  return { value: { ...base.value, ...service.value, ...(build && { build }) }, folder: service.folder };
}

function argsOf(lower: Mapping, upper: Mapping, { environment }: ComposeSource): Mapping {
  return { ...asPairs(lower["args"], environment), ...asPairs(upper["args"], environment) };
}

/** The build of a service with a context that means the same from everywhere. */
function absoluteBuild({ value, folder }: Service): Mapping | undefined {
  const build = buildOf(value["build"]);
  if (build === undefined) return undefined;
  const [context] = asTexts(build["context"] ?? []);
  return context === undefined || !isFolder(context)
    ? build
    : { ...build, context: resolve(folder, context) };
}

/** `build: DIR` is short for its context. */
function buildOf(value: unknown): Mapping | undefined {
  return typeof value === "string" ? { context: value } : asMapping(value);
}

function targetOf(
  name: string,
  { value, folder }: Service,
  build: Mapping,
  { environment }: ComposeSource,
): BuildTarget {
  const [context = "."] = asTexts(build["context"] ?? []);
  const [path = "Dockerfile"] = asTexts(build["dockerfile"] ?? []);
  const [text] = asTexts(build["dockerfile_inline"] ?? []);
  const platforms = asTexts(build["platforms"] ?? []);
  const isHere = isFolder(context);
  const root = isHere ? resolve(folder, context) : undefined;
  return {
    kind: "service",
    name,
    context: root,
    dockerfile: text === undefined ? { path: root === undefined ? path : resolve(root, path) } : { text },
    buildArgs: asPairs(build["args"] ?? [], environment),
    target: asTexts(build["target"] ?? [])[0],
    platforms: platforms.length > 0 ? platforms : asTexts(value["platform"] ?? []),
    namedContexts: Object.keys(asPairs(build["additional_contexts"] ?? [], environment)),
  };
}

function fillAll(value: unknown, source: ComposeSource): unknown {
  if (typeof value === "string") return filled(value, source);
  if (Array.isArray(value)) return value.map((item) => fillAll(item, source));
  const mapping = asMapping(value);
  if (mapping === undefined) return value;
  return Object.fromEntries(Object.entries(mapping).map(([key, item]) => [key, fillAll(item, source)]));
}

function filled(text: string, { environment }: ComposeSource): string {
  return interpolate(text, environment);
}
