/** What the services of a compose file build, https://compose-spec.io. */
import { dirname, isAbsolute, join, resolve } from "node:path";
import {
  asContexts,
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

/** How deep data may be nested before it is taken for an anchor that holds itself. */
const MOST_LEVELS = 100;

/** A walk over files, with those that were read: the same may be included from many. */
interface Walk extends ComposeSource {
  readonly known: Map<string, ReadonlyMap<string, Service>>;
}

/** The services with a `build`, in their order, those of included files first. */
export function composeTargets(path: string, source: ComposeSource): readonly BuildTarget[] {
  const services = readServices(path, dirname(path), { ...source, known: new Map() }, MOST_FILES);
  return [...services].flatMap(([name, service]) => {
    const build = buildOf(service.value["build"]);
    return build === undefined ? [] : [targetOf(name, service, build, source)];
  });
}

/** The services of a file and of what it includes. Relative paths in it start from `folder`. */
function readServices(
  path: string,
  folder: string,
  source: Walk,
  left: number,
): ReadonlyMap<string, Service> {
  if (left === 0) throw new BuildsFileError(`${path}: files include or extend one another without end.`);
  const key = JSON.stringify([path, folder]);
  const known = source.known.get(key);
  if (known !== undefined) return known;
  const file = asMapping(source.read(path));
  if (file === undefined) throw new BuildsFileError(`${path}: is no compose file: it holds no mapping.`);
  const found = new Map<string, Service>();
  const includes: readonly unknown[] = Array.isArray(file["include"]) ? file["include"] : [];
  for (const include of includes) {
    for (const [name, service] of included(include, folder, source, left)) found.set(name, service);
  }
  for (const [name, value] of Object.entries(asMapping(file["services"]) ?? {})) {
    const service = { value: asMapping(fillAll(value, source)) ?? {}, folder };
    found.set(name, extended(path, service, source, left));
  }
  source.known.set(key, found);
  return found;
}

/** What one entry of `include` names: of several files each is laid over those before, with the folder of the first. */
function included(
  include: unknown,
  folder: string,
  source: Walk,
  left: number,
): ReadonlyMap<string, Service> {
  const paths = asTexts(asMapping(include)?.["path"] ?? include).map((one) =>
    from(folder, filled(one, source)),
  );
  const [project] = asTexts(asMapping(include)?.["project_directory"] ?? []);
  const base = project === undefined ? dirname(paths[0] ?? folder) : from(folder, filled(project, source));
  const found = new Map<string, Service>();
  for (const path of paths) {
    for (const [name, service] of readServices(path, base, source, left - 1)) {
      const below = found.get(name);
      found.set(name, below === undefined ? service : laidOver(below, service, source));
    }
  }
  return found;
}

function from(folder: string, path: string): string {
  return isAbsolute(path) ? path : join(folder, path);
}

/** A service with what it extends below it. */
function extended(path: string, service: Service, source: ComposeSource, left: number): Service {
  const extension = service.value["extends"];
  if (extension === undefined) return service;
  const [name] = asTexts(asMapping(extension)?.["service"] ?? extension);
  const [file] = asTexts(asMapping(extension)?.["file"] ?? []);
  const other = file === undefined ? path : from(service.folder, file);
  if (left === 0) throw new BuildsFileError(`${path}: services extend one another without end.`);
  const values = asMapping(asMapping(source.read(other))?.["services"])?.[name ?? ""];
  const own = asMapping(fillAll(values, source));
  if (own === undefined)
    throw new BuildsFileError(`${path}: there is no service "${name}" in ${other} to extend.`);
  const folder = file === undefined ? service.folder : dirname(other);
  const base = extended(other, { value: own, folder }, source, left - 1);
  return laidOver(base, service, source);
}

function laidOver(base: Service, service: Service, source: ComposeSource): Service {
  const [lower, upper] = [absoluteBuild(base, source), absoluteBuild(service, source)];
  const both = (key: string): Mapping => ({
    ...asPairs(lower?.[key], source.environment),
    ...asPairs(upper?.[key], source.environment),
  });
  const build =
    lower && upper
      ? { ...lower, ...upper, args: both("args"), additional_contexts: both("additional_contexts") }
      : (upper ?? lower);
  return { value: { ...base.value, ...service.value, ...(build && { build }) }, folder: service.folder };
}

/** The build of a service with contexts that mean the same from everywhere. */
function absoluteBuild({ value, folder }: Service, { environment }: ComposeSource): Mapping | undefined {
  const build = buildOf(value["build"]);
  if (build === undefined) return undefined;
  const [context] = asTexts(build["context"] ?? []);
  const more = asContexts(asPairs(build["additional_contexts"] ?? [], environment), folder);
  return {
    ...build,
    ...(context !== undefined && isFolder(context) && { context: resolve(folder, context) }),
    additional_contexts: more,
  };
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
    contexts: asContexts(asPairs(build["additional_contexts"] ?? [], environment), folder),
  };
}

function fillAll(value: unknown, source: ComposeSource, left = MOST_LEVELS): unknown {
  if (left === 0) throw new BuildsFileError("A service is nested without end; an anchor may hold itself.");
  if (typeof value === "string") return filled(value, source);
  if (Array.isArray(value)) return value.map((item) => fillAll(item, source, left - 1));
  const mapping = asMapping(value);
  if (mapping === undefined) return value;
  return Object.fromEntries(
    Object.entries(mapping).map(([key, item]) => [key, fillAll(item, source, left - 1)]),
  );
}

function filled(text: string, { environment }: ComposeSource): string {
  return interpolate(text, environment);
}
