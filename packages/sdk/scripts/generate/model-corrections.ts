// What the documents lack or get wrong about bodies, each with the reason. Everything else is read from them.

import type { Schema } from "./source-facts.ts";

/** Definitions of ours: bodies of added operations, and what the documents mistake for something else. */
export const addedDefinitions: Readonly<Record<string, Schema>> = {
  // The documents give both the model of other creations, whose field is Id.
  ConfigCreateResponse: { type: "object", required: ["ID"], properties: { ID: { type: "string" } } },
  SecretCreateResponse: { type: "object", required: ["ID"], properties: { ID: { type: "string" } } },
  CheckpointSummary: { type: "object", required: ["Name"], properties: { Name: { type: "string" } } },
  CheckpointCreateRequest: {
    type: "object",
    required: ["CheckpointID"],
    properties: {
      CheckpointID: { type: "string" },
      CheckpointDir: { type: "string" },
      Exit: { type: "boolean" },
    },
  },
};

/** Definitions marked nullable that are values, not pointers, in the daemon: never null. */
export const pointerOnlyInDocuments: ReadonlySet<string> = new Set([
  "ContainerState",
  "ContainerBlkioStats",
  "ContainerBlkioStatEntry",
  "ContainerCPUStats",
  "ContainerCPUUsage",
  "ContainerMemoryStats",
  "ContainerNetworkStats",
  "ContainerPidsStats",
  "ContainerStorageStats",
  "ContainerThrottlingData",
]);

/** Fields whose type the documents leave open or get wrong. */
export const fieldTypes: Readonly<Record<string, string>> = {
  // A list of anything in the documents; each of the four has one kind of item.
  "ImagesDiskUsage.Items": "readonly ImageSummary[] | null",
  "ContainersDiskUsage.Items": "readonly ContainerSummary[] | null",
  "VolumesDiskUsage.Items": "readonly Volume[] | null",
  "BuildCacheDiskUsage.Items": "readonly BuildCache[] | null",
  "NetworkInspect.Services": "Readonly<Record<string, ServiceInfo>> | null",
  // BuildKit's trace is a base64 string, not an image id.
  "BuildInfo.aux": "ImageID | string",
  // Null while the process runs.
  "ExecInspectResponse.ExitCode": "number | null",
  // Written as null by API 1.41 when there is none.
  "ContainerWaitResponse.Error": "ContainerWaitExitError | null",
  // Go pointers without `omitempty`, which the documents do not mark.
  "PluginDevice.Path": "string | null",
  "PluginEnv.Value": "string | null",
  "PluginMount.Source": "string | null",
  "Resources.MemorySwappiness": "number | null",
  "Resources.OomKillDisable": "boolean | null",
  // The documents point at the engine's Network; the daemon writes swarm's own.
  "NetworkAttachment.Network": "Readonly<Record<string, unknown>>",
};

/** A field the newest documents do not have. `until` is the first version without it. */
export interface AddedField {
  readonly name: string;
  readonly type: string;
  readonly until?: string;
}

const line: readonly AddedField[] = [
  // The same message as errorDetail.message, and the progress as text: written by engines for older clients.
  { name: "error", type: "string" },
  { name: "progress", type: "string" },
];
const kernelMemory: readonly AddedField[] = [
  { name: "KernelMemory", type: "number", until: "1.42" },
  { name: "KernelMemoryTCP", type: "number", until: "1.52" },
];
const address: AddedField = { name: "MacAddress", type: "string", until: "1.52" };

