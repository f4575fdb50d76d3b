import { createHash } from "node:crypto";
import { basename } from "node:path";
import { contentOf, type ContextEntry } from "../../build-context/context-entry.ts";
import { type Dockerignore, DockerignoreError, parseDockerignore } from "../../build-context/dockerignore.ts";
import { decodeName } from "../../build-context/file-name.ts";
import { ContextError } from "../../errors.ts";
import { parsePatterns } from "./selection.ts";

/**
 * Bytes. The engine reads an ignore file and asks for the context with one header per pattern, up to three times as
 * long as the pattern. Node takes nine frames of headers, about 130 kB: more ends the session.
 */
const longest = 32 * 1024;

/** The ignore files of one session. For a long one the engine gets a single pattern, by which it is known again. */
export class IgnoreFiles {
  readonly #long = new Map<string, Dockerignore>();

  /** The patterns that the engine means by those it sends. */
  patternsFor(sent: readonly string[]): Dockerignore {
    const [name = ""] = sent;
    return this.#long.get(name) ?? parsePatterns(sent);
  }

  /** What the engine gets when it asks for an ignore file. */
  *shorten(
    entries: Iterable<ContextEntry | undefined>,
  ): Generator<ContextEntry | undefined, void, undefined> {
    for (const entry of entries) {
      const isLong = entry?.type === "file" && entry.path.endsWith(".dockerignore") && entry.size > longest;
      yield isLong ? this.#standIn(entry) : entry;
    }
  }

  #standIn(entry: ContextEntry): ContextEntry {
    const bytes = contentOf(entry);
    // A path that no context has.
    const digest = createHash("sha256").update(bytes).digest();
    const name = `.dockerignore-${digest.toString("hex")}`;
    this.#long.set(name, parse(entry, bytes));
    const source = Buffer.from(`${name}\n`);
    // Engines before 26 take a file of the same size and time for the one they have.
    const mtimeNs = BigInt(Date.now()) * 1_000_000n + BigInt(digest.readUInt16LE());
    return { ...entry, source, size: source.length, mtimeNs };
  }
}

function parse({ path, source }: ContextEntry, bytes: Uint8Array): Dockerignore {
  try {
    return parseDockerignore(decodeName(Buffer.from(bytes)));
  } catch (cause) {
    if (!(cause instanceof DockerignoreError)) throw cause;
    const file = typeof source === "string" ? source : basename(path);
    throw new ContextError(`${file}: ${cause.message}`, { path: file, cause });
  }
}
