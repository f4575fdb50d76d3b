import type { Mount } from "../generated/models.ts";
import { optional, text, type Check } from "./argument.ts";
import { ref, toId, type Ref } from "./id.ts";
import { namedTexts } from "./named-values.ts";
import { objectOf } from "./options.ts";
import { toBytes } from "./size.ts";

/** How a file or folder of the engine's machine is mounted. */
export interface BindMountOptions {
  /** Lets the container only read it. Default `false`. */
  readonly readOnly?: boolean | undefined;
  /** How mounts made later below one of the two folders show in the other. Default `rprivate`: not at all. */
  readonly propagation?: "private" | "rprivate" | "shared" | "rshared" | "slave" | "rslave" | undefined;
  /** Leaves out what is mounted below the folder. Default `false`. */
  readonly nonRecursive?: boolean | undefined;
  /** Makes the folder on the engine's machine where it is missing. Default `false`. Needs API 1.42. */
  readonly createMountpoint?: boolean | undefined;
  /** With `readOnly`: leaves what is mounted below the folder writable. Default `false`. Needs API 1.44. */
  readonly readOnlyNonRecursive?: boolean | undefined;
  /** With `readOnly`: fails where what is mounted below cannot be read-only. Default `false`. Needs API 1.44. */
  readonly readOnlyForceRecursive?: boolean | undefined;
}

const bindMountOptions = objectOf<BindMountOptions>("options", "{ readOnly: true }", {
  readOnly: "boolean",
  propagation: "text",
  nonRecursive: "boolean",
  createMountpoint: "boolean",
  readOnlyNonRecursive: "boolean",
  readOnlyForceRecursive: "boolean",
});

/**
 * A file or folder of the engine's machine in a container, for `mounts` and for `HostConfig.Mounts`.
 * @param source an absolute path on the engine's machine
 * @param target an absolute path in the container
 */
export function bindMount(source: string, target: string, options: BindMountOptions = {}): Mount {
  checkMount("bindMount()", [
    [source, path],
    [target, targetPath],
    [options, bindMountOptions],
  ]);
  const { readOnly, propagation, nonRecursive, createMountpoint, ...readOnlyOptions } = options;
  const BindOptions = {
    Propagation: propagation,
    NonRecursive: nonRecursive,
    CreateMountpoint: createMountpoint,
    ReadOnlyNonRecursive: readOnlyOptions.readOnlyNonRecursive,
    ReadOnlyForceRecursive: readOnlyOptions.readOnlyForceRecursive,
  };
  return { Type: "bind", Source: source, Target: target, ReadOnly: readOnly, ...given({ BindOptions }) };
}

/** How a volume is mounted. */
export interface VolumeMountOptions {
  /** Lets the container only read it. Default `false`. */
  readonly readOnly?: boolean | undefined;
  /** Does not fill a new volume with what the image has in its place. Default `false`. */
  readonly noCopy?: boolean | undefined;
  /** Of the volume, when it is made now. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** Of the volume, when it is made now. Default `local`. */
  readonly driver?: string | undefined;
  /** Of the volume, when it is made now, e.g. `{ type: "nfs", o: "addr=10.0.0.1", device: ":/data" }`. */
  readonly driverOptions?: Readonly<Record<string, string>> | undefined;
  /** A folder in the volume, relative to its root. Default: all of it. Needs API 1.45. */
  readonly subpath?: string | undefined;
}

const volumeMountOptions = objectOf<VolumeMountOptions>("options", "{ readOnly: true }", {
  readOnly: "boolean",
  noCopy: "boolean",
  labels: namedTexts("labels", '{ team: "web" }'),
  driver: "text",
  driverOptions: namedTexts("driverOptions", '{ type: "nfs" }'),
  subpath: "text",
});

/**
 * A volume in a container, for `mounts` and for `HostConfig.Mounts`. It is made where it is missing.
 * @param name undefined makes a new one without a name, which goes with the container
 * @param target an absolute path in the container
 */
