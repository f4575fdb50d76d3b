/** What a step is that installs what a project's manifest lists. */
import type { Span } from "../../source/span.ts";
import type { ProgramCall } from "../commands.ts";

/** The tools that install from a manifest, one for each kind of manifest. */
export type Ecosystem =
  | "npm"
  | "pnpm"
  | "yarn"
  | "bun"
  | "pip"
  | "pipenv"
  | "poetry"
  | "uv"
  | "bundler"
  | "go"
  | "cargo"
  | "maven"
  | "gradle"
  | "composer"
  | "dotnet";

/** A step that installs what a manifest lists. */
export interface DependencyInstall {
  readonly ecosystem: Ecosystem;
  readonly call: ProgramCall;
  /** As messages show it: `npm ci`. */
  readonly name: string;
  readonly span: Span;
  /** Whether installing is all it does; otherwise it builds, and loads what it lacks on the way. */
  readonly explicit: boolean;
  /** The manifest and its lock file as they are named in the project's folder; may hold wildcards. */
  readonly manifests: readonly string[];
  /** The step to run once the manifest is there. */
  readonly step: string;
  /** Whether the step needs the manifests only, so that it can be moved above the source. */
  readonly movable: boolean;
  /** The folder it is told to work in. */
  readonly folder: string | undefined;
}

/** What a tool's step is made of, apart from where it stands. */
export type InstallReading = Pick<
  DependencyInstall,
  "ecosystem" | "explicit" | "manifests" | "step" | "movable"
> & {
  readonly words: number;
  readonly folder?: string | undefined;
};

/** A step that does nothing else; `words` of its arguments say so. */
export function explicitInstall(
  ecosystem: Ecosystem,
  manifests: readonly string[],
  call: ProgramCall,
  words: number,
): InstallReading {
  const step = [call.word, ...call.args.slice(0, words)].map(({ text }) => text).join(" ");
  return { ecosystem, explicit: true, manifests, step, movable: true, words };
}
