import { createPrivateKey, type JsonWebKey, type KeyObject } from "node:crypto";
import { WireReader, withoutZeros } from "./wire.ts";

/** A private key as a file holds it. */
export interface StoredKey {
  readonly key: KeyObject;
  /** Mostly whose it is. */
  readonly comment: string;
}

/** Says that only who knows its passphrase can read a key. */
export class ProtectedKeyError extends Error {
  override name = "ProtectedKeyError";
}

const block = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]+?)-----END OPENSSH PRIVATE KEY-----/;
const magic = "openssh-key-v1\0";

/** Reads the format of ssh-keygen, which node:crypto does not know. Undefined when the text is of another. */
export function readOpensshKey(text: string): StoredKey | undefined {
  const [, base64] = block.exec(text) ?? [];
  if (base64 === undefined) return undefined;
  const outer = new WireReader(Buffer.from(base64, "base64"));
  if (outer.take(magic.length).toString("latin1") !== magic) throw new Error("it is no OpenSSH key");
  const cipher = outer.text();
  outer.bytes(); // how the passphrase becomes a key
  outer.bytes(); // its parameters
  const count = outer.number();
  if (count !== 1) throw new Error(`it holds ${count} keys`);
  outer.bytes(); // the public key, which is in the private part, too
  if (cipher !== "none") throw new ProtectedKeyError("it is protected by a passphrase");
  const inner = new WireReader(outer.bytes());
  if (inner.number() !== inner.number()) throw new Error("it is damaged");
  const jwk = readFields(inner, inner.text());
  return { key: createPrivateKey({ key: jwk, format: "jwk" }), comment: inner.text() };
}

function readFields(fields: WireReader, type: string): JsonWebKey {
  if (type === "ssh-ed25519") {
    const x = fields.bytes();
    // The second half is the public key again.
    return { kty: "OKP", crv: "Ed25519", x: encode(x), d: encode(fields.bytes().subarray(0, 32)) };
  }
  if (type === "ssh-rsa") {
    const [n, e, d, qi, p, q] = Array.from({ length: 6 }, () => withoutZeros(fields.bytes()));
    const private_ = toBigInt(d);
    const rest = (prime: Uint8Array | undefined): string =>
      encode(toBytes(private_ % (toBigInt(prime) - 1n)));
    const [N, E, D, QI, P, Q] = [n, e, d, qi, p, q].map((number) => encode(number));
    return { kty: "RSA", n: N, e: E, d: D, p: P, q: Q, qi: QI, dp: rest(p), dq: rest(q) } as JsonWebKey;
  }
  const crv = curves[type];
  if (crv === undefined) throw new Error(`keys of type ${type} are not supported`);
  fields.bytes(); // the curve's name again
  const point = fields.bytes();
  const length = (point.length - 1) / 2;
  const d = withoutZeros(fields.bytes());
  const scalar = Buffer.concat([Buffer.alloc(Math.max(0, length - d.length)), d]);
  const [x, y] = [point.subarray(1, 1 + length), point.subarray(1 + length)];
  return { kty: "EC", crv, x: encode(x), y: encode(y), d: encode(scalar) };
}

const curves: Readonly<Record<string, string>> = {
  "ecdsa-sha2-nistp256": "P-256",
  "ecdsa-sha2-nistp384": "P-384",
  "ecdsa-sha2-nistp521": "P-521",
};

function encode(bytes: Uint8Array = new Uint8Array()): string {
  return Buffer.from(bytes).toString("base64url");
}

function toBigInt(bytes: Uint8Array = new Uint8Array()): bigint {
  return BigInt(`0x0${Buffer.from(bytes).toString("hex")}`);
}

function toBytes(value: bigint): Uint8Array {
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
}
