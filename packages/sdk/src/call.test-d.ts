// What must and must not compile. Nothing here runs: the compiler is the test.

import type { CallArguments, CallParameters, OperationId, Operations } from "./generated/operations.ts";
import type {
  ContainerInspectResponse,
  ContainerSummary,
  ContainerWaitResponse,
} from "./generated/models.ts";
import type { Docker } from "./docker.ts";
import type { Image } from "./resources/images/image.ts";
import type { bindMount as bindMountFunction } from "./values/mounts.ts";

declare const call: <Op extends OperationId>(
  operation: Op,
  ...parameters: CallArguments<Op>
) => Promise<Operations[Op]["answer"]>;
declare const docker: Docker;
declare const bindMount: typeof bindMountFunction;
declare const signal: AbortSignal;
declare const bytes: Uint8Array;
declare const maybe: string | undefined;
declare const platform: { readonly os: string; readonly architecture: string };

const path = { id: "web" };
const auth = { "X-Registry-Auth": "e30=" };

type Call = () => unknown;

export const compiles: readonly Call[] = [
  (() => call("SystemPing")) satisfies () => Promise<string>,
  (() => call("ContainerList")) satisfies () => Promise<readonly ContainerSummary[]>,
  (() => call("ContainerInspect", { path })) satisfies () => Promise<ContainerInspectResponse>,
  (() =>
    call("ContainerWait", {
      path,
      query: { condition: "next-exit" },
    })) satisfies () => Promise<ContainerWaitResponse>,
  (() => call("ContainerStart", { path })) satisfies () => Promise<void>,
  () => call("ContainerList", {}),
  () => call("ContainerList", { signal }),
  () => call("ContainerList", { query: { all: true, filters: { label: ["tier=web"] } }, signal }),
  () =>
    call("ContainerCreate", {
      query: { name: maybe },
      body: { Image: "alpine", HostConfig: { AutoRemove: true } },
    }),
  () => call("ContainerRename", { path, query: { name: "front" } }),
  () => call("ContainerLogs", { path, query: { follow: true, since: "2024-01-01T00:00:00Z", tail: "all" } }),
  () => call("PutContainerArchive", { path, query: { path: "/etc" }, body: bytes }),
  () =>
    call("ImageBuild", { query: { t: ["a", "b"], buildargs: { KEY: null }, cachefrom: ["a"] }, body: bytes }),
  () => call("ImageBuild", { query: { t: "a", remote: "https://example.com/context.git" } }),
  () => call("ImagePush", { path: { name: "web" }, query: { tag: "1", platform }, headers: auth }),
  () => call("ImageGetAll", { query: { names: ["a", "b"], platform: [platform] } }),
  () => call("SystemDataUsage", { query: { type: ["image", "build-cache"] } }),
  () => call("ServiceUpdate", { path, query: { version: 3, rollback: "previous" }, body: { Name: "web" } }),
  () => call("CheckpointDelete", { path: { id: "web", checkpoint: "first" } }),
  () => call("BuildCancel", { query: { id: "build" } }),
];

export const compilesToo: readonly Call[] = [
  () =>
    docker.containers.list({
      filters: { status: ["running", "a-newer-word"], exited: [0, 137], label: "a" },
    }),
  () => docker.containers.run({ image: "web", ports: ["8080:80", { container: 53, protocol: "udp" }] }),
  () => docker.containers.run({ image: "web", mounts: [bindMount("/a", "/b", { readOnly: true })] }),
  // What is known only at run time needs no spread: an option that is undefined is left out.
  () => docker.networks.list({ filters: maybe === undefined ? undefined : { name: maybe } }),
  () => docker.services.get("web").inspect({ insertDefaults: maybe === undefined ? undefined : true }),
  (() => docker.images.build({ context: ".", output: "image" })) satisfies () => PromiseLike<Image>,
  (() => docker.images.build({ context: ".", output: "none" })) satisfies () => PromiseLike<void>,
  (() => docker.images.pull("web", { allTags: false })) satisfies () => PromiseLike<Image>,
  (() => docker.images.pull("web", { allTags: true })) satisfies () => PromiseLike<readonly Image[]>,
];

