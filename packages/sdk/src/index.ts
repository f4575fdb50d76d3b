export { Docker } from "./docker.ts";
export type { DockerOptions } from "./docker-options.ts";
export { Operation } from "./operation.ts";
export * from "./errors.ts";

// Resources
export { Buildkit } from "./resources/buildkit/buildkit.ts";
export type {
  BuildkitInfo,
  BuildRecord,
  CacheListOptions,
  CachePruneOptions,
  CacheRecord,
  Worker,
} from "./resources/buildkit/records.ts";
export type {
  SolveEntry,
  SolveExporter,
  SolveOptions,
  SolveResult,
} from "./resources/buildkit/solve-options.ts";
export type {
  LintResult,
  LintWarning,
  OutlineResult,
  SourceRange,
  SubrequestOptions,
  TargetsResult,
} from "./resources/buildkit/subrequest-results.ts";
export { Checkpoint, Checkpoints, type CheckpointOptions } from "./resources/checkpoints/checkpoints.ts";
export type { AttachOptions } from "./resources/containers/attach.ts";
export type { CommitOptions } from "./resources/containers/commit.ts";
export { Container } from "./resources/containers/container.ts";
export type {
  ContainerInspectOptions,
  ContainerRemoveOptions,
  ContainerStartOptions,
  PutArchiveOptions,
  StopOptions,
  TopOptions,
} from "./resources/containers/container-options.ts";
export {
  Containers,
  type ContainerListOptions,
  type ContainerPruneOptions,
} from "./resources/containers/containers.ts";
export type { CopyInOptions } from "./resources/containers/copy.ts";
export type { ContainerCreateOptions } from "./resources/containers/create.ts";
export type { ExecOptions, ExecResult } from "./resources/containers/exec.ts";
export type { LogsOptions } from "./resources/containers/logs.ts";
export type { ContainerOptions } from "./resources/containers/options.ts";
export { AttachedProcess } from "./resources/containers/process.ts";
export type { ReadFileOptions } from "./resources/containers/read-file.ts";
export type { RunOptions, RunResult } from "./resources/containers/run.ts";
export type { SpawnOptions } from "./resources/containers/spawn.ts";
export type { StartOptions } from "./resources/containers/start.ts";
export type { ContainerPathStat } from "./resources/containers/stat.ts";
export type { StatsOnceOptions } from "./resources/containers/stats.ts";
export type { TerminalSize } from "./resources/containers/terminal.ts";
export type { WaitOptions } from "./resources/containers/wait.ts";
export { Distribution, type DistributionInspectOptions } from "./resources/distribution/distribution.ts";
export type { BuildOptions, ExportBuildOptions } from "./resources/images/build-options.ts";
export type { CacheSource, CacheTarget } from "./resources/images/build-cache.ts";
export type { BuildOutput } from "./resources/images/build-output.ts";
export type { LayersOptions, WasteOptions } from "./resources/images/contents.ts";
export {
  Image,
  type ImageHistoryOptions,
  type ImageInspectOptions,
  type ImageRemoveOptions,
} from "./resources/images/image.ts";
export { Images } from "./resources/images/images.ts";
export type {
  ImageListOptions,
  ImagePruneOptions,
  ImageSearchOptions,
} from "./resources/images/images-options.ts";
export type { ImportEvent, ImportOptions, ImportSource } from "./resources/images/import.ts";
export type { LoadEvent, LoadOptions } from "./resources/images/load.ts";
export type { BuildCachePruneOptions } from "./resources/images/prune-build-cache.ts";
export type { PullAllOptions, PullEvent, PullOptions } from "./resources/images/pull.ts";
export type { PushAllOptions, PushEvent, PushOptions, PushResult } from "./resources/images/push.ts";
export type { SaveOptions } from "./resources/images/save.ts";
export type { SaveResult } from "./resources/images/save-to.ts";
export {
  Network,
  Networks,
  type NetworkDisconnectOptions,
  type NetworkInspectOptions,
  type NetworkListOptions,
  type NetworkPruneOptions,
  type NetworkRemoveOptions,
} from "./resources/networks/networks.ts";
export type { PluginEvent } from "./resources/plugins/fetch.ts";
export type { PluginInstallOptions } from "./resources/plugins/install.ts";
export {
  Plugin,
  type PluginDisableOptions,
  type PluginEnableOptions,
  type PluginRemoveOptions,
} from "./resources/plugins/plugin.ts";
export { Plugins, type PluginListOptions } from "./resources/plugins/plugins.ts";
export type { PluginAuthOptions, PluginGrantOptions } from "./resources/plugins/privileges.ts";
export type { PluginUpgradeOptions } from "./resources/plugins/upgrade.ts";
export {
  Config,
  Configs,
  type ConfigCreateRequest,
  type ConfigListOptions,
} from "./resources/swarm/configs.ts";
export type { SwarmData } from "./resources/swarm/data.ts";
export type { SwarmLogsOptions } from "./resources/swarm/logs.ts";
export { Node, Nodes, type NodeListOptions, type NodeRemoveOptions } from "./resources/swarm/nodes.ts";
export type { RolloutEvent, RolloutOptions } from "./resources/swarm/rollout.ts";
export {
  Secret,
  Secrets,
  type SecretCreateRequest,
  type SecretListOptions,
} from "./resources/swarm/secrets.ts";
export type { ServiceAuthOptions } from "./resources/swarm/service-auth.ts";
export {
  Service,
  Services,
  type ServiceInspectOptions,
  type ServiceListOptions,
  type ServiceUpdateOptions,
} from "./resources/swarm/services.ts";
export { Swarm, type SwarmLeaveOptions, type SwarmUpdateOptions } from "./resources/swarm/swarm.ts";
export { Task, Tasks, type TaskListOptions } from "./resources/swarm/tasks.ts";
export type { EventsOptions, EventSelection, ReconnectingEventsOptions } from "./resources/system/events.ts";
export type { EventGap } from "./resources/system/follow-events.ts";
export type { PingResult } from "./resources/system/ping.ts";
export { System, type DataUsageOptions, type DataUsageType } from "./resources/system/system.ts";
export {
  Volume,
  Volumes,
  type VolumeListOptions,
  type VolumePruneOptions,
  type VolumeRemoveOptions,
} from "./resources/volumes/volumes.ts";

