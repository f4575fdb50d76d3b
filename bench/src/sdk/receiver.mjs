/** Where the bytes go: counted, and hashed when this run is to prove that they are right. */
import { createHash } from "node:crypto";

export class Receiver {
  bytes = 0;
  #hash;

  constructor(verify) {
    this.#hash = verify ? createHash("sha256") : undefined;
  }

  take(chunk) {
    this.bytes += chunk.length;
    this.#hash?.update(chunk);
  }

  answer() {
    return { bytes: this.bytes, sha256: this.#hash?.digest("hex") };
  }
}
