/** What a directive mutes: each of its names by itself. */
import type { Model } from "../../semantics/model.ts";
import type { Dockerfile } from "../../syntax/nodes.ts";
import type { ActiveRules } from "../active-rules.ts";
import { isDate } from "../date.ts";
import type { Rule } from "../rule.ts";
import type { NamedRule, RuleNames } from "../rule-names.ts";
import type { Cover } from "./directive-cover.ts";
import type { DirectiveName, LintDirective } from "./directives.ts";

/** What the project wants of comments. */
export interface InlineOptions {
  /** Whether comments mute at all. Default true. */
  readonly enabled?: boolean | undefined;
  /** Whether one that gives no reason is a finding. Default false. */
  readonly requireReason?: boolean | undefined;
  /** Whether one that mutes nothing is a finding. Default: one of dflint is; with true those of other linters are, too. */
  readonly reportUnused?: boolean | undefined;
}

/** What the muting of one file needs to know. */
export interface SuppressionInput {
  readonly dockerfile: Dockerfile;
  readonly model: Model;
  readonly directives: readonly LintDirective[];
  readonly names: RuleNames;
  readonly active: ActiveRules;
  /** Which of the things are there that some rules need. */
  readonly has: Readonly<Record<NonNullable<Rule["needs"]> | "engine", boolean>>;
  readonly inline: InlineOptions;
  /** `YYYY-MM-DD`; undefined lets no directive expire. */
  readonly today: string | undefined;
}

/** One name of one directive. */
export interface Mute {
  readonly directive: LintDirective;
  readonly name: DirectiveName;
  readonly named: NamedRule | undefined;
  readonly all: boolean;
  readonly cover: Cover | undefined;
  /** Its place among all of them: the first that covers a finding gives the reason. */
  readonly order: number;
  /** Names that say the same again, of the same lines. */
  readonly again: DirectiveName[];
}

const MUTES_NOTHING: ReadonlySet<string> = new Set(["shell", "enable", "unknown"]);

/** Whether a directive is there to mute findings. */
export function isForMuting({ kind }: LintDirective): boolean {
  return !MUTES_NOTHING.has(kind);
}

/** Whether a directive holds no more on that day; none does where the day is not known. */
export function isExpired({ until }: LintDirective, today: string | undefined): boolean {
  return until !== undefined && today !== undefined && isDate(until) && until < today;
}
