import { createHash, randomBytes } from "node:crypto";
import { mkdir, open, rename, rm, stat, type FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import { errorCode } from "../../build-context/context-fault.ts";
import { GrpcError, grpcCodes } from "../grpc/grpc-error.ts";

/** Blobs by their digest in a folder, laid out as OCI has it: `blobs/sha256/…`. */
export class BlobStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Bytes. @throws GrpcError when there is no such blob */
  async size(digest: string): Promise<number> {
    return (await this.#found(digest, (path) => stat(path))).size;
  }

  /** A blob's file, which the caller closes. @throws GrpcError when there is no such blob */
  open(digest: string): Promise<FileHandle> {
    return this.#found(digest, (path) => open(path, "r"));
  }

  async has(digest: string): Promise<boolean> {
    return this.size(digest).then(
      () => true,
      () => false,
    );
  }

  /** A new blob, which is there once it is committed. */
  async create(): Promise<Ingest> {
    const folder = join(this.#folder, "ingest");
    await mkdir(folder, { recursive: true });
    const path = join(folder, randomBytes(12).toString("hex"));
    return new Ingest(await open(path, "wx"), path, (digest) => this.#pathOf(digest));
  }

  async #found<T>(digest: string, use: (path: string) => Promise<T>): Promise<T> {
    try {
      return await use(this.#pathOf(digest));
    } catch (cause) {
      if (errorCode(cause) !== "ENOENT") throw cause;
      throw new GrpcError(grpcCodes.notFound, `there is no blob ${digest}`, { cause });
    }
  }

  #pathOf(digest: string): string {
    const [, hex] = /^sha256:([0-9a-f]{64})$/.exec(digest) ?? [];
    if (hex === undefined) throw new GrpcError(grpcCodes.invalidArgument, `"${digest}" is no digest`);
    return join(this.#folder, "blobs", "sha256", hex);
  }
}

/** A blob that is being written. */
export class Ingest {
  readonly #file: FileHandle;
  readonly #path: string;
  readonly #placeOf: (digest: string) => string;
  readonly #hash = createHash("sha256");
  #length = 0;

  constructor(file: FileHandle, path: string, placeOf: (digest: string) => string) {
    this.#file = file;
    this.#path = path;
    this.#placeOf = placeOf;
  }

  /** Bytes so far. */
  get length(): number {
    return this.#length;
  }

  async write(data: Uint8Array): Promise<void> {
    await this.#file.writeFile(data);
    this.#hash.update(data);
    this.#length += data.length;
  }

  /** @returns its digest. @throws GrpcError when it is not the one expected */
  async commit(expected: string): Promise<string> {
    const digest = `sha256:${this.#hash.digest("hex")}`;
    if (expected !== "" && expected !== digest) {
      throw new GrpcError(grpcCodes.failedPrecondition, `what came is ${digest} and not ${expected}`);
    }
    const place = this.#placeOf(digest);
    await mkdir(dirname(place), { recursive: true });
    await this.#file.close();
    await rename(this.#path, place);
    return digest;
  }

  /** Leaves nothing behind; of no effect after a commit. */
  async discard(): Promise<void> {
    await this.#file.close().catch(() => undefined); // it is, after a commit
    await rm(this.#path, { force: true });
  }
}
