/**
 * What one measured build tells: source line → build step → layer → bytes. Plain data, which `--json` prints as it is:
 * absent keys are unknown, places are 1-based lines and columns in UTF-16 units, sizes are bytes, times are seconds.
 */
import type { Applicability, Severity } from "../linter/diagnostic.ts";

/** A place in the Dockerfile; the end is exclusive. */
export interface MeasuredRange {
  readonly start: { readonly line: number; readonly column: number };
  readonly end: { readonly line: number; readonly column: number };
}

/** One Dockerfile, built once and measured. */
export interface Measurement {
  /** The Dockerfile as it was named. */
  readonly path: string;
  /** Its whole text. */
  readonly text: string;
  /** What was built, and by whom. */
  readonly build: MeasuredBuild;
  readonly image: MeasuredImage;
  /** The lowest first, the base image's included. */
  readonly layers: readonly MeasuredLayer[];
  /** Of the whole file, in its order; also what no build ran. */
  readonly instructions: readonly MeasuredInstruction[];
  /** What the linter says, by place, or the most saved bytes first where that was asked for. */
  readonly findings: readonly MeasuredFinding[];
  /** Absent where the build has no folder as its context. */
  readonly context?: MeasuredContext;
  /** What the largest paths of the image's files hold: a tree cut to what is worth showing. */
  readonly tree: MeasuredPath;
  /** Empty where none is set. */
  readonly budgets: readonly MeasuredBudget[];
  /** The fixes that are proposed; with `--prove` also what each of them really saves. */
  readonly fixes: readonly MeasuredFix[];
  /** Those of them that most likely keep what the image does, applied together; absent where there are none. */
  readonly together?: MeasuredTogether;
  /** What could not be measured and why, a sentence each. */
  readonly notes: readonly string[];
}

/** The build. */
export interface MeasuredBuild {
  /** What is built, where a compose or bake file says: `service web`, `target app`. */
  readonly name?: string;
  /** Of the engine, e.g. `28.5.2`. */
  readonly engine: string;
  readonly builder: "buildkit" | "classic";
  readonly target?: string;
  readonly platform?: string;
  /** From the start to the image. */
  readonly seconds: number;
  /** Of the steps that were not cached; steps may run side by side. */
  readonly stepSeconds: number;
  readonly steps: number;
  readonly cachedSteps: number;
}

/** The image that was built. */
export interface MeasuredImage {
  readonly id: string;
  /** Of all files in all layers, uncompressed: the sum of the layers' bytes. */
  readonly bytes: number;
  /** What a container sees of them. */
  readonly visibleBytes: number;
  /** Paths that a container sees. */
  readonly entries: number;
  readonly base: {
    /** As the Dockerfile names it, with arguments put in; absent for `scratch` or an unknown name. */
    readonly name?: string;
    /** How many of the layers, from the bottom, are its. */
    readonly layers: number;
    readonly bytes: number;
  };
  readonly waste: MeasuredWaste;
  /** e.g. `/bin/sh -c "npm start"`; absent where the image has none. */
  readonly command?: string;
  /** Empty: root. */
  readonly user: string;
}

/** Bytes in layers that no container sees. */
export interface MeasuredWaste {
  readonly bytes: number;
  /** Those above the base image, which the Dockerfile can do something about. */
  readonly ownBytes: number;
  readonly baseBytes: number;
}

/**
 * Why bytes are hidden: a later layer deletes the file, writes other content, or copies it up only to change its mode,
 * owner or times.
 */
export type WasteKind = "deleted" | "rewritten" | "metadata";

/** One layer of the image. */
export interface MeasuredLayer {
  /** From 0, the lowest. */
  readonly index: number;
  /** `sha256:…` of the uncompressed tar. */
  readonly digest: string;
  readonly bytes: number;
  /** Paths that it adds and changes. */
  readonly added: number;
  readonly changed: number;
  readonly deleted: number;
  /** `base`: of the base image; `trigger`: of an ONBUILD in it; `unknown`: its history does not tell. */
  readonly origin: "base" | "trigger" | "instruction" | "unknown";
  /** Index in {@link Measurement.instructions}: of a trigger that of the FROM. */
  readonly instruction?: number;
  /** What made it, as the image's history has it. */
  readonly createdBy?: string;
  /** Bytes in this layer that later layers hide, by kind, the most bytes first; no empty kinds. */
  readonly waste: readonly LayerWaste[];
  /** The largest paths that this layer put there and a container still sees, at most ten. */
  readonly largest: readonly { readonly path: string; readonly bytes: number }[];
}

/** Bytes in one layer that are hidden for one reason. */
export interface LayerWaste {
  readonly kind: WasteKind;
  readonly bytes: number;
  readonly files: number;
  /** At most ten, the most bytes first. */
  readonly largest: readonly {
    readonly path: string;
    readonly bytes: number;
    /** Index of the layer that hides it. */
    readonly hiddenBy: number;
  }[];
}

