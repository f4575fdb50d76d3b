/** What compose and bake files say, whichever it is. */
import { resolve } from "node:path";

/** One image that a compose or bake file builds. */
export interface BuildTarget {
  /** `service` of a compose file, `target` of a bake file. */
  readonly kind: "service" | "target";
  readonly name: string;
  /** The build context's folder; undefined where it is elsewhere, as a Git repository is. */
  readonly context: string | undefined;
  /** The Dockerfile: a path in the context's folder, or its text. */
  readonly dockerfile: { readonly path: string } | { readonly text: string };
  readonly buildArgs: Readonly<Record<string, string>>;
  /** The stage. */
  readonly target: string | undefined;
  readonly platforms: readonly string[];
  /**
   * What FROM and COPY --from may name: folders, absolute, or what the engine fetches, such as `docker-image://alpine`;
   * `target:NAME` and `service:NAME` are others that the file builds.
   */
  readonly contexts: Readonly<Record<string, string>>;
}

/** Says what is wrong with a compose or bake file, with its path. */
export class BuildsFileError extends Error {
  override readonly name = "BuildsFileError";
}

/** A mapping as it was read. */
export type Mapping = Readonly<Record<string, unknown>>;

/** The value where it is a mapping, else undefined. */
export function asMapping(value: unknown): Mapping | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Mapping)
    : undefined;
}

/** The texts of a list, or a text alone; anything else is an empty list. */
export function asTexts(value: unknown): readonly string[] {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  return items.flatMap((item) => (isPlain(item) ? [String(item)] : []));
}

/** `NAME=VALUE` pairs, as a mapping or a list; a name without a value has it from the environment. */
export function asPairs(
  value: unknown,
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const mapping = asMapping(value);
  const entries: (readonly [string, unknown])[] = mapping
    ? Object.entries(mapping)
    : asTexts(value).map((text) => {
        const at = text.indexOf("=");
        return at === -1 ? [text, null] : [text.slice(0, at), text.slice(at + 1)];
      });
  return Object.fromEntries(
    entries.flatMap(([name, given]) => {
      const text = isPlain(given) ? String(given) : given === null ? valueOf(environment, name) : undefined;
      return text === undefined ? [] : [[name, text]];
    }),
  );
}

/** A variable's value; names that every object knows, as `constructor`, are none. */
export function valueOf(
  environment: Readonly<Record<string, string | undefined>>,
  name: string,
): string | undefined {
  return Object.hasOwn(environment, name) ? environment[name] : undefined;
}

function isPlain(value: unknown): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

/** Named contexts, with folders that start from one. */
export function asContexts(
  pairs: Readonly<Record<string, string>>,
  folder: string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(pairs).map(([name, value]) => [name, isFolder(value) ? resolve(folder, value) : value]),
  );
}

/** Whether a context is a folder here, and no repository, archive or image. */
export function isFolder(context: string): boolean {
  return !/^[a-z][a-z0-9+.-]*:\/\/|^git@|^github\.com\/|^(?:docker-image|target|service|oci-layout):/i.test(
    context,
  );
}
