import { access, constants, readFile } from "node:fs/promises";
import type { Environment } from "../connection/config-folder.ts";
import { ConfigError } from "../errors.ts";
import type { SecretReaders } from "./services/secrets.ts";

type SecretValue = string | Uint8Array;

/**
 * Where a secret of a build comes from. It is sent to the engine when a step asks for it, and gets into no layer. A
 * function is called each time; undefined means that there is none.
 */
export type SecretSource =
  | { readonly file: string }
  | { readonly env: string }
  | { readonly value: SecretValue }
  | (() => SecretValue | undefined | Promise<SecretValue | undefined>);

/** Checks that secrets are there, and how to read them when a step asks. @throws ConfigError when one is not. */
export async function secretReaders(
  sources: Readonly<Record<string, SecretSource>>,
  env: Environment,
): Promise<SecretReaders> {
  const readers = await Promise.all(
    Object.entries(sources).map(async ([id, source]) => [id, await readerOf(id, source, env)] as const),
  );
  return new Map(readers);
}

async function readerOf(
  id: string,
  source: SecretSource,
  env: Environment,
): Promise<() => Promise<Uint8Array | undefined>> {
  if (typeof source === "function") {
    return async () => {
      const value = await source();
      return value === undefined ? undefined : toBytes(value);
    };
  }
  if ("value" in source) {
    const bytes = toBytes(source.value);
    return async () => bytes;
  }
  if ("env" in source) {
    const value = env[source.env];
    if (value === undefined) {
      throw new ConfigError(`The secret ${id} is not there: the variable ${source.env} is not set.`, {
        path: source.env,
      });
    }
    const bytes = toBytes(value);
    return async () => bytes;
  }
  const { file } = source;
  const fault = (cause: unknown): never => {
    throw new ConfigError(`The secret ${id} cannot be read from ${file}: ${reasonOf(cause)}`, {
      path: file,
      cause,
    });
  };
  await access(file, constants.R_OK).catch(fault);
  return () => readFile(file).catch(fault);
}

function toBytes(value: SecretValue): Uint8Array {
  return typeof value === "string" ? Buffer.from(value, "utf8") : value;
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
