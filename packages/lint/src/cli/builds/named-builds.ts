/** The images that `--compose` and `--bake` name, each to be linted as it is built. */
import type { LinterOverlay } from "../../config/for-file.ts";
import { nearPath } from "../../config/near-path.ts";
import { FileError, readDockerfile, type FileText } from "../../files/read.ts";
import type { BuildTarget } from "../../builds/build-target.ts";
import type { Options } from "../arguments.ts";
import { UsageError } from "../usage-error.ts";
import type { CheckedFile } from "../reports/file-reports.ts";

/** One image to be built. */
export interface NamedBuild {
  /** What findings say of it: `service web`. */
  readonly label: string;
  /** Where the Dockerfile is; for one in the text of another file, that file and the name. */
  readonly path: string;
  readonly read: () => FileText;
  /** Whether its text stands in the compose or bake file. */
  readonly isInline: boolean;
  /** Undefined where it is not on this machine. */
  readonly context: string | undefined;
  /** What the file says, with the command line's own options over it. */
  readonly overlay: LinterOverlay;
  /** What FROM and COPY --from may name: folders, or what the engine fetches; undefined where there is nothing. */
  readonly contexts: Readonly<Record<string, string>> | undefined;
}

/** What the options name. Throws a {@link UsageError}. */
export async function namedBuilds(
  options: Options,
  overlay: LinterOverlay,
): Promise<{ readonly builds: readonly NamedBuild[]; readonly notes: readonly string[] }> {
  const compose = options.list("compose") ?? [];
  const bake = options.list("bake") ?? [];
  if (compose.length + bake.length === 0) return { builds: [], notes: [] };
  const { readBake, readCompose } = await import("../../builds/read-builds.ts");
  const files = await fileErrors(() => [...compose.map(readCompose), ...bake.map(readBake)]);
  const builds: NamedBuild[] = [];
  const notes: string[] = [];
  for (const { path, targets } of files) {
    if (targets.length === 0) notes.push(`${path}: builds nothing.`);
    for (const target of targets) {
      const build = buildOf(path, target, overlay);
      if (build !== undefined) builds.push(build);
      else notes.push(`${path}: the Dockerfile of ${target.kind} ${target.name} is not on this machine.`);
    }
  }
  return { builds, notes };
}

function buildOf(file: string, target: BuildTarget, overlay: LinterOverlay): NamedBuild | undefined {
  const { kind, name, context, dockerfile, platforms } = target;
  if (context === undefined && "path" in dockerfile) return undefined;
  const place = "path" in dockerfile ? nearPath(dockerfile.path) : `${file}#${name}`;
  return {
    label: `${kind} ${name}`,
    path: place,
    read: () => ("path" in dockerfile ? readDockerfile(place) : { text: dockerfile.text }),
    isInline: "text" in dockerfile,
    context: context === undefined ? undefined : nearPath(context),
    overlay: {
      ...overlay,
      buildArgs: { ...target.buildArgs, ...overlay.buildArgs },
      target: overlay.target ?? target.target,
      // For several platforms nothing is known about the one.
      platform: overlay.platform ?? (platforms.length === 1 ? platforms[0] : undefined),
      namedContexts: Object.keys(target.contexts),
    },
    contexts: Object.keys(target.contexts).length === 0 ? undefined : target.contexts,
  };
}

/** Throws a FileError for a build that takes what another one makes: builds are made one by one here. */
export function refuseOtherBuilds({ label, path, contexts = {} }: NamedBuild): void {
  const [name, source] =
    Object.entries(contexts).find(([, value]) => /^(?:target|service):/.test(value)) ?? [];
  if (name === undefined) return;
  throw new FileError(
    `${path}: cannot be built for ${label}: its context "${name}" is what ${source} builds, and each build is made alone here.`,
  );
}

async function fileErrors<Result>(work: () => Result): Promise<Result> {
  const { BuildsFileError } = await import("../../builds/build-target.ts");
  try {
    return work();
  } catch (error) {
    throw error instanceof BuildsFileError ? new UsageError(error.message) : error;
  }
}

/** The same findings in one Dockerfile that several builds use are told once, with the names of all. */
export function mergeBuilds(checked: readonly CheckedFile[]): readonly CheckedFile[] {
  const merged = new Map<string, CheckedFile>();
  for (const file of checked) {
    const [own, ...others] = file.reports;
    const found = own?.diagnostics.map(({ rule, span, message }) => [rule, span.start, span.end, message]);
    const key = own?.build === undefined ? `${merged.size}` : JSON.stringify([own.path, found]);
    const known = merged.get(key);
    const [first, ...rest] = known?.reports ?? [];
    if (known === undefined || first === undefined || own === undefined) merged.set(key, file);
    else {
      const both = { ...first, build: `${first.build}, ${own.build?.replace(/^\S+ /, "")}` };
      merged.set(key, { ...known, reports: [both, ...rest, ...others] });
    }
  }
  return [...merged.values()];
}
