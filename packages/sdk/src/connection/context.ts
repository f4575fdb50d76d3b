import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigError } from "../errors.ts";
import { readTlsFile, type Endpoint, type TlsOptions } from "./endpoint.ts";
import { configFolder, type Environment } from "./config-folder.ts";

/** The context that `docker context use` chose; undefined for the default one. */
export function currentContext(env: Environment): { name: string; source: string } | undefined {
  const file = join(configFolder(env), "config.json");
  if (!existsSync(file)) return undefined;
  const config = readJson(file);
  const name = config["currentContext"];
  return typeof name === "string" && name !== "" && name !== "default" ? { name, source: file } : undefined;
}

/**
 * The endpoint of a context in the docker CLI's store, with its TLS files.
 * @param source where the name came from, for messages.
 * @throws ConfigError when there is no such context or it cannot be read.
 */
export function contextEndpoint(name: string, source: string, env: Environment): Endpoint {
  // The store names its folders by the hash of the context's name.
  const id = createHash("sha256").update(name).digest("hex");
  const store = join(configFolder(env), "contexts");
  const file = join(store, "meta", id, "meta.json");
  if (!existsSync(file)) {
    throw new ConfigError(
      `There is no context "${name}" (named by ${source}): ${file} does not exist. "docker context ls" lists them.`,
      { path: file },
    );
  }
  const docker = child(child(readJson(file), "Endpoints"), "docker");
  const host = docker["Host"];
  if (typeof host !== "string") {
    throw new ConfigError(`The context "${name}" has no Docker endpoint.`, {
      path: file,
      key: "Endpoints.docker.Host",
    });
  }
  const tls = contextTls(join(store, "tls", id, "docker"), docker["SkipTLSVerify"] === true);
  return { host, tls, source: `context "${name}"` };
}

function contextTls(folder: string, skipVerify: boolean): TlsOptions | undefined {
  const present = ["ca.pem", "cert.pem", "key.pem"].filter((name) => existsSync(join(folder, name)));
  if (present.length === 0) return skipVerify ? { verify: false } : undefined;
  const read = (name: string): Uint8Array | undefined =>
    present.includes(name) ? readTlsFile(folder, name) : undefined;
  return { ca: read("ca.pem"), cert: read("cert.pem"), key: read("key.pem"), verify: !skipVerify };
}

function readJson(file: string): Readonly<Record<string, unknown>> {
  try {
    return asObject(JSON.parse(readFileSync(file, "utf8")));
  } catch (cause) {
    throw new ConfigError(`Cannot read ${file}: ${(cause as Error).message}`, { path: file, cause });
  }
}

function child(parent: Readonly<Record<string, unknown>>, key: string): Readonly<Record<string, unknown>> {
  return asObject(parent[key]);
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
