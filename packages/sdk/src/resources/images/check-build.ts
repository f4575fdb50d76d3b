/** What builds take, and whatever else reads a Dockerfile. What the values say is read where they are used. */
import type { DockerfileText } from "../../build-context/dockerfile.ts";
import {
  bytesOrText,
  isRecord,
  list,
  textOrTexts,
  texts,
  wrongKind,
  type Check,
} from "../../values/argument.ts";
import { objectOf, optionsOf, type Kinds } from "../../values/options.ts";
import type { BuildOptions } from "./build-options.ts";
import type { BuildOutput } from "./build-output.ts";

/** Which of them it is, is decided where the context is read. */
const context: Check = (value, of) => {
  if (typeof value === "string") return;
  if (isRecord(value) && ["tar", "files", "remote"].some((kind) => kind in value)) return;
  throw wrongKind("context", 'a folder such as ".", { tar }, { files }, { remote } or "none"', value, of);
};

const dockerfileText = objectOf<DockerfileText>(
  "dockerfile",
  '{ text: "FROM alpine" }',
  { text: bytesOrText("text", '"FROM alpine"'), ignore: "text" },
  "text",
);
const dockerfile: Check = (value, of) => {
  if (typeof value === "string") return;
  if (!isRecord(value)) throw wrongKind("dockerfile", 'a path or { text: "FROM alpine" }', value, of);
  dockerfileText(value, of);
};

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
  const form = `text such as ${example}, an object such as { type: "local" }, or a list of them`;
  return (value, of) => {
    for (const one of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (typeof one !== "string" && !isRecord(one)) throw wrongKind(argument, form, one, of);
    }
  };
}

const output: Check = (value, of) => {
  if (value === "image" || value === "none") return;
  if (isRecord(value) && ("local" in value || "tar" in value)) return;
  const form = '"image", "none", { local: "./out" } or { tar: "out.tar" }';
  if (typeof value !== "string" && !isRecord(value)) throw wrongKind("output", form, value, of);
  throw new TypeError(`Argument "output" of ${of} must be ${form}.`);
};

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

/** What several methods have of a build. */
export const dockerfileKinds: Kinds<Pick<BuildOptions, "context" | "dockerfile">> = { context, dockerfile };
export const sessionKinds: Kinds<Pick<BuildOptions, "secrets" | "ssh" | "auth">> = {
  secrets: "object",
  ssh: "object",
  auth: "object",
};

/** Takes the options of a build, wherever its result goes. */
export const buildOptions: Check = optionsOf<
  Omit<BuildOptions, "output"> & { readonly output?: BuildOutput | undefined }
>(
  '{ context: "." }',
  {
    ...dockerfileKinds,
    tags: textOrTexts("tags", '"app:1"'),
    buildArgs: "object",
    labels: "object",
    target: "text",
    platform: "text",
    network: "text",
    extraHosts,
    noCache,
    pull: "boolean",
    cacheFrom: caches("cacheFrom", '"ghcr.io/org/app:cache"'),
    cacheTo: caches("cacheTo", '"inline"'),
    contexts: "object",
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
    output,
  },
  "context",
);