/** Fields which newer documents dropped and supported engines still write, and fields never documented. */
export const addedFields: Readonly<Record<string, readonly AddedField[]>> = {
  // Read by every engine, documented only in words beside X-Registry-Auth.
  AuthConfig: [
    { name: "auth", type: "string" },
    { name: "identitytoken", type: "string" },
    { name: "registrytoken", type: "string" },
  ],
  BuildInfo: line,
  CreateImageInfo: line,
  PushImageInfo: [
    ...line,
    { name: "id", type: "string" },
    {
      name: "aux",
      type: "{ readonly Tag?: string | undefined; readonly Digest?: string | undefined; readonly Size?: number | undefined }",
    },
  ],
  Resources: kernelMemory,
  ContainerConfig: [address],
  NetworkSettings: [
    address,
    { name: "Bridge", type: "string", until: "1.52" },
    { name: "EndpointID", type: "string", until: "1.52" },
    { name: "Gateway", type: "string", until: "1.52" },
    { name: "GlobalIPv6Address", type: "string", until: "1.52" },
    { name: "GlobalIPv6PrefixLen", type: "number", until: "1.52" },
    { name: "HairpinMode", type: "boolean", until: "1.52" },
    { name: "LinkLocalIPv6Address", type: "string", until: "1.52" },
    { name: "LinkLocalIPv6PrefixLen", type: "number", until: "1.52" },
    { name: "SecondaryIPAddresses", type: "readonly Address[] | null", until: "1.52" },
    { name: "SecondaryIPv6Addresses", type: "readonly Address[] | null", until: "1.52" },
    { name: "IPAddress", type: "string", until: "1.52" },
    { name: "IPPrefixLen", type: "number", until: "1.52" },
    { name: "IPv6Gateway", type: "string", until: "1.52" },
  ],
  ImageSummary: [{ name: "VirtualSize", type: "number", until: "1.44" }],
  ImageInspect: [
    { name: "Parent", type: "string", until: "1.52" },
    { name: "DockerVersion", type: "string", until: "1.52" },
    { name: "VirtualSize", type: "number", until: "1.44" },
    { name: "Container", type: "string", until: "1.45" },
    { name: "ContainerConfig", type: "ContainerConfig | null", until: "1.45" },
  ],
  // A container's configuration until then, though nothing but the fields documented now came from the image.
  ImageConfig: [
    { name: "Hostname", type: "string", until: "1.50" },
    { name: "Domainname", type: "string", until: "1.50" },
    { name: "AttachStdin", type: "boolean", until: "1.50" },
    { name: "AttachStdout", type: "boolean", until: "1.50" },
    { name: "AttachStderr", type: "boolean", until: "1.50" },
    { name: "Tty", type: "boolean", until: "1.50" },
    { name: "OpenStdin", type: "boolean", until: "1.50" },
    { name: "StdinOnce", type: "boolean", until: "1.50" },
    { name: "Image", type: "string", until: "1.50" },
  ],
  NetworkSummary: [
    { name: "Containers", type: "Readonly<Record<string, EndpointResource>> | null", until: "1.52" },
  ],
  // What Action, Actor.ID and Actor.Attributes.image say, for clients older than API 1.22.
  EventMessage: [
    { name: "status", type: "string", until: "1.52" },
    { name: "id", type: "string", until: "1.52" },
    { name: "from", type: "string", until: "1.52" },
  ],
  RegistryServiceConfig: [
    { name: "AllowNondistributableArtifactsCIDRs", type: "readonly string[] | null", until: "1.49" },
    { name: "AllowNondistributableArtifactsHostnames", type: "readonly string[] | null", until: "1.49" },
  ],
  Commit: [{ name: "Expected", type: "string", until: "1.49" }],
  BuildCache: [{ name: "Parent", type: "string", until: "1.42" }],
  SystemDataUsageResponse: [
    { name: "LayersSize", type: "number", until: "1.52" },
    // Never documented.
    { name: "BuilderSize", type: "number", until: "1.52" },
    { name: "Images", type: "readonly ImageSummary[] | null", until: "1.52" },
    { name: "Containers", type: "readonly ContainerSummary[] | null", until: "1.52" },
    { name: "Volumes", type: "readonly Volume[] | null", until: "1.52" },
    { name: "BuildCache", type: "readonly BuildCache[] | null", until: "1.52" },
  ],
  SystemInfo: [
    { name: "KernelMemory", type: "boolean", until: "1.42" },
    { name: "KernelMemoryTCP", type: "boolean", until: "1.52" },
    { name: "BridgeNfIptables", type: "boolean", until: "1.50" },
    { name: "BridgeNfIp6tables", type: "boolean", until: "1.50" },
    { name: "ClusterStore", type: "string", until: "1.42" },
    { name: "ClusterAdvertise", type: "string", until: "1.42" },
  ],
  "Plugin.Config": [{ name: "DockerVersion", type: "string", until: "1.52" }],
  NetworkCreateRequest: [{ name: "CheckDuplicate", type: "boolean", until: "1.46" }],
  ServiceCreateResponse: [{ name: "Warning", type: "string", until: "1.44" }],
};

