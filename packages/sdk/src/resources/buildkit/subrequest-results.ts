import type { BuildOptions } from "../images/build.ts";

/** What a question about a Dockerfile is about. */
export type SubrequestOptions = Pick<
  BuildOptions,
  "context" | "dockerfile" | "target" | "buildArgs" | "platform" | "signal"
>;

/** Lines of a source, counted from 1, the last included. */
export interface SourceRange {
  readonly start: number;
  readonly end: number;
}

export interface LintWarning {
  /** e.g. `FromAsCasing` */
  readonly rule: string;
  readonly description: string;
  readonly url: string | undefined;
  readonly detail: string;
  readonly ranges: readonly SourceRange[];
}

/** What BuildKit has to say of a Dockerfile. */
export interface LintResult {
  readonly warnings: readonly LintWarning[];
  /** Why it could not be built, where that shows without building. */
  readonly error: { readonly message: string; readonly ranges: readonly SourceRange[] } | undefined;
  /** BuildKit's own wording of all of it. */
  readonly text: string;
}

/** What a target takes, as BuildKit words it. */
export interface OutlineResult {
  readonly name: string | undefined;
  readonly description: string | undefined;
  readonly args: readonly { readonly name: string; readonly value?: string; readonly description?: string }[];
  readonly secrets: readonly { readonly name: string; readonly required?: boolean }[];
  readonly ssh: readonly { readonly name: string; readonly required?: boolean }[];
  readonly text: string;
}

/** The stages of a Dockerfile, as BuildKit words them. */
export interface TargetsResult {
  readonly targets: readonly {
    readonly name?: string;
    readonly default?: boolean;
    readonly description?: string;
    readonly base?: string;
    readonly platform?: string;
  }[];
  readonly text: string;
}
