/** Asks registries for the images that Dockerfiles are based on, each once. */
import { DockerConfigCredentials } from "docker-engine-sdk/credentials";
import type { RegistryFacts, ResolvedImage } from "../linter/facts/registry-facts.ts";
import { parseImageReference } from "../semantics/images/image-reference.ts";
import { resolveDigest, type RegistryCredentials } from "./resolve-digest.ts";

/** Milliseconds for all questions of a run together. */
const BUDGET = 30_000;

/** One run's knowledge of registries. */
export class Registry {
  /** What could not be found out, one sentence each. */
  readonly problems: Set<string> = new Set();
  readonly #known = new Map<string, Promise<ResolvedImage | undefined>>();
  readonly #deadline = Date.now() + BUDGET;
  readonly #credentials = new DockerConfigCredentials(process.env);

  /** What the registries say of some references; those that cannot be resolved are left out. */
  async facts(references: readonly string[]): Promise<RegistryFacts> {
    const found = await Promise.all(
      references.map(async (text) => [text, await this.#resolve(text)] as const),
    );
    return new Map(found.flatMap(([text, image]) => (image === undefined ? [] : [[text, image]])));
  }

  #resolve(text: string): Promise<ResolvedImage | undefined> {
    let known = this.#known.get(text);
    if (known === undefined) {
      known = this.#ask(text).catch((error: unknown) => {
        this.problems.add(`${text}: ${error instanceof Error ? error.message : String(error)}`);
        return undefined;
      });
      this.#known.set(text, known);
    }
    return known;
  }

  async #ask(text: string): Promise<ResolvedImage | undefined> {
    const reference = parseImageReference(text);
    if (reference === undefined || reference.digest !== undefined) return undefined;
    const credentials = async (registry: string): Promise<RegistryCredentials | undefined> =>
      this.#credentials.get(registry);
    const digest = await resolveDigest(reference, { credentials, deadline: this.#deadline });
    return { digest, evidence: `${reference.registry} says so, asked just now.` };
  }
}
