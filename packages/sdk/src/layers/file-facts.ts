/** What kind of thing a path is. */
export type ImageFileType = "file" | "directory" | "symlink" | "character-device" | "block-device" | "fifo";

/** One inode of an image; hard links are several names of the same object. */
export interface FileFacts {
  /** What kind of file it is. */
  readonly type: ImageFileType;
  /** Permission bits with set-id and sticky, e.g. `0o755`. */
  readonly mode: number;
  /** The owner's number. */
  readonly uid: number;
  /** The group's number. */
  readonly gid: number;
  /** Bytes of content; 0 of what is no file. */
  readonly size: number;
  /** `sha256:…` of the content of a file. */
  readonly digest?: string | undefined;
  /** Of a symlink: where it points, as it says. */
  readonly linkTarget?: string | undefined;
  /** Of a device: its numbers. */
  readonly device?: { readonly major: number; readonly minor: number } | undefined;
}

/** A path of an image. */
export interface ImageFile extends FileFacts {
  /** Absolute, e.g. `/etc/passwd`. A byte that is no UTF-8 stands as a lone surrogate: 0xff as U+DCFF. */
  readonly path: string;
  /** Index in {@link ImageContents.layers} of the layer that put it there. */
  readonly layer: number;
  /** The path of which this is another name (a hard link). Its bytes count there. */
  readonly hardLinkTo?: string | undefined;
}

export function toImageFile(
  path: string,
  layer: number,
  facts: FileFacts,
  hardLinkTo: string | undefined,
): ImageFile {
  const { type, mode, uid, gid, size, digest, linkTarget, device } = facts;
  return {
    path,
    type,
    mode,
    uid,
    gid,
    size,
    layer,
    ...(digest === undefined ? {} : { digest }),
    ...(linkTarget === undefined ? {} : { linkTarget }),
    ...(device === undefined ? {} : { device }),
    ...(hardLinkTo === undefined ? {} : { hardLinkTo }),
  };
}

/** Whether at most their children differ. */
export function isSameDirectory(a: FileFacts, b: FileFacts): boolean {
  const areDirectories = a.type === "directory" && b.type === "directory";
  return areDirectories && a.mode === b.mode && a.uid === b.uid && a.gid === b.gid;
}
