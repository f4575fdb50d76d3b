import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { configFolder, type Environment } from "../connection/config-folder.ts";
import { ConfigError, CredentialError } from "../errors.ts";
import type { AuthConfig } from "../generated/models.ts";
import { CredentialHelper } from "./credential-helper.ts";
import type { CredentialSource } from "./credential-source.ts";
import { registryKey, registryOfKey } from "./registry-auth.ts";

/** The part of the docker CLI's `config.json` that is about registries. */
interface RegistryConfig {
  readonly auths: Readonly<Record<string, AuthConfig>>;
  readonly credsStore: string | undefined;
  readonly credHelpers: Readonly<Record<string, string>>;
}

/**
 * The docker CLI's credentials: `DOCKER_AUTH_CONFIG`, then the credential helper of the registry, or else the
 * `auths` of `config.json`. Files are read anew each time, so that a `docker login` counts at once.
 */
export class DockerConfigCredentials implements CredentialSource {
  readonly #env: Environment;

  constructor(env: Environment) {
    this.#env = env;
  }

  /**
   * The credentials for one registry; undefined where there are none.
   *
   * @param registry host with its port if it has one; Docker Hub is `docker.io`.
   * @throws ConfigError when the file cannot be used, CredentialError when a helper fails.
   */
  async get(registry: string, signal?: AbortSignal): Promise<AuthConfig | undefined> {
    const given = find(this.#environmentAuths(), registry);
    if (given !== undefined) return given;
    const config = await this.#read();
    const helper = helperOf(config, registry);
    if (helper === undefined) return find(config.auths, registry);
    return await this.#ask(helper, registry, signal);
  }

  /**
   * Those of all registries known, by host. What a helper does not give is told to `skipped` and left out.
   *
   * @throws ConfigError when the file cannot be used.
   */
  async all(
    skipped: (problem: CredentialError) => void,
    signal?: AbortSignal,
  ): Promise<Readonly<Record<string, AuthConfig>>> {
    const config = await this.#read();
    const found: Record<string, AuthConfig> = {};
    const add = (auths: Readonly<Record<string, AuthConfig>>): void => {
      for (const [key, auth] of Object.entries(auths)) if (isUsable(auth)) found[registryOfKey(key)] = auth;
    };
    const trying = async (work: () => Promise<void>): Promise<void> => {
      try {
        await work();
      } catch (error) {
        if (!(error instanceof CredentialError)) throw error;
        skipped(error);
      }
    };
    const askFor = async (helper: string, registry: string): Promise<void> => {
      const auth = await this.#ask(helper, registry, signal);
      if (auth !== undefined) found[registry] = auth;
    };

    add(config.auths);
    const { credsStore } = config;
    if (credsStore !== undefined) {
      await trying(async () => {
        const keys = await new CredentialHelper(credsStore, this.#env).list(signal);
        for (const registry of new Set(keys.map(registryOfKey))) {
          await trying(() => askFor(credsStore, registry));
        }
      });
    }
    for (const [key, helper] of Object.entries(config.credHelpers)) {
      await trying(() => askFor(helper, registryOfKey(key)));
    }
    add(this.#environmentAuths());
    return found;
  }

  #ask(helper: string, registry: string, signal: AbortSignal | undefined): Promise<AuthConfig | undefined> {
    return new CredentialHelper(helper, this.#env).get(registryKey(registry), signal);
  }

  #environmentAuths(): Readonly<Record<string, AuthConfig>> {
    const name = "DOCKER_AUTH_CONFIG";
    const text = this.#env[name];
    return text === undefined || text === "" ? {} : parseConfig(text, name).auths;
  }

  async #read(): Promise<RegistryConfig> {
    const path = join(configFolder(this.#env), "config.json");
    try {
      return parseConfig(await readFile(path, "utf8"), path);
    } catch (cause) {
      if (cause instanceof ConfigError) throw cause;
      const { code, message } = cause as NodeJS.ErrnoException; // readFile throws nothing else
      if (code === "ENOENT" || code === "ENOTDIR") return parseConfig("{}", path);
      throw new ConfigError(`Cannot read ${path}: ${message}`, { path, cause });
    }
  }
}

/** @param path of the file, or name of the variable, for errors. */
function parseConfig(text: string, path: string): RegistryConfig {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // Without the parser's error: it quotes the text, which holds secrets.
    throw new ConfigError(`${path} is not JSON.`, { path });
  }
  const config = asObject(json);
  const store = config["credsStore"];
  return {
    auths: Object.fromEntries(
      Object.entries(asObject(config["auths"])).map(([key, entry]) => [
        key,
        parseEntry(asObject(entry), key, path),
      ]),
    ),
    credsStore: typeof store === "string" && store !== "" ? store : undefined,
    credHelpers: Object.fromEntries(
      Object.entries(asObject(config["credHelpers"])).filter(
        (entry): entry is [string, string] => typeof entry[1] === "string" && entry[1] !== "",
      ),
    ),
  };
}

function parseEntry(entry: Readonly<Record<string, unknown>>, key: string, path: string): AuthConfig {
  const field = (name: string): string | undefined => {
    const value = entry[name];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const tokens = { identitytoken: field("identitytoken"), registrytoken: field("registrytoken") };
  const encoded = field("auth");
  if (encoded === undefined) return { username: field("username"), password: field("password"), ...tokens };
  const decoded = Buffer.from(encoded, "base64").toString();
  const colon = decoded.indexOf(":");
  if (colon === -1) {
    throw new ConfigError(`The credentials for ${key} in ${path} are not base64 of user:password.`, {
      path,
      key: `auths["${key}"].auth`,
    });
  }
  // Some writers of the file fill the password up with NULs.
  const password = decoded.slice(colon + 1).replaceAll(/^\0+|\0+$/g, "");
  return { username: decoded.slice(0, colon), password, ...tokens };
}

function helperOf(config: RegistryConfig, registry: string): string | undefined {
  const own = config.credHelpers[registryKey(registry)] ?? config.credHelpers[registry];
  return own ?? config.credsStore;
}

/** The exact key first, then whatever old key means the same registry. */
function find(auths: Readonly<Record<string, AuthConfig>>, registry: string): AuthConfig | undefined {
  const key = Object.hasOwn(auths, registryKey(registry))
    ? registryKey(registry)
    : Object.keys(auths).find((key) => registryOfKey(key) === registry);
  const auth = key === undefined ? undefined : auths[key];
  return auth !== undefined && isUsable(auth) ? auth : undefined;
}

/** `docker login` with a credential store leaves empty entries behind. */
function isUsable({ username, password, identitytoken, registrytoken }: AuthConfig): boolean {
  return [username, password, identitytoken, registrytoken].some(
    (value) => value !== undefined && value !== "",
  );
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {}; // fields are checked
}
