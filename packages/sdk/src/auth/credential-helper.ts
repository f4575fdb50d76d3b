import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import type { Environment } from "../connection/config-folder.ts";
import { CredentialError } from "../errors.ts";
import type { AuthConfig } from "../generated/models.ts";

// What the helpers of the docker-credential-helpers project print when they know nothing of a registry.
const notFound = "credentials not found in native keychain";
// The user name that marks an identity token.
const tokenUser = "<token>";

/** One of the docker CLI's `docker-credential-NAME` programs. */
export class CredentialHelper {
  readonly #name: string;
  readonly #env: Environment;

  constructor(name: string, env: Environment) {
    this.#name = name;
    this.#env = env;
  }

  /** @param key of the registry, as the helper knows it. @throws CredentialError */
  async get(key: string, signal?: AbortSignal): Promise<AuthConfig | undefined> {
    const answer = await this.#run("get", key, key, signal);
    if (answer === undefined) return undefined;
    const { Username: username, Secret: secret } = answer;
    if (typeof username !== "string" || typeof secret !== "string") {
      throw this.#fault(key, "its answer lacks the user name or the secret");
    }
    return username === tokenUser ? { identitytoken: secret } : { username, password: secret };
  }

  /** The keys of all registries it has credentials for. @throws CredentialError */
  async list(signal?: AbortSignal): Promise<readonly string[]> {
    return Object.keys((await this.#run("list", "", "all registries", signal)) ?? {});
  }

  async #run(
    verb: "get" | "list",
    input: string,
    about: string,
    signal: AbortSignal | undefined,
  ): Promise<Readonly<Record<string, unknown>> | undefined> {
    // The name comes from a file and becomes part of a program's path.
    if (!/^[\w.-]+$/.test(this.#name)) throw this.#fault(about, "its name is not one of a program");
    signal?.throwIfAborted();
    const program = `docker-credential-${this.#name}`;
    const child = spawn(program, [verb], {
      env: this.#env,
      stdio: ["pipe", "pipe", "ignore"],
      ...(signal !== undefined && { signal }),
      windowsHide: true,
    });
    // A helper may end without having read its input.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
    let output: string;
    let code: unknown;
    try {
      [output, [code]] = await Promise.all([text(child.stdout), once(child, "close")]);
    } catch (cause) {
      signal?.throwIfAborted();
      const missing = (cause as NodeJS.ErrnoException).code === "ENOENT";
      throw this.#fault(about, missing ? `there is no program ${program} on the PATH` : String(cause), cause);
    }
    if (code !== 0) {
      if (output.trim() === notFound) return undefined;
      throw this.#fault(about, `it ended with code ${String(code)}: ${output.trim().slice(0, 500)}`);
    }
    return this.#parse(output, about);
  }

  #parse(output: string, about: string): Readonly<Record<string, unknown>> {
    let answer: unknown;
    try {
      answer = JSON.parse(output);
    } catch {
      // Without the parser's error: it quotes the output, which may hold the secret.
    }
    if (typeof answer !== "object" || answer === null)
      throw this.#fault(about, "its answer is no JSON object");
    return answer as Readonly<Record<string, unknown>>; // each field is checked where it is read
  }

  #fault(registry: string, why: string, cause?: unknown): CredentialError {
    return new CredentialError(`The credential helper "${this.#name}" failed for ${registry}: ${why}.`, {
      registry,
      helper: this.#name,
      cause,
    });
  }
}
