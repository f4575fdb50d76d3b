// What the documents lack or get wrong about operations, each with the reason. Everything else is read from them.

/** How one query parameter, of the operation `Op`, is typed and put into the URL. */
export interface ParameterCorrection {
  readonly type?: string;
  readonly encode?: "json" | "repeat" | "repeat-json";
}

const JSON_PLATFORM: ParameterCorrection = { type: "OCIPlatform", encode: "json" };
const JSON_PLATFORMS: ParameterCorrection = {
  type: "OCIPlatform | readonly OCIPlatform[]",
  encode: "repeat-json",
};
const REPEATED: ParameterCorrection = { type: "string | readonly string[]", encode: "repeat" };
const STRINGS_AS_JSON: ParameterCorrection = { type: "readonly string[]", encode: "json" };
// Written as string or integer; the daemon takes seconds with a fraction, RFC 3339 and Go durations.
const TIME: ParameterCorrection = { type: "number | string" };
// Written as string; the daemon reads a number or the word "all".
const TAIL: ParameterCorrection = { type: 'number | "all" | (string & {})' };
const FLAG: ParameterCorrection = { type: "boolean" };

/** `Operation.parameter` first, then `*.parameter`. */
export const parameterCorrections: Readonly<Record<string, ParameterCorrection>> = {
  // Typed "string" by the documents, which say in words that it is JSON.
  "*.filters": { type: "Filters<Op>", encode: "json" },
  "ImageBuild.buildargs": { type: "Readonly<Record<string, string | null>>", encode: "json" },
  "ImageBuild.labels": { type: "Readonly<Record<string, string>>", encode: "json" },
  "ImageBuild.cachefrom": STRINGS_AS_JSON,
  "ImageBuild.outputs": {
    type: "readonly { readonly Type: string; readonly Attrs?: Readonly<Record<string, string>> | undefined }[]",
    encode: "json",
  },
  "ImageBuild.ulimits": {
    type: "readonly { readonly Name: string; readonly Soft: number; readonly Hard: number }[]",
    encode: "json",
  },
  "ImageBuild.securityopt": STRINGS_AS_JSON,
  // The daemon reads every value of the form, the documents know one.
  "ImageBuild.t": REPEATED,
  "ImageBuild.extrahosts": REPEATED,
  "ImageCommit.changes": REPEATED,
  "ImageCreate.changes": REPEATED,
  "ImageGetAll.names": REPEATED,
  // An OCI platform as JSON, unlike `platform` of build, create and pull, which is "os/arch/variant".
  "ImageInspect.platform": JSON_PLATFORM,
  "ImageHistory.platform": JSON_PLATFORM,
  "ImagePush.platform": JSON_PLATFORM,
  "ImageAttestations.platform": JSON_PLATFORMS,
  "ImageDelete.platforms": JSON_PLATFORMS,
  "ImageGet.platform": JSON_PLATFORMS,
  "ImageGetAll.platform": JSON_PLATFORMS,
  "ImageLoad.platform": JSON_PLATFORMS,
  "*.since": TIME,
  "*.until": TIME,
  "*.tail": TAIL,
  // Read as a flag by the daemon, whatever the documents call it.
  "ImageBuild.pull": FLAG,
  "PutContainerArchive.noOverwriteDirNonDir": FLAG,
  "PutContainerArchive.copyUIDGID": FLAG,
  // "previous" is the only word the daemon knows.
  "ServiceUpdate.rollback": { type: '"previous"' },
  // Undocumented names, typed as the daemon reads them.
  "ContainerLogs.details": FLAG,
};

/** Undocumented query names which are no parameters: an older spelling, and a name the handler shares with another route. */
export const ignoredQueryNames: ReadonlySet<string> = new Set(["ImageList.filter", "ImageGet.names"]);

/** Headers the transport sets itself, because they follow from the body. */
export const ignoredHeaders: ReadonlySet<string> = new Set(["Content-type"]);

/** Headers which the daemon reads and the documents do not name. */
export const addedHeaders: Readonly<Record<string, readonly string[]>> = {
  DistributionInspect: ["X-Registry-Auth"],
  GetPluginPrivileges: ["X-Registry-Auth"],
  ImageSearch: ["X-Registry-Auth"],
  PluginPush: ["X-Registry-Auth"],
  Session: [
    "X-Docker-Expose-Session-Uuid",
    "X-Docker-Expose-Session-Name",
    "X-Docker-Expose-Session-Sharedkey",
    "X-Docker-Expose-Session-Grpc-Method",
  ],
};

