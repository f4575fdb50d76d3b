/** What builds take. What the values say is read where they are used. */
import type { BuildCacheEntry } from "../../buildkit/cache/cache-entry.ts";
import {
  isRecord,
  list,
  optional,
  text,
  textOrTexts,
  texts,
  wrongKind,
  type Check,
} from "../../values/argument.ts";
import { isList } from "../../values/list.ts";
import { eachOf, namedTexts } from "../../values/named-values.ts";
import { objectOf, optionsOf } from "../../values/options.ts";
import type { BuildOptions } from "./build-options.ts";
import type { BuildOutput } from "./build-output.ts";
import { dockerfileKinds } from "./check-context.ts";
import { buildOutput } from "./check-output.ts";
import { sessionKinds } from "./check-session.ts";

const extraHosts: Check = (value, of) => {
  if (Array.isArray(value)) texts("extraHosts")(value, of);
  else if (!isRecord(value)) {
    throw wrongKind("extraHosts", '{ name: "10.0.0.1" } or ["name:10.0.0.1"]', value, of);
  }
};

const stages = textOrTexts("noCache", '["test"]');
const noCache: Check = (value, of) => {
  if (typeof value !== "boolean") stages(value, of);
};

/** Text, an object in BuildKit's words, or a list of the two. */
function caches(argument: string, example: string): Check {
  const form = `text such as ${example}, an object such as { type: "local", attrs }, or a list of them`;
  const entry = objectOf<BuildCacheEntry>(
    argument,
    '{ type: "registry", attrs: { ref: "ghcr.io/org/app:cache" } }',
    { type: "text", attrs: namedTexts("attrs", '{ ref: "ghcr.io/org/app:cache" }') },
    "type",
    "attrs",
  );
  return (value, of) => {
    for (const one of isList(value) ? value : [value]) {
      if (typeof one === "string") continue;
      if (!isRecord(one)) throw wrongKind(argument, form, one, of);
      entry(one, of);
    }
  };
}

const buildArg = (name: string): Check => {
  return optional((value, of) => {
    if (value !== null && typeof value !== "string") throw wrongKind(name, "text or null", value, of);
  });
};
/** Takes values for `ARG`. */
export const buildArgs: Check = eachOf("buildArgs", '{ VERSION: "1.2" }', buildArg);

type Ulimit = NonNullable<BuildOptions["ulimits"]>[number];
const ulimit = (name: string): Check =>
  objectOf<Ulimit>(
    name,
    '{ name: "nofile", soft: 1024, hard: 4096 }',
    { name: "text", soft: "integer", hard: "integer" },
    "name",
    "soft",
    "hard",
  );

/** Takes the options of a build, wherever its result goes. */
export const buildOptions: Check = optionsOf<
  Omit<BuildOptions, "output"> & { readonly output?: BuildOutput | undefined }
>(
  '{ context: "." }',
  {
    ...dockerfileKinds,
    tags: textOrTexts("tags", '"app:1"'),
    buildArgs,
    labels: namedTexts("labels", '{ team: "web" }'),
    target: "text",
    platform: "text",
    network: "text",
    extraHosts,
    noCache,
    pull: "boolean",
    cacheFrom: caches("cacheFrom", '"ghcr.io/org/app:cache"'),
    cacheTo: caches("cacheTo", '"inline"'),
    contexts: eachOf("contexts", '{ docs: "../docs" }', (name) => text(name)),
    shmSize: "size",
    memory: "size",
    memorySwap: "size",
    cpuShares: "integer",
    cpusetCpus: "text",
    cpusetMems: "text",
    cpuPeriod: "integer",
    cpuQuota: "integer",
    ulimits: list("ulimits", undefined, ulimit),
    cgroupParent: "text",
    securityOpt: texts("securityOpt", '["seccomp=unconfined"]'),
    squash: "boolean",
    ...sessionKinds,
    builder: ["auto", "buildkit", "classic"],
    output: buildOutput,
  },
  "context",
);
