/** What an engine says of an image that it has; undefined facts are those that nobody looked for. */
import { parseDockerfile } from "../../syntax/parser.ts";

/** An image, by its configuration. */
export interface ImageFacts {
  /** USER; empty where none is set, which means root. */
  readonly user: string;
  /** SHELL, where one is set. */
  readonly shell: readonly string[] | undefined;
  /** The variables of ENV. */
  readonly env: ReadonlyMap<string, string>;
  /** WORKDIR; empty where none is set, which means `/`. */
  readonly workdir: string;
  /** What ONBUILD holds. */
  readonly onbuild: readonly string[];
  /** What is exposed: `80/tcp`. */
  readonly ports: readonly string[];
  /** The command of HEALTHCHECK: `["CMD", "curl", …]`, `["CMD-SHELL", …]`, `["NONE"]`; undefined where none is set. */
  readonly healthcheck: readonly string[] | undefined;
  /** `linux/amd64`. */
  readonly platform: string;
  /** Whether it came from a registry, which may have it for other platforms, too. */
  readonly isPulled: boolean;
  /** All its layers, unpacked. */
  readonly bytes: number;
  /** Where the programs are that were looked for: an absolute path, or undefined for one that is not there. */
  readonly programs: ReadonlyMap<string, string | undefined>;
  /** Where the facts come from: `inspected node:20 (sha256:…), engine 28.5.2`. */
  readonly source: string;
}

/** The names that the triggers of an image define in the stage that is built on it. */
export function triggerVariables({ onbuild }: Pick<ImageFacts, "onbuild">): string[] {
  return parseDockerfile(onbuild.join("\n")).instructions.flatMap((trigger) => {
    if (trigger.keyword === "ENV") return trigger.pairs.map(({ key }) => key.text);
    return trigger.keyword === "ARG" ? trigger.declarations.map(({ name }) => name.text) : [];
  });
}

/** Whether a trigger of an image is such an instruction. */
export function hasTrigger({ onbuild }: Pick<ImageFacts, "onbuild">, keyword: string): boolean {
  return onbuild.some((trigger) => trigger.trim().split(/\s/, 1)[0]?.toUpperCase() === keyword);
}
