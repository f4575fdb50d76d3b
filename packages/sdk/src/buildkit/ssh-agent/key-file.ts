import { createPrivateKey } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { ConfigError } from "../../errors.ts";
import { identityOf, type Identity } from "./identity.ts";
import { ProtectedKeyError, readOpensshKey, type StoredKey } from "./openssh-key.ts";

/** Reads a private key: of ssh-keygen, or PEM. @throws ConfigError, with the file's path, when it cannot be used. */
export async function readKeyFile(path: string): Promise<Identity> {
  try {
    return identityOf(readKey(await readFile(path, "utf8"), basename(path)));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const advice =
      cause instanceof ProtectedKeyError ? "; load it into an ssh agent and give that to the build" : "";
    throw new ConfigError(`The ssh key ${path} cannot be used: ${reason}${advice}.`, { path, cause });
  }
}

function readKey(text: string, name: string): StoredKey {
  const openssh = readOpensshKey(text);
  if (openssh !== undefined) return openssh;
  if (!text.includes("PRIVATE KEY-----")) throw new Error("it is no private key");
  if (/BEGIN ENCRYPTED PRIVATE KEY|Proc-Type: 4,ENCRYPTED/.test(text)) {
    throw new ProtectedKeyError("it is protected by a passphrase");
  }
  return { key: createPrivateKey(text), comment: name };
}
