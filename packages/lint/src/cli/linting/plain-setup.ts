/** What checks files where nothing but the files themselves matters: no fixes, no registry, no revision. */
import { ContextFolders } from "../../files/context.ts";
import type { Severity } from "../../linter/diagnostic.ts";
import { RuleNames } from "../../linter/rule-names.ts";
import { rules } from "../../rules/index.ts";
import type { Options } from "../arguments.ts";
import { BaselinePaths } from "./baseline-files.ts";
import type { FileCheckerOptions } from "./check-file.ts";
import { checkOverlay, checkRuleNames, configLoader, contextFolder } from "./check-options.ts";
import { countedFrom } from "../reports/check-report.ts";
import type { EngineSession } from "./engine-session.ts";
import { FileReports } from "../reports/file-reports.ts";

/** Throws a UsageError for options that name no rule. */
export function plainSetup(options: Options, engines: EngineSession, now: Date): FileCheckerOptions {
  const names = new RuleNames(rules);
  checkRuleNames(options, names);
  const baselines = new BaselinePaths(options);
  return {
    loader: configLoader(options, names),
    rules,
    names,
    overlay: checkOverlay(options, now),
    contexts: new ContextFolders(),
    context: contextFolder(options),
    build: undefined,
    namedContexts: undefined,
    alsoBuilt: () => [],
    reports: new FileReports(),
    registry: undefined,
    history: undefined,
    failOn: options.text("fail-on") as Severity | "never" | undefined, // one of the table's values
    // A baseline counts what it knows, whatever the level.
    counted: (config, failOn) =>
      baselines.of({ config }) === undefined ? countedFrom(options, failOn) : undefined,
    fixes: undefined,
    engines,
    verified: undefined,
    changes: undefined,
  };
}