/** One instruction of the Dockerfile. */
export interface MeasuredInstruction {
  /** Its place in the list, from 0. */
  readonly index: number;
  readonly keyword: string;
  /** Its lines joined, without comments. */
  readonly text: string;
  readonly range: MeasuredRange;
  /** Index of its stage; absent before the first FROM. */
  readonly stage?: number;
  /** The name of that stage. */
  readonly stageName?: string;
  /** Whether the build needs its stage. */
  readonly reachable: boolean;
  /** Whether its files are in the image. */
  readonly shipped: boolean;
  /** Absent where the builder ran no step of its own for it, as for ENV. */
  readonly step?: MeasuredStep;
  /** Indexes of the layers it made in the image; several for a FROM with ONBUILD triggers. */
  readonly layers: readonly number[];
  /** The bytes of these. */
  readonly bytes: number;
  /** The paths added and changed in these. */
  readonly entries: number;
  /** Bytes of layers below that it hides: what its deleting, rewriting or re-moding left behind. */
  readonly hides: number;
}

/** What the builder told of an instruction's step. */
export interface MeasuredStep {
  readonly cached: boolean;
  readonly seconds: number;
  /** Since the build began. */
  readonly started: number;
  readonly completed: number;
}

/** What the linter found, and what mending it would save. */
export interface MeasuredFinding {
  readonly rule: string;
  readonly name: string;
  readonly severity: Severity;
  readonly message: string;
  readonly target: "dockerfile" | "dockerignore";
  /** In the target's text. */
  readonly range: MeasuredRange;
  /** Index in {@link Measurement.instructions}. */
  readonly instruction?: number;
  /** Whether a rule has a fix for it, and how far that may be trusted. */
  readonly fix?: Applicability;
  /** Bytes of the image (of the context, for `unit: "context"`) that mending it saves; absent where unknown. */
  readonly saves?: MeasuredSaving;
  /** What was counted, a sentence each. */
  readonly evidence: readonly string[];
}

/** What is saved. */
export interface MeasuredSaving {
  readonly bytes: number;
  /** Absent where only bytes are known. */
  readonly seconds?: number;
  /** What the bytes are of. */
  readonly unit: "image" | "context";
  /** `layers`: counted in the layers of this build; `proved`: two images were built and compared. */
  readonly source: "layers" | "context" | "proved";
}

/** The folder that is built from. */
export interface MeasuredContext {
  readonly path: string;
  /** Files and bytes that the ignore file lets in: what a COPY of everything takes, and the classic builder is sent. */
  readonly files: number;
  readonly bytes: number;
  /** What this build sent; BuildKit sends only what it needs and has not got. Absent where it does not tell. */
  readonly sentBytes?: number;
  /** What COPY, ADD and bind mounts of stages that are built take. */
  readonly usedFiles: number;
  readonly usedBytes: number;
  /** The largest files and whole folders that are let in and never taken, at most twenty. */
  readonly unused: readonly {
    readonly path: string;
    readonly folder: boolean;
    readonly files: number;
    readonly bytes: number;
  }[];
  /** The lines that would keep these out, to be put at the end of the ignore file. */
  readonly ignoreLines: readonly string[];
  /** The ignore file, relative to the context. */
  readonly ignoreFile: string;
}

/** A path of the image, and what is in it. */
export interface MeasuredPath {
  /** The last part; `/` of the root. */
  readonly name: string;
  /** Of the file, or of all in the folder. */
  readonly bytes: number;
  /** Index of the layer that put the file there; of a folder absent. */
  readonly layer?: number;
  /** The most bytes first. What was cut is not listed: its bytes are those that are missing in the sum. */
  readonly children?: readonly MeasuredPath[];
}

/** A limit and whether it is kept. */
export interface MeasuredBudget {
  readonly name: "image-bytes" | "wasted-bytes";
  readonly limit: number;
  readonly actual: number;
  readonly kept: boolean;
}

/** A fix that is proposed. */
export interface MeasuredFix {
  /** Index in {@link Measurement.findings}. */
  readonly finding: number;
  readonly rule: string;
  readonly title: string;
  readonly applicability: Applicability;
  /** The change as a unified diff. */
  readonly diff: string;
  /** With `--prove`: what building it has shown. */
  readonly proof?: FixProof;
}

/** Safe fixes and suggestions, applied together in as many passes as it takes. */
export interface MeasuredTogether {
  /** How many. */
  readonly fixes: number;
  /** The change of the Dockerfile, and of its ignore file, as a unified diff. */
  readonly diff: string;
  /** With `--prove`: what building it has shown. */
  readonly proof?: FixProof;
}

/** What building a file with and without a fix has shown. */
export interface FixProof {
  readonly verdict: "identical" | "equivalent" | "different" | "does-not-build";
  /** Paths that differ, or why it does not build. At most ten. */
  readonly differences: readonly string[];
  readonly before: { readonly bytes: number; readonly wastedBytes: number; readonly layers: number };
  /** Absent where it does not build. */
  readonly after?: { readonly bytes: number; readonly wastedBytes: number; readonly layers: number };
}
