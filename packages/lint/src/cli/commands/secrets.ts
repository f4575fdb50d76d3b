/** `--secret`, written as for `docker build`. */
import { accessSync, constants, existsSync } from "node:fs";
import { describeFileError } from "../../files/read.ts";
import { UsageError } from "../usage-error.ts";

/** Where a secret is taken from when a build asks for it. */
type Secret = { readonly file: string } | { readonly env: string };

/** The variables of a process. */
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads `id=ID,src=FILE` and `id=ID,env=NAME`; `id=ID` alone is the variable of that name, or the file where there is no such
 * variable. Throws a {@link UsageError}, also for a secret that is not there.
 */
export function readSecrets(
  texts: readonly string[],
  environment: Environment,
): Readonly<Record<string, Secret>> | undefined {
  if (texts.length === 0) return undefined;
  return Object.fromEntries(
    texts.map((text) => {
      const [id, secret] = readSecret(text, environment);
      const fault = faultOf(secret, environment);
      if (fault !== undefined) throw new UsageError(`--secret ${text}: ${fault}`);
      return [id, secret];
    }),
  );
}

function faultOf(secret: Secret, environment: Environment): string | undefined {
  if ("env" in secret) {
    return environment[secret.env] === undefined ? `the variable ${secret.env} is not set.` : undefined;
  }
  try {
    accessSync(secret.file, constants.R_OK);
    return undefined;
  } catch (error) {
    return describeFileError(secret.file, error);
  }
}

function readSecret(text: string, environment: Environment): readonly [string, Secret] {
  const pairs = new Map(
    text.split(",").map((pair) => {
      const at = pair.indexOf("=");
      return [at === -1 ? pair : pair.slice(0, at), at === -1 ? "" : pair.slice(at + 1)] as const;
    }),
  );
  const { id, src, source, env, type, ...others } = Object.fromEntries(pairs);
  const unknown = Object.keys(others)[0];
  if (id === undefined || id === "" || unknown !== undefined) {
    throw new UsageError(`--secret takes id=ID,src=FILE or id=ID,env=NAME, not "${text}".`);
  }
  const file = src ?? source;
  if (file !== undefined && (env ?? type) !== "env") return [id, { file }];
  const name = env ?? file;
  if (name === undefined && environment[id] === undefined && existsSync(id)) return [id, { file: id }];
  return [id, { env: name ?? id }];
}
