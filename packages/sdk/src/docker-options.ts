import { registryAuths } from "./auth/check-auth.ts";
import { isCredentialSource, type Credentials } from "./auth/credentials.ts";
import type { Environment } from "./connection/config-folder.ts";
import type { TlsOptions } from "./connection/endpoint.ts";
import { optionAdvice } from "./connection/option-advice.ts";
import type { TransportOptions } from "./transport/transport.ts";
import { record, text, textOrBytes, type Check } from "./values/argument.ts";
import { settingsOf } from "./values/options.ts";

/** How an engine is reached. Everything that is left out is found as the docker CLI finds it. */
export interface DockerOptions {
  /**
   * `unix:///path`, `tcp://name:port`, `ssh://user@name:port/path`, `npipe:////./pipe/name`. Default: found as the
   * docker CLI does.
   */
  readonly host?: string | undefined;
  /**
   * A context of the docker CLI, by name. Ignored when `host` is given. Default: `DOCKER_HOST`, `DOCKER_CONTEXT`, else
   * the one that `docker context use` chose.
   */
  readonly context?: string | undefined;
  /** Certificates for `tcp://`. Default: those of the context or of `DOCKER_CERT_PATH`. */
  readonly tls?: TlsOptions | undefined;
  /**
   * Pins the API version, e.g. `"1.41"`. Default: `DOCKER_API_VERSION`, else the newest that the engine and this
   * library know.
   */
  readonly apiVersion?: string | undefined;
  /**
   * An undici dispatcher to send everything through, which {@link Docker.close} does not close. Default: connections of
   * this client's own.
   */
  readonly dispatcher?: TransportOptions["dispatcher"];
  /**
   * Credentials for registries; `{}` has none. Default: those of the docker CLI's configuration, credential helpers
   * included.
   */
  readonly credentials?: Credentials | undefined;
  /** Variables to read in place of the environment. Default `process.env`. */
  readonly env?: Environment | undefined;
}

const credentials = registryAuths("credentials");

const tlsOptions = settingsOf<TlsOptions>(
  "tls",
  "{ ca, cert, key }",
  {
    ca: textOrBytes("ca", "in PEM"),
    cert: textOrBytes("cert", "in PEM"),
    key: textOrBytes("key", "in PEM"),
    verify: "boolean",
  },
  optionAdvice,
);

/** Takes {@link DockerOptions}. A misspelt `host` would have the client speak to another engine than was meant. */
export const dockerOptions: Check = settingsOf<DockerOptions>(
  "options",
  '{ host: "unix:///var/run/docker.sock" }',
  {
    host: text("host", '"unix:///var/run/docker.sock"'),
    context: text("context", '"default"'),
    tls: tlsOptions,
    apiVersion: text("apiVersion", '"1.41"'),
    dispatcher: record("dispatcher", "new Agent() of undici"),
    credentials: (value, of) => {
      if (!isCredentialSource(value)) credentials(value, of);
    },
    env: record("env", "process.env"),
  },
  optionAdvice,
);
