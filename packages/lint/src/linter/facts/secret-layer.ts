/** The credentials in a layer by their real paths, as an engine that built it tells. */
import { credentialFile } from "../../semantics/secrets/secret-files.ts";
import { absolutePath } from "../../semantics/paths/absolute-path.ts";
import { matcherFor } from "../../semantics/paths/path-matcher.ts";
import type { Instruction } from "../../syntax/nodes.ts";
import { layerOf, type BuildFacts } from "./engine-facts.ts";
import type { RuleContext } from "../rule.ts";

/** The files of credentials in the layer of an instruction, where it was built; what findings account for is taken out. */
export class SecretLayer {
  readonly #instruction: Instruction;
  readonly #context: RuleContext;
  readonly #build: BuildFacts | undefined;
  #paths: readonly string[] = [];

  constructor(instruction: Instruction, context: RuleContext) {
    this.#instruction = instruction;
    this.#context = context;
    this.#build = context.engine?.build;
    const layer = this.#build && layerOf(this.#build, instruction, context.source);
    if (layer !== undefined) this.#paths = layer.written.filter(isSecretPath);
  }

  /** What is at a path or below it, as evidence. */
  take(path: string): string[] {
    const matches = matcherFor(path);
    const found = this.#paths.filter((one) =>
      matches(absolutePath(one, this.#instruction, this.#context.model)),
    );
    this.#paths = this.#paths.filter((one) => !found.includes(one));
    return found.length === 0 ? [] : [this.#evidence(found)];
  }

  /** Reports those that no finding accounts for. */
  reportRest(): void {
    if (this.#paths.length === 0) return;
    const { context: folder } = this.#context;
    const { name, keyword, flags } = this.#instruction;
    const isOfContext =
      (keyword === "COPY" || keyword === "ADD") && !flags.some((flag) => flag.name === "from");
    // Of what is in the context DFL603 tells, if it is known.
    const [first, ...others] = isOfContext && folder !== undefined ? [] : this.#paths;
    if (first === undefined) return;
    const more = others.length === 0 ? "" : ` and ${others.length} more`;
    const later = this.#isDeleted(first) ? ", though a later one deletes it" : "";
    this.#context.report({
      at: name.span,
      instruction: this.#instruction,
      message: `The layer of this ${keyword} holds ${first}${more}, credentials by the name, for everybody who has the image${later}; lend them to the step with RUN --mount=type=secret, or give them to the container when it starts.`,
      evidence: [this.#evidence([first, ...others])],
    });
  }

  #isDeleted(path: string): boolean {
    const layers = this.#build?.layers ?? [];
    return layers.some(({ hidden }) =>
      hidden.some((file) => file.path === path && file.reason === "deleted"),
    );
  }

  #evidence(paths: readonly string[]): string {
    return `In the layer: ${paths.slice(0, SHOWN).join(", ")}${paths.length > SHOWN ? " …" : ""}: ${this.#build?.source ?? ""}.`;
  }
}

/** How many paths are named. */
const SHOWN = 5;

/** Where packages and toolchains put what they bring, keys for their own tests among it. */
const OF_PACKAGES =
  /^\/(?:lib(?:64)?|usr\/(?:lib(?:64|exec)?|share|include|local\/(?:lib|share|go))|var\/lib\/(?:dpkg|rpm|apt|gems)|etc\/ssl\/certs|etc\/pki)\/|\/(?:node_modules|site-packages|dist-packages|gems|vendor|go\/pkg)\//;

/** Files that hold nothing but credentials, whoever wrote them. */
function isSecretPath(path: string): boolean {
  return credentialFile(path) === "always" && !OF_PACKAGES.test(path);
}