export function volumeMount(name: Ref | undefined, target: string, options: VolumeMountOptions = {}): Mount {
  checkMount("volumeMount()", [
    [name, volumeName],
    [target, targetPath],
    [options, volumeMountOptions],
  ]);
  const { readOnly, noCopy, labels, driver, driverOptions, subpath } = options;
  const DriverConfig = { Name: driver ?? "local", Options: driverOptions };
  const VolumeOptions = {
    NoCopy: noCopy,
    Labels: labels,
    Subpath: subpath,
    ...((driver !== undefined || driverOptions !== undefined) && { DriverConfig }),
  };
  return {
    Type: "volume",
    Source: name === undefined ? undefined : toId(name, "name"),
    Target: target,
    ReadOnly: readOnly,
    ...given({ VolumeOptions }),
  };
}

/** What a folder in memory is like. */
export interface TmpfsMountOptions {
  /** Bytes, or text such as `64m`. Default: half of the machine's memory. */
  readonly size?: number | string | undefined;
  /** Permission bits, e.g. `0o1777`. Default `0o1777`. */
  readonly mode?: number | undefined;
  /** More options of `mount`, e.g. `{ noexec: true, uid: "1000" }`. Needs API 1.46. */
  readonly options?: Readonly<Record<string, string | true>> | undefined;
}

const tmpfsMountOptions = objectOf<TmpfsMountOptions>("options", '{ size: "64m" }', {
  size: "size",
  mode: "integer",
  options: "object",
});

/**
 * A folder in memory, for `mounts` and for `HostConfig.Mounts`.
 * @param target an absolute path in the container
 * @throws RangeError for a malformed size
 */
export function tmpfsMount(target: string, settings: TmpfsMountOptions = {}): Mount {
  checkMount("tmpfsMount()", [
    [target, targetPath],
    [settings, tmpfsMountOptions],
  ]);
  const { size, mode, options } = settings;
  const TmpfsOptions = {
    SizeBytes: size === undefined ? undefined : toBytes("size", size),
    Mode: mode,
    Options:
      options && Object.entries(options).map(([name, value]) => (value === true ? [name] : [name, value])),
  };
  return { Type: "tmpfs", Target: target, ...given({ TmpfsOptions }) };
}

/** What of an image is mounted. */
export interface ImageMountOptions {
  /** A folder in the image, relative to its root. Default: all of it. */
  readonly subpath?: string | undefined;
}

const imageMountOptions = objectOf<ImageMountOptions>("options", '{ subpath: "etc" }', { subpath: "text" });

/**
 * The files of an image in a container, read-only, for `mounts` and for `HostConfig.Mounts`. Needs API 1.48.
 * @param image one that the engine has
 * @param target an absolute path in the container
 */
export function imageMount(image: Ref, target: string, options: ImageMountOptions = {}): Mount {
  checkMount("imageMount()", [
    [image, imageName],
    [target, targetPath],
    [options, imageMountOptions],
  ]);
  return {
    Type: "image",
    Source: toId(image, "image"),
    Target: target,
    ImageOptions: { Subpath: options.subpath },
  };
}

const path = text("source", '"/src"');
const targetPath = text("target", '"/app"');
const volumeName = optional(ref("name"));
const imageName = ref("image");

/** A misspelt option would mount something else, e.g. writable. @throws TypeError that names it */
function checkMount(of: string, checks: readonly (readonly [value: unknown, check: Check])[]): void {
  for (const [value, check] of checks) check(value, of);
}

/** Leaves out groups of options in which nothing is set: some engines refuse those that do not fit the type. */
function given<Groups extends Readonly<Record<string, object>>>(groups: Groups): Partial<Groups> {
  const set = Object.entries(groups).filter(([, group]) =>
    Object.values(group).some((value) => value !== undefined),
  );
  return Object.fromEntries(set) as Partial<Groups>; // some of its entries
}
