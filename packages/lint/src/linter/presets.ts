/** Presets and rulesets: which level a rule has before anybody configures it. */
import type { Level } from "./diagnostic.ts";
import { FIRST_RULESET, type Rule } from "./rule.ts";

/** The named sets of levels. */
export const PRESETS = ["recommended", "strict", "hadolint", "buildkit", "preview"] as const;
export type Preset = (typeof PRESETS)[number];

/**
 * The frozen rulesets, oldest first. A rule belongs to one and keeps its levels there: a project that names a ruleset
 * gets the same verdicts from every later version.
 */
export const RULESETS: readonly string[] = [FIRST_RULESET];

/** The ruleset of those who name none. It changes with a major version only. */
export const DEFAULT_RULESET: string = FIRST_RULESET;

const BUILDKIT_NAME = /^[A-Z][A-Za-z]+$/;
const HADOLINT_CODE = /^DL\d+$/;

/** Whether an alias is a hadolint code. */
export function isHadolintCode(alias: string): boolean {
  return HADOLINT_CODE.test(alias);
}

/** Whether an alias is the name of a BuildKit check. */
export function isBuildkitName(alias: string): boolean {
  return BUILDKIT_NAME.test(alias);
}

/** The level of a rule in a preset and a ruleset. `alias` tells apart the checks of a rule that stands for several. */
export function presetLevel(rule: Rule, preset: Preset, ruleset: string, alias?: string): Level {
  const { severity } = rule;
  if (rule.since === "preview") return preset === "preview" ? previewLevel(rule) : "off";
  if (rule.since > ruleset) return "off";
  switch (preset) {
    case "recommended":
    case "preview":
      return severity.recommended;
    case "strict":
      return severity.strict ?? (severity.recommended === "off" ? "warning" : severity.recommended);
    case "hadolint": {
      const levels = severity.hadolint ?? "off";
      if (typeof levels === "string") return levels;
      return levels[alias ?? ""] ?? worst(Object.values(levels));
    }
    default:
      return severity.buildkit ?? (rule.aliases.some(isBuildkitName) ? "warning" : "off");
  }
}

/** Preview rules are to be seen, and fail nobody's build: they are style at most. */
function previewLevel(rule: Rule): Level {
  return rule.severity.recommended === "off" ? "off" : "style";
}

const ORDER: readonly Level[] = ["error", "warning", "info", "style", "off"];

function worst(levels: readonly Level[]): Level {
  return ORDER.find((level) => levels.includes(level)) ?? "off";
}
