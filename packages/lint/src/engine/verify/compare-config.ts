/** Compares what two images tell the engine to run, and how. */
import type { ImageDifference } from "../../linter/facts/verification.ts";
import type { models } from "../port.ts";
import { RUN_LABEL } from "../owner.ts";

/** The part of an image's description that is compared. */
export type ImageSettings = Pick<
  models.ImageInspect,
  "Author" | "Config" | "Architecture" | "Os" | "Variant"
>;

/** The keys of labels that say what MAINTAINER says. */
const AUTHOR_LABELS: ReadonlySet<string> = new Set([
  "maintainer",
  "MAINTAINER",
  "org.opencontainers.image.authors",
]);

/** Keys whose values are compared as a whole. */
const KEYS = ["User", "Cmd", "Entrypoint", "Healthcheck", "StopSignal", "Shell", "OnBuild"] as const;

/** What differs, by key. Lists of what has no order, such as the environment, are compared name by name. */
export function compareConfigs(before: ImageSettings, after: ImageSettings): ImageDifference[] {
  const [a, b] = [flatten(before), flatten(after)];
  const differences: ImageDifference[] = [];
  for (const key of new Set([...a.keys(), ...b.keys()])) {
    const [was, is] = [a.get(key), b.get(key)];
    if (was === is) continue;
    const change = was === undefined ? "added" : is === undefined ? "removed" : "changed";
    differences.push({
      kind: "config",
      path: key,
      change,
      what: [],
      before: was,
      after: is,
      harmless: undefined,
    });
  }
  return movedAuthor(differences);
}

/** An author who becomes a label, or the other way round, is still told. */
function movedAuthor(differences: readonly ImageDifference[]): ImageDifference[] {
  const author = differences.find(({ path }) => path === "Author");
  if (author === undefined || author.change === "changed") return [...differences];
  const label = differences.find(
    ({ path, change, before, after }) =>
      AUTHOR_LABELS.has(path.replace(/^Labels\./, "")) &&
      path.startsWith("Labels.") &&
      change !== author.change &&
      change !== "changed" &&
      unquoted(before ?? after) === unquoted(author.before ?? author.after),
  );
  return differences.map((one) =>
    label !== undefined && (one === author || one === label) ? { ...one, harmless: "moved" as const } : one,
  );
}

/** MAINTAINER keeps quotes around all of its text, which LABEL takes off. */
function unquoted(text: string | undefined): string | undefined {
  return text?.replace(/^"(.*)"$/s, "$1");
}

function flatten({
  Author,
  Config: config,
  Os,
  Architecture,
  Variant,
}: ImageSettings): ReadonlyMap<string, string> {
  const flat = new Map<string, string>();
  const set = (key: string, value: unknown): void => {
    if (isSomething(value)) flat.set(key, typeof value === "string" ? value : JSON.stringify(value));
  };
  set("Author", Author);
  set("Platform", [Os, Architecture, Variant ?? ""].filter((part) => part !== "").join("/"));
  const { Env, Labels, ExposedPorts, Volumes, WorkingDir, ...rest } = config ?? {};
  for (const pair of Env ?? []) {
    const at = pair.indexOf("=");
    flat.set(`Env.${at === -1 ? pair : pair.slice(0, at)}`, at === -1 ? "" : pair.slice(at + 1));
  }
  for (const [name, value] of Object.entries(Labels ?? {})) {
    if (name !== RUN_LABEL) flat.set(`Labels.${name}`, value);
  }
  for (const port of Object.keys(ExposedPorts ?? {})) flat.set(`ExposedPorts.${port}`, "");
  for (const path of Object.keys(Volumes ?? {})) flat.set(`Volumes.${path}`, "");
  set("WorkingDir", WorkingDir === "" || WorkingDir === undefined ? "/" : WorkingDir);
  for (const key of KEYS) set(key, rest[key]);
  return flat;
}

function isSomething(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return false;
  return !(Array.isArray(value) && value.length === 0);
}
