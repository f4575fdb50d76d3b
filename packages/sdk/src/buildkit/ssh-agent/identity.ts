import { createPublicKey, sign, type KeyObject } from "node:crypto";
import type { StoredKey } from "./openssh-key.ts";
import { wireInteger, wireString } from "./wire.ts";

/** A key that an agent signs with and does not give away. */
export interface Identity {
  /** The public key, as SSH writes it. */
  readonly blob: Buffer;
  readonly comment: string;
  /** @param flags which hash is asked of an RSA key */
  readonly sign: (data: Uint8Array, flags: number) => Buffer;
}

/** @throws Error for kinds of keys that SSH does not know any more. */
export function identityOf({ key, comment }: StoredKey): Identity {
  const kind = kinds[key.asymmetricKeyType ?? ""];
  if (kind === undefined) throw new Error(`keys of type ${key.asymmetricKeyType} are not supported`);
  return { comment, ...kind(key) };
}

type Kind = (key: KeyObject) => Pick<Identity, "blob" | "sign">;

const kinds: Readonly<Record<string, Kind>> = { ed25519, rsa, ec };

function ed25519(key: KeyObject): ReturnType<Kind> {
  const name = "ssh-ed25519";
  const { x = "" } = createPublicKey(key).export({ format: "jwk" });
  return {
    blob: Buffer.concat([wireString(name), wireString(decode(x))]),
    sign: (data) => signature(name, sign(null, data, key)),
  };
}

const rsaFlags = { sha256: 2, sha512: 4 };

function rsa(key: KeyObject): ReturnType<Kind> {
  const { e = "", n = "" } = createPublicKey(key).export({ format: "jwk" });
  return {
    blob: Buffer.concat([wireString("ssh-rsa"), wireInteger(decode(e)), wireInteger(decode(n))]),
    sign: (data, flags) => {
      if ((flags & rsaFlags.sha512) !== 0) return signature("rsa-sha2-512", sign("sha512", data, key));
      if ((flags & rsaFlags.sha256) !== 0) return signature("rsa-sha2-256", sign("sha256", data, key));
      return signature("ssh-rsa", sign("sha1", data, key));
    },
  };
}

const curves: Readonly<Record<string, { readonly name: string; readonly hash: string }>> = {
  "P-256": { name: "nistp256", hash: "sha256" },
  "P-384": { name: "nistp384", hash: "sha384" },
  "P-521": { name: "nistp521", hash: "sha512" },
};

function ec(key: KeyObject): ReturnType<Kind> {
  const { crv = "", x = "", y = "" } = createPublicKey(key).export({ format: "jwk" });
  const curve = curves[crv];
  if (curve === undefined) throw new Error(`keys on the curve ${crv} are not supported`);
  const name = `ecdsa-sha2-${curve.name}`;
  const point = Buffer.concat([Buffer.of(4), decode(x), decode(y)]);
  return {
    blob: Buffer.concat([wireString(name), wireString(curve.name), wireString(point)]),
    sign: (data) => {
      const both = sign(curve.hash, data, { key, dsaEncoding: "ieee-p1363" });
      const half = both.length / 2;
      const numbers = [wireInteger(both.subarray(0, half)), wireInteger(both.subarray(half))];
      return signature(name, Buffer.concat(numbers));
    },
  };
}

function signature(name: string, value: Uint8Array): Buffer {
  return Buffer.concat([wireString(name), wireString(value)]);
}

function decode(base64: string): Buffer {
  return Buffer.from(base64, "base64url");
}
