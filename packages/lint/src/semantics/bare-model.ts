/** A build that is told nothing but the file: its base images say nothing, and no ARG is given a value. */
import type { Dockerfile } from "../syntax/nodes.ts";
import { analyse } from "./analyse.ts";
import { baseEnvironment } from "./images/base-environment.ts";
import { PREDEFINED_ARGS } from "./variables/builtins.ts";
import type { ImageFacts } from "./images/image-facts.ts";
import type { AnalyseOptions, Model } from "./model.ts";

const BARE: ImageFacts = {
  user: "",
  shell: undefined,
  env: new Map(),
  workdir: "",
  onbuild: [],
  ports: [],
  healthcheck: undefined,
  platform: "",
  isPulled: false,
  bytes: 0,
  programs: new Map(),
  source: "",
};

/** The same file once more, as BuildKit's own check sees it; what is known of images and of ARGs stays. */
export function bareModel(model: Model, options: AnalyseOptions): Model {
  const { dockerfile } = model;
  if (!isToldApart(dockerfile)) return model;
  const platform = options.platform ?? "linux/amd64";
  const unknown = analyse(dockerfile, { ...options, platform }).stages.flatMap(
    ({ image }): [string, ImageFacts][] => {
      const { name, facts, family } = image;
      const isOpen = facts === undefined && family !== "windows" && baseEnvironment(image).names.size === 0;
      return name !== undefined && isOpen ? [[name, BARE]] : [];
    },
  );
  return analyse(dockerfile, {
    ...options,
    platform,
    images: new Map([...unknown, ...(options.images ?? [])]),
    buildArgs: { ...withoutValues(model), ...options.buildArgs },
  });
}

/** Whether what is known may matter: for variables, and for mounts, whose targets may be relative to the image's folder. */
function isToldApart({ instructions, source }: Dockerfile): boolean {
  return (
    source.text.includes("$") || instructions.some((one) => one.keyword === "RUN" && one.mounts.length > 0)
  );
}

/** The ARGs that are nowhere given a value, as empty ones; not where a word tells one from the other: `${A-b}`. */
function withoutValues({ dockerfile: { instructions, source } }: Model): Record<string, string> {
  const declarations = instructions.flatMap((one) => (one.keyword === "ARG" ? one.declarations : []));
  const valued = new Set(declarations.flatMap(({ name, value }) => (value ? [name.text] : [])));
  const told = new Set(Array.from(source.text.matchAll(/\$\{(\w+)[-+?]/g), ([, name = ""]) => name));
  const names = declarations.map(({ name }) => name.text);
  return Object.fromEntries(
    names
      .filter((name) => !valued.has(name) && !told.has(name) && !PREDEFINED_ARGS.has(name))
      .map((name) => [name, ""]),
  );
}
