import type { CredentialSource } from "../../auth/credential-source.ts";
import { encodeRegistryAuth } from "../../auth/registry-auth.ts";
import type {
  BuildPruneResponse,
  ImagePruneResponse,
  ImageSearchResponseItem,
  ImageSummary,
} from "../../generated/models.ts";
import type { Operation } from "../../operation.ts";
import type { BuildEvent, ProgressEvent } from "../../progress/event.ts";
import type { ByteStream } from "../../streams/byte-stream.ts";
import type { Caller, RequestBytes } from "../../transport/call.ts";
import { bytes, text } from "../../values/argument.ts";
import type { CallOptions } from "../../values/call-options.ts";
import { toFilters } from "../../values/filters.ts";
import { ref, refs, toId, type Ref } from "../../values/id.ts";
import { callOptions } from "../../values/options.ts";
import { checkArguments } from "../check-arguments.ts";
import { exists } from "../exists.ts";
import type { BuildOptions, ExportBuildOptions } from "./build-options.ts";
import type { BuildTools } from "./build-tools.ts";
import { build, buildTo } from "./build.ts";
import { buildOptions } from "./check-build.ts";
import { Image } from "./image.ts";
import {
  listOptions,
  pruneOptions,
  searchOptions,
  type ImageListOptions,
  type ImagePruneOptions,
  type ImageSearchOptions,
} from "./images-options.ts";
import {
  importImage,
  importOptions,
  importSource,
  type ImportEvent,
  type ImportOptions,
  type ImportSource,
} from "./import.ts";
import { load, loadOptions, type LoadEvent, type LoadOptions } from "./load.ts";
import { buildCachePruneOptions, pruneBuildCache, type BuildCachePruneOptions } from "./prune-build-cache.ts";
import { pull, pullAll, pullOptions, type PullAllOptions, type PullEvent, type PullOptions } from "./pull.ts";
import {
  push,
  pushAll,
  pushOptions,
  type PushAllOptions,
  type PushEvent,
  type PushOptions,
  type PushResult,
} from "./push.ts";
import { saveTo, type SaveResult } from "./save-to.ts";
import { save, saveOptions, type SaveOptions } from "./save.ts";

const reference = text("reference", '"busybox:1.36"');
/** The images of an engine. */
export class Images {
  static {
    checkArguments(Images, "images", {
      promises: {
        list: [listOptions],
        exists: [ref("image"), callOptions],
        save: [refs("images"), saveOptions],
        search: [text("term", '"nginx"'), searchOptions],
        prune: [pruneOptions],
        cancelBuild: [text("id", '"my-build"'), callOptions],
        pruneBuildCache: [buildCachePruneOptions],
      },
      direct: {
        get: [ref("image")],
        build: [buildOptions],
        pull: [reference, pullOptions],
        push: [reference, pushOptions],
        load: [bytes("archive", 'createReadStream("app.tar")'), loadOptions],
        saveTo: [refs("images"), text("file", '"app.tar"'), saveOptions],
        import: [importSource, importOptions],
      },
    });
  }

  readonly #tools: BuildTools;
  readonly #caller: Caller;
  readonly #credentials: CredentialSource;

  constructor(tools: BuildTools) {
    this.#tools = tools;
    this.#caller = tools.caller;
    this.#credentials = tools.credentials;
  }

  /** The images that the engine has. */
  list({ all, filters, sharedSize, manifests, signal }: ImageListOptions = {}): Promise<
    readonly ImageSummary[]
  > {
    const query = { all, filters: filters && toFilters(filters), "shared-size": sharedSize, manifests };
    return this.#caller.call("ImageList", { query, signal });
  }