/** Headers that may come more than once. */
export const repeatedHeaders: ReadonlySet<string> = new Set(["X-Docker-Expose-Session-Grpc-Method"]);

/** Bodies that the documents leave optional and without which the daemon refuses the request. */
export const requiredBodies: ReadonlySet<string> = new Set([
  "ConfigCreate",
  "ConfigUpdate",
  "ExecStart",
  "ImageLoad",
  "NodeUpdate",
  "PluginCreate",
  "PluginPull",
  "PluginSet",
  "PluginUpgrade",
  "SecretCreate",
  "SecretUpdate",
  "SystemAuth",
  "VolumeUpdate",
]);

/**
 * Fields of bodies which engines read (28.5.2 asked in several versions) only in newer versions than the documents
 * show them in: operation → place → the first version.
 */
export const fieldGates: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  // Only ever answered before.
  ContainerCreate: { "NetworkingConfig.EndpointsConfig{}.MacAddress": "1.44" },
  NetworkCreate: { EnableIPv4: "1.48" },
};

/** Fields that went because the engine does what they asked for anyway, or never read them. */
export const harmlessFields: ReadonlySet<string> = new Set([
  // Names of networks are unique since.
  "NetworkCreate.CheckDuplicate",
  // Of registries of the first generation.
  "SystemAuth.email",
]);

/** Bodies of bytes that the documents call a string. */
export const byteBodies: ReadonlySet<string> = new Set(["ImageCreate"]);

/**
 * The model of the answer, or of one line of a json-lines answer, where the documents have none or the wrong one.
 * `void` says that the daemon writes no body.
 */
export const answers: Readonly<Record<string, string>> = {
  // Nothing changed is written as null.
  ContainerChanges: "readonly FilesystemChange[] | null",
  // No privileges asked for is written as null.
  GetPluginPrivileges: "readonly PluginPrivilege[] | null",
  // The daemon writes ID, not Id.
  ConfigCreate: "ConfigCreateResponse",
  SecretCreate: "SecretCreateResponse",
  // Lines whose model the documents define without saying where it is used.
  ImageBuild: "BuildInfo",
  ImageCreate: "CreateImageInfo",
  ImageLoad: "BuildInfo",
  ImagePush: "PushImageInfo",
  PluginPull: "CreateImageInfo",
  PluginPush: "PushImageInfo",
  PluginUpgrade: "CreateImageInfo",
  // The daemon answers 200 without a body.
  PluginDelete: "void",
  // HEAD has no body.
  SystemPingHead: "void",
};

/** Operations which the daemon's router has and the documents do not. */
export interface AddedOperation {
  readonly operationId: string;
  readonly method: string;
  readonly path: string;
  readonly query: readonly { readonly name: string; readonly required: boolean }[];
  readonly body?: string;
  readonly answer: string;
  readonly stream: string;
}

export const addedOperations: readonly AddedOperation[] = [
  {
    operationId: "BuildCancel",
    method: "POST",
    path: "/build/cancel",
    query: [{ name: "id", required: true }],
    answer: "void",
    stream: "none",
  },
  { operationId: "Grpc", method: "POST", path: "/grpc", query: [], answer: "void", stream: "hijack" },
  // The daemon has these three only when it runs with experimental features.
  {
    operationId: "CheckpointList",
    method: "GET",
    path: "/containers/{id}/checkpoints",
    query: [{ name: "dir", required: false }],
    answer: "readonly CheckpointSummary[] | null",
    stream: "none",
  },
  {
    operationId: "CheckpointCreate",
    method: "POST",
    path: "/containers/{id}/checkpoints",
    query: [],
    body: "CheckpointCreateRequest",
    answer: "void",
    stream: "none",
  },
  {
    operationId: "CheckpointDelete",
    method: "DELETE",
    path: "/containers/{id}/checkpoints/{checkpoint}",
    query: [{ name: "dir", required: false }],
    answer: "void",
    stream: "none",
  },
];
