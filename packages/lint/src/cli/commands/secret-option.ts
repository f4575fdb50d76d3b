/** `--secret`, as the docker CLI takes it. */
import type { BuildRequest } from "../../engine/build-image.ts";
import type { Options } from "../arguments.ts";
import { UsageError } from "../usage-error.ts";

type Secrets = NonNullable<BuildRequest["secrets"]>;

/**
 * Reads `id=NAME[,src=PATH|,env=NAME]`, any number of times; without a source it is the variable of that name, where there is
 * one, and else the file. Throws a {@link UsageError}.
 */
export function secretsOf(
  options: Options,
  environment: Readonly<Record<string, string | undefined>>,
): Secrets | undefined {
  const given = options.list("secret");
  if (given === undefined) return undefined;
  return Object.fromEntries(given.map((text) => readSecret(text, environment)));
}

function readSecret(
  text: string,
  environment: Readonly<Record<string, string | undefined>>,
): [id: string, source: Secrets[string]] {
  const fields = new Map<string, string>();
  for (const field of text.split(",")) {
    const [, key = "", value = ""] = /^\s*(\w+)=(.*)$/.exec(field) ?? [];
    if (!["id", "src", "source", "env", "type"].includes(key) || value === "") throw malformed(text);
    fields.set(key === "source" ? "src" : key, value);
  }
  const [id, file, env, type] = ["id", "src", "env", "type"].map((key) => fields.get(key));
  if (id === undefined || (file !== undefined && env !== undefined && type === undefined))
    throw malformed(text);
  // With `type=env` the docker CLI takes `src` for the name of a variable.
  if (type === "env") return [id, { env: env ?? file ?? id }];
  if (env !== undefined) return [id, { env }];
  if (file !== undefined) return [id, { file }];
  return [id, type !== "file" && environment[id] !== undefined ? { env: id } : { file: id }];
}

function malformed(text: string): UsageError {
  return new UsageError(`--secret takes id=NAME,src=PATH or id=NAME,env=NAME, not "${text}".`);
}
