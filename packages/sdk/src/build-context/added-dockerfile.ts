import { randomBytes } from "node:crypto";
import { contentOf, givenFile, type ContextEntry } from "./context-entry.ts";

export const ignoreFile = ".dockerignore";

/** The docker CLI's kind of name for a Dockerfile that the context does not hold. */
export function randomDockerfileName(): string {
  return `.dockerfile.${randomBytes(10).toString("hex")}`;
}

/**
 * Sends a Dockerfile along that the context does not hold. `.dockerignore` gets a line for it: the engine then
 * takes it out of the context once it was read, so that `COPY .` brings it into no image.
 */
export function* addDockerfile(
  entries: Iterable<ContextEntry | undefined>,
  name: string,
  text: Uint8Array,
): Generator<ContextEntry | undefined, void, undefined> {
  let hasIgnoreFile = false;
  for (const entry of entries) {
    if (entry?.path === ignoreFile) {
      hasIgnoreFile = true;
      yield entry.type === "file" ? withLine(entry, name) : entry;
    } else {
      yield entry;
    }
  }
  yield givenFile(name, text, 0o600);
  if (!hasIgnoreFile) yield givenFile(ignoreFile, Buffer.from(`${ignoreFile}\n${name}\n`), 0o600);
}

function withLine(entry: ContextEntry, line: string): ContextEntry {
  const source = Buffer.concat([contentOf(entry), Buffer.from(`\n${line}\n`)]);
  return { ...entry, source, size: source.length };
}