// Layers
export type { ContainerFile } from "./layers/container-files.ts";
export type { FileFacts, ImageFile, ImageFileType } from "./layers/file-facts.ts";
export type { ImageContents, ImageLayer, ImageWaste, WastedFile } from "./layers/image-contents.ts";
export type { HiddenFile, LayerChanges } from "./layers/union.ts";

// Streams
export type { ByteLimitOptions } from "./streams/byte-limit.ts";
export { ByteStream } from "./streams/byte-stream.ts";
export { JsonLines } from "./streams/json-lines.ts";
export type { OutputChunk, OutputName } from "./streams/multiplex.ts";
export type { CollectedOutput, CollectOptions } from "./streams/output-collector.ts";
export type { OutputLine } from "./streams/output-lines.ts";
export { OutputStream } from "./streams/output-stream.ts";
export type { StreamIterator } from "./streams/stream-iterator.ts";

// Progress
export type {
  BuildEvent,
  BuildStep,
  ImageEvent,
  LogEvent,
  ProgressEvent,
  StatusEvent,
  StepEvent,
  TransferEvent,
  WarningEvent,
} from "./progress/event.ts";
export type { ProgressOutput } from "./progress/progress-output.ts";
export { renderProgress } from "./progress/render-progress.ts";

// Values
export type { CredentialSource } from "./auth/credential-source.ts";
export type { Credentials } from "./auth/credentials.ts";
export type { BuildCacheEntry } from "./buildkit/cache/cache-entry.ts";
export type { SecretSource } from "./buildkit/secret-sources.ts";
export type { SshSource } from "./buildkit/ssh-sources.ts";
export type { BuildContext } from "./build-context/build-context.ts";
export type { DockerfileSource, DockerfileText } from "./build-context/dockerfile.ts";
export type { GivenFile, GivenTar } from "./build-context/given-context.ts";
export type { TlsOptions } from "./connection/endpoint.ts";
export type { Environment } from "./connection/config-folder.ts";
export type { CallAnswer, ChangeResult, RequestBytes } from "./transport/call.ts";
export type { UpgradedConnection } from "./transport/engine-response.ts";
export type { CallOptions } from "./values/call-options.ts";
export { toFilters, type FilteredOperation, type FilterOptions, type Filters } from "./values/filters.ts";
export type { Ref } from "./values/id.ts";
export {
  bindMount,
  imageMount,
  tmpfsMount,
  volumeMount,
  type BindMountOptions,
  type ImageMountOptions,
  type TmpfsMountOptions,
  type VolumeMountOptions,
} from "./values/mounts.ts";
export { toPortSettings, type Port, type PortSettings, type PublishedPort } from "./values/ports.ts";
export type { Time } from "./values/time.ts";

// The engine's own models and operations
export type { CallArguments, CallParameters, OperationId, Operations } from "./generated/operations.ts";
export type * as models from "./generated/models.ts";