export const doesNotCompile: readonly Call[] = [
  // @ts-expect-error a misspelt operation
  () => call("ContainerLst"),
  // @ts-expect-error a misspelt query name
  () => call("ContainerList", { query: { al: true } }),
  // @ts-expect-error a query name of another operation
  () => call("ContainerList", { query: { force: true } }),
  // @ts-expect-error a query value of another type
  () => call("ContainerList", { query: { all: "yes" } }),
  // @ts-expect-error filters are lists of strings
  () => call("ContainerList", { query: { filters: { label: "tier=web" } } }),
  // @ts-expect-error a filter of other operations
  () => call("ContainerList", { query: { filters: { dangling: ["true"] } } }),
  // @ts-expect-error a misspelt filter
  () => docker.system.events({ filters: { evnt: "start" } }),
  // @ts-expect-error a filter's value of another type
  () => docker.images.list({ filters: { dangling: "yes" } }),
  // @ts-expect-error a filter of other lists
  () => docker.volumes.list({ filters: { status: "running" } }),
  // @ts-expect-error a protocol that no port has
  () => docker.containers.run({ image: "web", ports: [{ container: 80, protocol: "http" }] }),
  // @ts-expect-error an option of another mount
  () => docker.containers.run({ image: "web", mounts: [bindMount("/a", "/b", { size: "64m" })] }),
  // @ts-expect-error a condition the engine does not know
  () => call("ContainerWait", { path, query: { condition: "removd" } }),
  // @ts-expect-error a query name put into the path
  () => call("ContainerInspect", { path: { id: "web", size: true } }),
  // @ts-expect-error a path parameter put into the query
  () => call("ContainerInspect", { query: { id: "web" } }),
  // @ts-expect-error a query name put beside the groups
  () => call("ContainerList", { all: true }),
  // @ts-expect-error a path where there is none
  () => call("ContainerList", { path: { id: "web" } }),
  // @ts-expect-error a query where there is none
  () => call("SystemInfo", { query: { verbose: true } }),
  // @ts-expect-error a missing path
  () => call("ContainerInspect"),
  // @ts-expect-error a missing path parameter
  () => call("ContainerInspect", { path: {} }),
  // @ts-expect-error one of two path parameters
  () => call("CheckpointDelete", { path: { id: "web" } }),
  // @ts-expect-error a path parameter that may be undefined
  () => call("ContainerInspect", { path: { id: maybe } }),
  // @ts-expect-error a misspelt path parameter
  () => call("ContainerInspect", { path: { name: "web" } }),
  // @ts-expect-error a missing required query
  () => call("ContainerRename", { path }),
  // @ts-expect-error a missing required query name
  () => call("ContainerRename", { path, query: {} }),
  // @ts-expect-error a missing required header
  () => call("ImagePush", { path: { name: "web" } }),
  // @ts-expect-error a misspelt header
  () => call("ImagePush", { path: { name: "web" }, headers: { ...auth, "X-Registry-Aut": "e30=" } }),
  // @ts-expect-error a misspelt body field
  () => call("ContainerCreate", { body: { Imag: "alpine" } }),
  // @ts-expect-error a misspelt nested body field
  () => call("ContainerCreate", { body: { HostConfig: { AutoRemov: true } } }),
  // @ts-expect-error a body field of another type
  () => call("ContainerCreate", { body: { Cmd: "echo hello" } }),
  // @ts-expect-error a missing required body
  () => call("ContainerCreate", { query: { name: "web" } }),
  // @ts-expect-error a missing required body field
  () => call("NetworkCreate", { body: { Driver: "bridge" } }),
  // @ts-expect-error a JSON body where bytes are taken
  () => call("ImageLoad", { body: { file: "image.tar" } }),
  // @ts-expect-error bytes where JSON is taken
  () => call("VolumeCreate", { body: bytes }),
  // @ts-expect-error a body where none is taken
  () => call("ContainerStart", { path, body: {} }),
  // @ts-expect-error an OCI platform where the engine wants os/arch
  () => call("ContainerCreate", { query: { platform }, body: {} }),
];

type Same<Left, Right> = [Left, Right] extends [Right, Left] ? true : false;

/** Groups that take nothing are forbidden, so that nothing can be put there by mistake. */
export const groups: Readonly<Record<string, true>> = {
  forbidden: true satisfies Same<CallParameters<"ContainerStart">["body"], undefined>,
  optional: true satisfies Same<CallArguments<"SystemPing">, [parameters?: CallParameters<"SystemPing">]>,
  required: true satisfies Same<
    CallArguments<"ContainerInspect">,
    [parameters: CallParameters<"ContainerInspect">]
  >,
};