  /** The handle of an image, by id or reference; asks nothing of the engine. */
  get(image: Ref): Image {
    return new Image(this.#caller, this.#credentials, toId(image, "image"));
  }

  /** Whether the engine has it. */
  exists(image: Ref, options?: CallOptions): Promise<boolean> {
    return exists(this.get(image), options);
  }

  /**
   * Builds an image from a Dockerfile and a context, which is streamed and never held in memory. Leaving the loop
   * or aborting stops the build on the engine.
   *
   * ```ts
   * const image = await docker.images.build({ context: ".", tags: "app:1" });
   * ```
   *
   * @throws BuildError when a step or the Dockerfile fails
   * @throws ContextError when the context is missing, unreadable, or changes while it is sent
   * @throws EngineGoneError when the engine dies meanwhile
   */
  build(options: BuildOptions): Operation<BuildEvent, Image>;
  /**
   * Builds into a folder, a tar or only the cache; otherwise like a build of an image. BuildKit only.
   *
   * ```ts
   * await docker.images.build({ context: ".", target: "binaries", output: { local: "./out" } });
   * ```
   *
   * @throws BuildError when a step or the Dockerfile fails
   * @throws ContextError when the context is missing, unreadable, or changes while it is sent, or the result cannot be
   *   written
   * @throws EngineGoneError when the engine dies meanwhile
   */
  build(options: ExportBuildOptions): Operation<BuildEvent, void>;
  build(options: BuildOptions | ExportBuildOptions): Operation<BuildEvent, Image | void> {
    return isExport(options) ? buildTo(this.#tools, options) : build(this.#tools, options);
  }

  /**
   * Fetches an image from its registry.
   * @param reference e.g. `busybox`, `ghcr.io/org/app:1.2`, `app@sha256:…`; the tag is `latest` by default
   * @throws NotFoundError when the registry does not have it
   * @throws ServerError when the registry cannot be reached
   * @throws AccessDeniedError when the registry wants other credentials
   * @throws TransferError when the transfer fails
   * @throws CredentialError when a credential helper fails
   */
  pull(reference: string, options?: PullOptions): Operation<PullEvent, Image>;
  /**
   * Fetches all tags of an image from its registry.
   * @param reference e.g. `ghcr.io/org/app`, without a tag
   * @returns their images, sorted by tag
   * @throws NotFoundError, ServerError, AccessDeniedError, TransferError or CredentialError as for one tag
   */
  pull(reference: string, options: PullAllOptions): Operation<PullEvent, readonly Image[]>;
  pull(
    reference: string,
    options: PullOptions | PullAllOptions = {},
  ): Operation<PullEvent, Image | readonly Image[]> {
    return isForAll(options)
      ? pullAll(this.#caller, this.#credentials, reference, options)
      : pull(this.#caller, this.#credentials, reference, options);
  }

  /**
   * Sends an image to the registry that its name says.
   * @param reference e.g. `ghcr.io/org/app:1.2`; the tag is `latest` by default
   * @throws AccessDeniedError when the registry wants other credentials
   * @throws TransferError when there is no such image, or the registry or the way to it fails
   * @throws CredentialError when a credential helper fails
   */
  push(reference: string, options?: PushOptions): Operation<PushEvent, PushResult>;
  /**
   * Sends all tags that the engine has of an image to the registry that its name says.
   * @param reference e.g. `ghcr.io/org/app`, without a tag
   * @returns a result for each
   * @throws AccessDeniedError, TransferError or CredentialError as for one tag
   */
  push(reference: string, options: PushAllOptions): Operation<PushEvent, readonly PushResult[]>;
  push(
    reference: string,
    options: PushOptions | PushAllOptions = {},
  ): Operation<PushEvent, PushResult | readonly PushResult[]> {
    return isForAll(options)
      ? pushAll(this.#caller, this.#credentials, reference, options)
      : push(this.#caller, this.#credentials, reference, options);
  }

  /**
   * Takes in a tar that `save` wrote, possibly compressed.
   *
   * ```ts
   * const [image] = await docker.images.load(createReadStream("app.tar"));
   * ```
   *
   * @returns the images, by name, or by id where they have none; of a tar with both, engines may tell only the names
   * @throws TransferError when it is no such tar
   */
  load(
    archive: Exclude<RequestBytes, string>,
    options?: LoadOptions,
  ): Operation<LoadEvent, readonly Image[]> {
    return load(this.#caller, this.#credentials, archive, options);
  }

  /**
   * A tar of images with all their layers and, where they are given by reference, their names.
   * @throws NotFoundError
   * @throws StreamTruncatedError or TransferError while it is read, when the engine fails in the middle
   */
  save(images: Ref | readonly Ref[], options?: SaveOptions): Promise<ByteStream> {
    return save(this.#caller, images, options);
  }

  /**
   * Writes such a tar to a file and tells of its progress. Nothing is left of a save that fails or is left, and a file
   * that was there stays as it was.
   *
   * ```ts
   * await renderProgress(docker.images.saveTo(["app:1", "db:2"], "images.tar"));
   * ```
   *
   * @throws NotFoundError when there is no such image
   * @throws StreamTruncatedError or TransferError when the engine fails in the middle
   */
  saveTo(
    images: Ref | readonly Ref[],
    file: string,
    options?: SaveOptions,
  ): Operation<ProgressEvent, SaveResult> {
    return saveTo(this.#caller, images, file, options);
  }

  /**
   * Makes an image of one layer from a tar of files, possibly compressed.
   * @throws ServerError when it is no tar, or the URL cannot be fetched
   */
  import(source: ImportSource, options?: ImportOptions): Operation<ImportEvent, Image> {
    return importImage(this.#caller, this.#credentials, source, options);
  }

  /** Searches Docker Hub. @throws ServerError when it cannot be reached */
  search(
    term: string,
    { limit, filters, auth, signal }: ImageSearchOptions = {},
  ): Promise<readonly ImageSearchResponseItem[]> {
    const headers = { "X-Registry-Auth": auth && encodeRegistryAuth("docker.io", auth) };
    const query = { term, limit, filters: filters && toFilters(filters) };
    return this.#caller.call("ImageSearch", { query, headers, signal });
  }

  /** Removes images that have no name and that no container uses. */
  prune({ all, filters, signal }: ImagePruneOptions = {}): Promise<ImagePruneResponse> {
    const dangling = all === undefined ? {} : { dangling: !all };
    return this.#caller.call("ImagePrune", {
      query: { filters: toFilters({ ...dangling, ...filters }) },
      signal,
    });
  }

  /**
   * Stops a build that somebody began on BuildKit with a `buildid`; nothing happens when there is none. Builds of
   * this library stop when they are aborted.
   */
  cancelBuild(id: string, { signal }: CallOptions = {}): Promise<void> {
    return this.#caller.call("BuildCancel", { query: { id }, signal });
  }

  /**
   * Empties the build cache of BuildKit, as far as the options let it.
   * @throws UnsupportedError for a limit that the engine does not know
   */
  pruneBuildCache(options?: BuildCachePruneOptions): Promise<BuildPruneResponse> {
    return pruneBuildCache(this.#caller, options);
  }
}

function isExport(options: BuildOptions | ExportBuildOptions): options is ExportBuildOptions {
  return options.output !== undefined && options.output !== "image";
}

function isForAll<All extends { readonly allTags: true }>(options: object | All): options is All {
  return "allTags" in options && options.allTags;
}
