/** What is in a tar: what the entries of a context come down to, whoever packed it. */
import { createHash } from "node:crypto";
import { createGunzip } from "node:zlib";
import { extract } from "tar-stream";

interface Input {
  readonly write: (chunk: Buffer) => unknown;
  readonly end: () => unknown;
}

/** Takes a tar piece by piece, packed by gzip or not. */
export class TarList {
  readonly #entries: string[] = [];
  #input: Input | undefined;
  #read: Promise<void> = Promise.resolve();

  push(chunk: Buffer): void {
    this.#input ??= this.#open(chunk[0] === 0x1f);
    this.#input.write(Buffer.from(chunk)); // a copy: whoever reads from the socket may use its memory again
  }

  /** A hash of the names, kinds and contents, in the order of the names. */
  async end(): Promise<string> {
    this.#input?.end();
    await this.#read;
    return createHash("sha256").update(this.#entries.toSorted().join("\n")).digest("hex");
  }

  #open(packed: boolean): Input {
    const tar = extract();
    this.#read = this.#list(tar);
    if (!packed) return { write: (chunk) => tar.write(chunk), end: () => tar.end(undefined) };
    const gunzip = createGunzip();
    gunzip.pipe(tar);
    return gunzip;
  }

  async #list(tar: ReturnType<typeof extract>): Promise<void> {
    for await (const entry of tar) {
      const hash = createHash("sha256");
      for await (const chunk of entry) hash.update(chunk as Buffer);
      const name = entry.header.name.replace(/^\.\/|\/$/g, "");
      if (name !== "" && name !== ".")
        this.#entries.push(`${name} ${entry.header.type} ${hash.digest("hex")}`);
    }
  }
}
