import type { CredentialSource } from "../../auth/credential-source.ts";
import type {
  ImageDeleteResponseItem,
  ImageHistoryResponseItem,
  ImageInspect,
} from "../../generated/models.ts";
import type { ImageFile } from "../../layers/file-facts.ts";
import type { ImageContents, ImageLayer, ImageWaste } from "../../layers/image-contents.ts";
import type { Operation } from "../../operation.ts";
import type { ProgressEvent } from "../../progress/event.ts";
import type { ByteStream } from "../../streams/byte-stream.ts";
import type { Caller } from "../../transport/call.ts";
import { text, texts } from "../../values/argument.ts";
import type { CallOptions } from "../../values/call-options.ts";
import { callOptions, optionsOf } from "../../values/options.ts";
import { parsePlatform, toPlatform } from "../../values/platform.ts";
import { familiarName } from "../../values/reference.ts";
import { checkArguments } from "../check-arguments.ts";
import { contents, layersOptions, wasteOptions, type LayersOptions, type WasteOptions } from "./contents.ts";
import { push, pushOptions, type PushEvent, type PushOptions, type PushResult } from "./push.ts";
import { saveTo, type SaveResult } from "./save-to.ts";
import { save, saveOptions, type SaveOptions } from "./save.ts";
import { parseTarget } from "./target.ts";

/** Which of an image's platforms is told of, and how much. */
export interface ImageInspectOptions extends CallOptions {
  /** Which one of an image for many platforms, e.g. `linux/arm64`. Default: the engine's own. Needs API 1.49. */
  readonly platform?: string | undefined;
  /** Adds `Manifests`, the images it has for each platform. Default `false`. Needs API 1.48. */
  readonly manifests?: boolean | undefined;
}

/** Which of an image's platforms is told of. */
export interface ImageHistoryOptions extends CallOptions {
  /** Which one of an image for many platforms, e.g. `linux/arm64`. Default: the engine's own. Needs API 1.48. */
  readonly platform?: string | undefined;
}

/** How an image is removed. */
export interface ImageRemoveOptions extends CallOptions {
  /** Also when stopped containers use it or it has several names. Default `false`. */
  readonly force?: boolean | undefined;
  /** Keeps parents that have no name. Default `false`. */
  readonly noPrune?: boolean | undefined;
  /** Removes only these of an image for many platforms, e.g. `["linux/arm64"]`. Default: all. Needs API 1.50. */
  readonly platforms?: readonly string[] | undefined;
}

const inspectOptions = optionsOf<ImageInspectOptions>('{ platform: "linux/arm64" }', {
  platform: "text",
  manifests: "boolean",
});
const historyOptions = optionsOf<ImageHistoryOptions>('{ platform: "linux/arm64" }', { platform: "text" });
const removeOptions = optionsOf<ImageRemoveOptions>("{ force: true }", {
  force: "boolean",
  noPrune: "boolean",
  platforms: texts("platforms", '["linux/arm64"]'),
});

/**
 * The handle of one image, by id or reference.
 * Its methods throw `NotFoundError` when there is no such image.
 */
export class Image {
  static {
    checkArguments(Image, "image", {
      promises: {
        inspect: [inspectOptions],
        history: [historyOptions],
        tag: [text("reference", '"ghcr.io/org/app:1.2"'), callOptions],
        remove: [removeOptions],
        save: [saveOptions],
        layers: [layersOptions],
        files: [layersOptions],
        waste: [wasteOptions],
        contents: [wasteOptions],
      },
      direct: { push: [pushOptions], saveTo: [text("file", '"app.tar"'), saveOptions] },
    });
  }

  /** The id or reference that the handle was made with. */
  readonly id: string;
  readonly #caller: Caller;
  readonly #credentials: CredentialSource;

  constructor(caller: Caller, credentials: CredentialSource, id: string) {
    this.#caller = caller;
    this.#credentials = credentials;
    this.id = id;
  }

