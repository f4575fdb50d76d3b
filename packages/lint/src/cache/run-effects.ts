/** What a RUN that runs again leaves different. */
import type { Model } from "../semantics/model.ts";
import type { RunInstruction } from "../syntax/nodes.ts";
import type { DifferingFiles } from "./differing-files.ts";
import type { Verdict } from "./verdict.ts";

/** Commands that may take away what differed. */
const DELETING = /\b(?:rm|mv|find|unlink|git|rsync|clean|prune|truncate|shred)\b/;

/** Takes a RUN into account: where it runs, it may write any file. */
export function afterRun(run: RunInstruction, _model: Model, verdict: Verdict, files: DifferingFiles): void {
  if (verdict.state === "cached") return;
  if (DELETING.test(run.logical.text)) files.forgetAll();
  files.doubt(`line ${run.startLine} may write other files`);
}
