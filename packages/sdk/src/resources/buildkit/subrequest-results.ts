import type { Check } from "../../values/argument.ts";
import { optionsOf } from "../../values/options.ts";
import type { BuildOptions } from "../images/build-options.ts";
import { buildArgs } from "../images/check-build.ts";
import { dockerfileKinds } from "../images/check-context.ts";

/** What a question about a Dockerfile is about. */
export type SubrequestOptions = Pick<
  BuildOptions,
  "context" | "dockerfile" | "target" | "buildArgs" | "platform" | "signal"
>;

/** Takes {@link SubrequestOptions}. */
export const subrequestOptions: Check = optionsOf<SubrequestOptions>(
  '{ context: "." }',
  { ...dockerfileKinds, target: "text", buildArgs, platform: "text" },
  "context",
);

/** Lines of a Dockerfile, counted from 1. */
export interface SourceRange {
  /** The first line. */
  readonly start: number;
  /** The last line. */
  readonly end: number;
}

/** One finding of BuildKit's checks. */
export interface LintWarning {
  /** Its name, e.g. `FromAsCasing`. */
  readonly rule: string;
  /** What the rule is about. */
  readonly description: string;
  /** Where the rule is described. */
  readonly url: string | undefined;
  /** What is wrong here. */
  readonly detail: string;
  /** The lines of the Dockerfile that it is about. */
  readonly ranges: readonly SourceRange[];
}

/** What BuildKit has to say of a Dockerfile. */
export interface LintResult {
  /** The findings, in the order of the Dockerfile. */
  readonly warnings: readonly LintWarning[];
  /** Why it could not be built, where that shows without building. */
  readonly error: { readonly message: string; readonly ranges: readonly SourceRange[] } | undefined;
  /** BuildKit's own wording of all of it. */
  readonly text: string;
}

/** What a target takes, as BuildKit words it. */
export interface OutlineResult {
  /** The target's name. */
  readonly name: string | undefined;
  /** What the comment above it says. */
  readonly description: string | undefined;
  /** Its build arguments, with their defaults. */
  readonly args: readonly { readonly name: string; readonly value?: string; readonly description?: string }[];
  /** The secrets that it mounts. */
  readonly secrets: readonly { readonly name: string; readonly required?: boolean }[];
  /** The ssh agents that it mounts. */
  readonly ssh: readonly { readonly name: string; readonly required?: boolean }[];
  /** BuildKit's own wording of all of it. */
  readonly text: string;
}

/** The stages of a Dockerfile, as BuildKit words them. */
export interface TargetsResult {
  /** The stages, in the order of the Dockerfile. */
  readonly targets: readonly {
    readonly name?: string;
    readonly default?: boolean;
    readonly description?: string;
    readonly base?: string;
    readonly platform?: string;
  }[];
  /** BuildKit's own wording of all of it. */
  readonly text: string;
}
