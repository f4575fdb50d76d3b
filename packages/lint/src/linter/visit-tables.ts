/** What the walk calls: the visitors of the rules that run, by kinds of nodes. Made once for many files. */
import type { Keyword } from "../syntax/nodes.ts";
import type { ActiveRule, ActiveRules } from "./active-rules.ts";
import { reaches, type Severity } from "./diagnostic.ts";
import type { RuleContext } from "./rule.ts";

/** One function to call. */
export interface Visit {
  readonly active: ActiveRule;
  // The rule's own type of node is erased: the table is keyed by it.
  readonly run: (node: never, context: RuleContext) => void;
}

/** What is called for each kind of node. */
export interface VisitTable {
  /** Holds what visits every instruction, too. */
  readonly instructions: ReadonlyMap<Keyword, readonly Visit[]>;
  /** For the instructions that nothing visits in particular. */
  readonly any: readonly Visit[];
  readonly stage: readonly Visit[];
}

/** What is called, by what a stage is for. */
export interface VisitTables {
  /** For stages that ship, for those that only help to build, and for dead ones. */
  readonly shipped: VisitTable;
  readonly reachable: VisitTable;
  readonly dead: VisitTable;
  readonly file: readonly Visit[];
  readonly ignoreFile: readonly Visit[];
}

/** What is called for each kind of node. */
export function visitsOf({ all: rules, compat }: Pick<ActiveRules, "all" | "compat">): VisitTables {
  // Neither hadolint nor BuildKit's own check leaves a stage out.
  const everywhere = compat !== undefined;
  return {
    shipped: tableOf(rules),
    reachable: tableOf(everywhere ? rules : rules.filter(({ rule }) => rule.scope !== "shipped")),
    dead: tableOf(everywhere ? rules : rules.filter(({ rule }) => rule.scope === "all")),
    file: callsOf(rules, "file"),
    ignoreFile: callsOf(rules, "ignoreFile"),
  };
}

/** Of rules whose findings are all milder than `least`, nothing is called. */
export function visitsFrom({ all, compat }: ActiveRules, least: Severity | "never"): VisitTables {
  const mayReach = ({ rule, severity, aliasLevels }: ActiveRule): boolean =>
    // An ignore file with findings is one more file, whatever their level.
    rule.category === "context" ||
    [severity, ...aliasLevels.values()].some((level) => level !== "off" && reaches(level, least));
  return visitsOf({ all: all.filter(mayReach), compat });
}

function tableOf(rules: readonly ActiveRule[]): VisitTable {
  const any = callsOf(rules, "instruction");
  const instructions = new Map<Keyword, Visit[]>();
  for (const active of rules) {
    for (const [name, run] of Object.entries(active.rule.visit)) {
      if (!/^[A-Z]/.test(name) || run === undefined) continue;
      const visits = instructions.get(name as Keyword) ?? [...any]; // what is in capitals is a keyword
      visits.push({ active, run });
      instructions.set(name as Keyword, visits);
    }
  }
  return { instructions, any, stage: callsOf(rules, "stage") };
}

function callsOf(
  rules: readonly ActiveRule[],
  kind: "instruction" | "stage" | "file" | "ignoreFile",
): readonly Visit[] {
  return rules.flatMap((active) => {
    const run = active.rule.visit[kind];
    return run === undefined ? [] : [{ active, run }];
  });
}
