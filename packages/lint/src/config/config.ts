/** The effective configuration: what every source says, put together, each value with its origin. */
import type { PathPatterns } from "../files/path-patterns.ts";
import type { RuleSetting } from "../linter/active-rules.ts";
import type { Level, Severity } from "../linter/diagnostic.ts";
import { DEFAULT_SETTINGS } from "../linter/linter.ts";
import type { Preset } from "../linter/presets.ts";
import type { Settings } from "../linter/rule.ts";
import type { InlineOptions } from "../linter/comments/mute.ts";
import type { ENGINE_MODES } from "./schema.ts";

/** Rules configured by name, later ones winning. */
export type RuleSettings = readonly (readonly [name: string, setting: RuleSetting])[];

/** Findings that are accepted. */
export interface IgnoreEntry {
  readonly rule: string;
  /** Undefined: in all files. */
  readonly files: PathPatterns | undefined;
  readonly reason: string | undefined;
  /** `YYYY-MM-DD`. */
  readonly until: string | undefined;
}

/** How far an engine may be used. */
export type EngineMode = (typeof ENGINE_MODES)[number];

/** What an engine may be used for. */
export interface EngineConfig {
  /** Undefined where nothing is said: each command has a default of its own. */
  readonly mode: EngineMode | undefined;
  /** Whether images may be pulled. */
  readonly pull: boolean;
  /** Bytes that an image must keep to; undefined: any number. */
  readonly budget: { readonly wastedBytes: number | undefined; readonly imageBytes: number | undefined };
}

/** The effective configuration of some files. */
export interface Config {
  /** The file it comes from; undefined where there is none. */
  readonly path: string | undefined;
  readonly preset: Preset;
  readonly ruleset: string;
  readonly failOn: Severity | "never";
  readonly include: readonly PathPatterns[];
  readonly exclude: readonly PathPatterns[];
  /** Absolute; undefined means the Dockerfile's own folder. */
  readonly context: string | undefined;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly settings: Settings;
  readonly rules: RuleSettings;
  readonly overrides: readonly { readonly files: PathPatterns; readonly rules: RuleSettings }[];
  readonly ignore: readonly IgnoreEntry[];
  readonly inline: InlineOptions;
  readonly fix: { readonly unsafe: boolean; readonly never: readonly string[] };
  readonly shellcheck: { readonly mode: "auto" | "on" | "off"; readonly exclude: readonly string[] };
  readonly engine: EngineConfig;
  /** Absolute, or relative to the working folder; undefined where none is named. */
  readonly baseline: string | undefined;
  /** Where each value comes from, by its key in `.dflint.yaml`: `rules.DFL101` → `.dflint.yaml:4:3`. */
  readonly origins: ReadonlyMap<string, string>;
}

/** A configuration nobody wrote. */
export function defaultConfig(ruleset: string): Config {
  return {
    path: undefined,
    preset: "recommended",
    ruleset,
    failOn: "warning",
    include: [],
    exclude: [],
    context: undefined,
    buildArgs: {},
    settings: DEFAULT_SETTINGS,
    rules: [],
    overrides: [],
    ignore: [],
    inline: {},
    fix: { unsafe: false, never: [] },
    shellcheck: { mode: "auto", exclude: [] },
    engine: { mode: undefined, pull: false, budget: { wastedBytes: undefined, imageBytes: undefined } },
    baseline: undefined,
    origins: new Map(),
  };
}

/** A rule's setting from YAML: a level, or a mapping with `level` and options. */
export function ruleSetting(value: unknown): RuleSetting {
  if (typeof value !== "object" || value === null) return { level: value as Level }; // checked when it was read
  const { level, ...options } = value as Record<string, unknown>;
  return { level: level as Level | undefined, options };
}