  /** Configuration, size, and in `RootFS.Layers` the digests of its layers. @throws NotFoundError */
  inspect({ platform, manifests, signal }: ImageInspectOptions = {}): Promise<ImageInspect> {
    const query = { manifests, platform: toPlatform(platform) };
    return this.#caller.call("ImageInspect", { path: { name: this.id }, query, signal });
  }

  /** What made each layer, the newest first. @throws NotFoundError */
  history({ platform, signal }: ImageHistoryOptions = {}): Promise<readonly ImageHistoryResponseItem[]> {
    const query = { platform: toPlatform(platform) };
    return this.#caller.call("ImageHistory", { path: { name: this.id }, query, signal });
  }

  /**
   * Gives it one more name, taken from the image that has it.
   * @param reference e.g. `ghcr.io/org/app:1.2`; the tag is `latest` by default
   * @returns the handle by the new name, for example to push it
   * @throws NotFoundError
   */
  async tag(reference: string, { signal }: CallOptions = {}): Promise<Image> {
    const target = parseTarget(reference);
    const query = { repo: familiarName(target), tag: target.tag };
    await this.#caller.call("ImageTag", { path: { name: this.id }, query, signal });
    return new Image(this.#caller, this.#credentials, reference);
  }

  /**
   * Takes away this name, and deletes the image when it was the last.
   * @returns what was untagged and deleted
   * @throws NotFoundError
   * @throws ConflictError when a container uses it, or the handle is by id and it has several names
   */
  remove({ force, noPrune, platforms, signal }: ImageRemoveOptions = {}): Promise<
    readonly ImageDeleteResponseItem[]
  > {
    const query = {
      force,
      noprune: noPrune,
      platforms: platforms?.map((name) => parsePlatform(name, "platforms")),
    };
    return this.#caller.call("ImageDelete", { path: { name: this.id }, query, signal });
  }

  /**
   * Sends it to its registry, if the handle is by reference; see `tag`.
   * @throws AccessDeniedError when the registry wants other credentials
   * @throws TransferError when the registry or the way to it fails
   * @throws CredentialError when a credential helper fails
   */
  push(options?: PushOptions): Operation<PushEvent, PushResult> {
    return push(this.#caller, this.#credentials, this.id, options);
  }

  /** A tar of it that `load` reads; see `images.save`. @throws NotFoundError */
  save(options?: SaveOptions): Promise<ByteStream> {
    return save(this.#caller, this, options);
  }

  /** Writes such a tar to a file and tells of its progress; see `images.saveTo`. @throws NotFoundError */
  saveTo(file: string, options?: SaveOptions): Operation<ProgressEvent, SaveResult> {
    return saveTo(this.#caller, this, file, options);
  }

  /**
   * What each RootFS layer is made of: its instruction, its bytes, and which paths it adds, changes and deletes.
   * Reads the whole image from the engine, in one pass; of the files' contents nothing stays in memory.
   *
   * ```ts
   * for (const { instruction, size, deleted } of await image.layers()) console.log(size, instruction, deleted);
   * ```
   *
   * @returns the lowest first
   * @throws NotFoundError
   * @throws StreamTruncatedError or ProtocolError when a layer is cut or damaged
   */
  async layers(options?: LayersOptions): Promise<readonly ImageLayer[]> {
    return (await this.contents(options)).layers;
  }

  /**
   * Every path that a container of it sees, without running one; see {@link Image.layers}.
   * @returns by absolute path, each folder before what is in it; the root itself is left out
   */
  async files(options?: LayersOptions): Promise<ReadonlyMap<string, ImageFile>> {
    return (await this.contents(options)).files;
  }

  /**
   * Bytes that a later layer hid by deleting, rewriting or only changing mode or owner; see {@link Image.layers}.
   *
   * ```ts
   * const { ownBytes, files } = await image.waste({ base: "debian:12" });
   * ```
   *
   * @throws RangeError when it is not built from `base`
   */
  async waste(options?: WasteOptions): Promise<ImageWaste> {
    return (await this.contents(options)).waste;
  }

  /** Layers, files and waste from one pass; see {@link Image.layers}. */
  contents(options?: WasteOptions): Promise<ImageContents> {
    return contents(this.#caller, this, options);
  }
}
