/** `--secret`, written as for `docker build`. */
import { accessSync, constants, existsSync, statSync } from "node:fs";
import { describeFileError } from "../../files/read.ts";
import { UsageError } from "../usage-error.ts";

/** Where a secret is taken from when a build asks for it. */
type Secret = { readonly file: string } | { readonly env: string };

/** The variables of a process. */
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads `id=ID,src=FILE` and `id=ID,env=NAME`; `id=ID` alone is the variable of that name, or the file where there is no such
 * variable. Throws a {@link UsageError}, also for a secret that is not there or given twice.
 */
export function readSecrets(
  texts: readonly string[],
  environment: Environment,
): Readonly<Record<string, Secret>> | undefined {
  if (texts.length === 0) return undefined;
  const secrets = new Map<string, Secret>();
  for (const text of texts) {
    const [id, secret] = readSecret(text, environment);
    const fault = secrets.has(id) ? `there is another secret "${id}".` : faultOf(secret, environment);
    if (fault !== undefined) throw new UsageError(`--secret ${text}: ${fault}`);
    secrets.set(id, secret);
  }
  return Object.fromEntries(secrets);
}

function faultOf(secret: Secret, environment: Environment): string | undefined {
  if ("env" in secret) {
    return environment[secret.env] === undefined ? `the variable ${secret.env} is not set.` : undefined;
  }
  try {
    accessSync(secret.file, constants.R_OK);
    // It would be the build that fails, where a step reads it.
    return statSync(secret.file).isDirectory() ? `${secret.file} is a folder.` : undefined;
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
