import type { ContainerCreateRequest, Mount } from "../../generated/models.ts";
import { list, optional, record, texts, wrongKind, type Check } from "../../values/argument.ts";
import { ref, toId, type Ref } from "../../values/id.ts";
import { isList } from "../../values/list.ts";
import { eachOf, namedTexts } from "../../values/named-values.ts";
import type { Kinds } from "../../values/options.ts";
import { publishedPorts, toPortSettings, type Port } from "../../values/ports.ts";
import { toBytes } from "../../values/size.ts";

/** What to run, in our words. Everything the engine knows besides goes into `create`. */
export interface ContainerOptions {
  /** What to make it of. */
  readonly image: Ref;
  /** Program and arguments, e.g. `["sh", "-c", "echo $HOME"]`. Default: the image's. */
  readonly command?: readonly string[] | undefined;
  /** What `command` is handed to. Default: the image's. */
  readonly entrypoint?: readonly string[] | undefined;
  /** `{ NAME: "value" }` or `["NAME=value"]`; `NAME` alone unsets the image's. */
  readonly env?: Readonly<Record<string, string>> | readonly string[] | undefined;
  /** Ports to publish: `8080:80`, `127.0.0.1:53:53/udp`, `80`, or `{ container: 80, host: 8080 }`. Default: none. */
  readonly ports?: readonly (string | Port)[] | undefined;
  /** Bind mounts and volumes, besides the image's, as `name-or-path:/path[:ro]`. */
  readonly volumes?: readonly string[] | undefined;
  /** Mounts of any kind, e.g. `[bindMount("/src", "/app", { readOnly: true }), tmpfsMount("/tmp", { size: "64m" })]` */
  readonly mounts?: readonly Mount[] | undefined;
  /** A network, `none`, `host`, or `container:NAME`. Default: the engine's own, `bridge`. */
  readonly network?: Ref | undefined;
  /** A name or number, also with a group: `1000:1000`. Default: the image's. */
  readonly user?: string | undefined;
  /** An absolute path in the container. Default: the image's. */
  readonly workingDir?: string | undefined;
  /** Its name inside. Default: the first 12 characters of its id. */
  readonly hostname?: string | undefined;
  /** Added to the image's. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** The most memory it gets: bytes, or text such as `512m`. Default: no limit. */
  readonly memory?: number | string | undefined;
  /** The most CPU time it gets, in CPUs, e.g. `1.5`. Default: no limit. */
  readonly cpus?: number | undefined;
  /** Gives it all capabilities and devices. Default `false`. */
  readonly privileged?: boolean | undefined;
  /** Makes its root file system read-only. Default `false`. */
  readonly readOnly?: boolean | undefined;
  /** Runs a small init process that reaps children and forwards signals. Default: as the engine is set up. */
  readonly init?: boolean | undefined;
  /** Gives it a terminal, which makes stdout and stderr one stream. Default `false`. */
  readonly tty?: boolean | undefined;
  /** Any field of the engine's own request, over what the other options make of it; `HostConfig` field by field. */
  readonly create?: ContainerCreateRequest | undefined;
}

// A number is its text; of others the process would get "null" or "[object Object]".
const variable = (name: string): Check => {
  return optional((value, of) => {
    const hasText = ["string", "number", "boolean"].includes(typeof value);
    if (!hasText) throw wrongKind(name, "text", value, of);
  });
};
const namedVariables = eachOf("env", '{ NAME: "value" } or ["NAME=value"]', variable);

/** Takes variables by name, or as a list of texts. Of text each character would be one. */
export const variables: Check = (value, of) => {
  if (isList(value)) texts("env")(value, of);
  else namedVariables(value, of);
};

/** What {@link ContainerOptions} are. The engine would take a command that is text for the name of a program. */
export const containerKinds: Kinds<ContainerOptions> = {
  image: ref("image"),
  command: texts("command", '["ls", "-l"] or ["sh", "-c", "ls -l"]'),
  entrypoint: texts("entrypoint", '["/bin/sh", "-c"]'),
  env: variables,
  ports: publishedPorts,
  volumes: texts("volumes", '["data:/data"]'),
  mounts: list("mounts", '[tmpfsMount("/tmp")]', record),
  network: ref("network"),
  user: "text",
  workingDir: "text",
  hostname: "text",
  labels: namedTexts("labels", '{ team: "web" }'),
  memory: "size",
  cpus: "number",
  privileged: "boolean",
  readOnly: "boolean",
  init: "boolean",
  tty: "boolean",
  create: "object",
};

/** The engine's create request for these options. @throws RangeError for a malformed port or size. */
export function toCreateRequest(options: ContainerOptions): ContainerCreateRequest {
  const { create } = options;
  const ports = options.ports && toPortSettings(options.ports);
  const request: ContainerCreateRequest = {
    Image: toId(options.image, "image"),
    Cmd: options.command,
    Entrypoint: options.entrypoint,
    Env: toEnv(options.env),
    User: options.user,
    WorkingDir: options.workingDir,
    Hostname: options.hostname,
    Labels: options.labels,
    Tty: options.tty,
    ExposedPorts: ports?.ExposedPorts,
    ...create,
    HostConfig: {
      PortBindings: ports?.PortBindings,
      Binds: options.volumes,
      Mounts: options.mounts,
      NetworkMode: options.network === undefined ? undefined : toId(options.network, "network"),
      Memory: options.memory === undefined ? undefined : toBytes("memory", options.memory),
      NanoCpus: options.cpus === undefined ? undefined : Math.round(options.cpus * 1e9),
      Privileged: options.privileged,
      ReadonlyRootfs: options.readOnly,
      Init: options.init,
      ...create?.HostConfig,
    },
  };
  return request;
}

/** Environment variables in the engine's form. */
export function toEnv(env: ContainerOptions["env"]): readonly string[] | undefined {
  if (env === undefined || isList(env)) return env;
  // One of `process.env` that is not set is undefined in plain JavaScript, and not the text "undefined".
  const given = Object.entries<string | undefined>(env).filter(([, value]) => value !== undefined);
  return given.map(([name, value]) => `${name}=${value}`);
}
