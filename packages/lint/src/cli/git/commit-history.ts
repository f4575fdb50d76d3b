/** `--history`: the commits of the past as facts for the linter, read once for each build context. */
import { contextFiles } from "../../cache/context-files.ts";
import { historyFacts } from "../../cache/history.ts";
import type { ContextFacts } from "../../linter/facts/context-facts.ts";
import type { HistoryFacts } from "../../linter/facts/history-facts.ts";
import type { AnalyseOptions } from "../../semantics/model.ts";
import { commitPaths } from "./commit-paths.ts";
import { linkResolver } from "../builds/touched-paths.ts";

/** How many commits are weighed unless somebody says so. */
export const DEFAULT_COMMITS = 200;

export class CommitHistory {
  readonly #commits = new Map<string, readonly (readonly string[])[]>();

  /** What the commits say of Dockerfiles with that context. Throws a UsageError where there is no history. */
  facts(folder: string, context: ContextFacts, options: AnalyseOptions): HistoryFacts {
    let commits = this.#commits.get(folder);
    if (commits === undefined) {
      commits = commitPaths(folder, DEFAULT_COMMITS);
      this.#commits.set(folder, commits);
    }
    return historyFacts({ options, context: contextFiles(context, linkResolver(folder)), commits });
  }
}