/**
 * Fields the documents leave optional and every supported engine (API 1.41 and newer) writes: older than that,
 * in definitions only ever answered, and without `omitempty` in the daemon or never empty.
 */
export const alwaysPresent: Readonly<Record<string, string>> = {
  BuildCache: "ID Type Description InUse Shared Size CreatedAt UsageCount",
  BuildPruneResponse: "CachesDeleted SpaceReclaimed",
  ClusterInfo: "ID Version Spec",
  Config: "ID Version Spec",
  ContainerCPUStats: "cpu_usage",
  ContainerCPUUsage: "total_usage usage_in_kernelmode usage_in_usermode",
  ContainerInspectResponse:
    "Id Created Path Args State Image ResolvConfPath HostnamePath HostsPath LogPath Name RestartCount Driver " +
    "Platform MountLabel ProcessLabel AppArmorProfile ExecIDs HostConfig Mounts Config NetworkSettings",
  ContainerPruneResponse: "ContainersDeleted SpaceReclaimed",
  ContainerState: "Status Running Paused Restarting OOMKilled Dead Pid ExitCode Error StartedAt FinishedAt",
  ContainerStatsResponse: "read preread cpu_stats precpu_stats memory_stats",
  ContainerSummary:
    "Id Names Image ImageID Command Created Ports Labels State Status HostConfig NetworkSettings Mounts",
  ContainerTopResponse: "Titles Processes",
  EventActor: "ID Attributes",
  EventMessage: "Type Action Actor time timeNano",
  ExecInspectResponse:
    "CanRemove DetachKeys ID Running ExitCode ProcessConfig OpenStdin OpenStderr OpenStdout ContainerID Pid",
  Health: "Status FailingStreak Log",
  HealthcheckResult: "Start End ExitCode Output",
  ImageInspect: "Id RepoTags RepoDigests Architecture Os Size RootFS",
  ImagePruneResponse: "ImagesDeleted SpaceReclaimed",
  ImageSearchResponseItem: "description is_official name star_count",
  Network:
    "Name Id Created Scope Driver EnableIPv6 IPAM Internal Attachable Ingress ConfigFrom ConfigOnly Options Labels",
  NetworkPruneResponse: "NetworksDeleted",
  NetworkSettings: "Ports Networks",
  Node: "ID Version Spec Description Status",
  ObjectVersion: "Index",
  Secret: "ID Version Spec",
  Service: "ID Version Spec",
  ServiceCreateResponse: "ID",
  SystemInfo:
    "ID Containers ContainersRunning ContainersPaused ContainersStopped Images Driver DriverStatus Name " +
    "ServerVersion OperatingSystem OSType Architecture KernelVersion NCPU MemTotal DockerRootDir Labels " +
    "Runtimes DefaultRuntime Swarm SecurityOptions IndexServerAddress LoggingDriver ExperimentalBuild",
  SystemVersion: "Version ApiVersion GitCommit GoVersion Os Arch",
  SwarmUnlockkeyResponse: "UnlockKey",
  Task: "ID Version Spec Status DesiredState",
  VolumeListResponse: "Volumes Warnings",
  VolumePruneResponse: "VolumesDeleted SpaceReclaimed",
};
