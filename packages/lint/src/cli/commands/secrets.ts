/** `--secret`, written as for `docker build`. */
import { UsageError } from "../usage-error.ts";

/** Where a secret is taken from when a build asks for it. */
type Secret = { readonly file: string } | { readonly env: string };

/** Reads `id=ID,src=FILE` and `id=ID,env=NAME`; `id=ID` alone is the variable of that name. Throws a {@link UsageError}. */
export function readSecrets(texts: readonly string[]): Readonly<Record<string, Secret>> | undefined {
  return texts.length === 0 ? undefined : Object.fromEntries(texts.map(readSecret));
}

function readSecret(text: string): readonly [string, Secret] {
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
  return [id, { env: env ?? file ?? id }];
}
