/** What the rules about packages share that come in whatever version there is on the day of the build. */
import type { Model } from "../semantics/model.ts";
import type { Script } from "../shell/nodes.ts";
import type { LoosePackage } from "../shell/package-managers/loose-packages.ts";
import type { RunInstruction } from "../syntax/nodes.ts";
import type { Report, Visitors } from "./rule.ts";

/** How a rule finds them, and what it says of each. */
interface LooseRule<Loose extends LoosePackage> {
  readonly looseIn: (script: Script) => readonly Loose[];
  readonly looseForHadolint: (script: Script, run: RunInstruction, model: Model) => readonly Loose[];
  readonly report: (loose: Loose) => Pick<Report, "message" | "aliases">;
}

/** The visitors that report each of them; like hadolint, the first of a RUN. */
export function looseVisitors<Loose extends LoosePackage>(rule: LooseRule<Loose>): Visitors {
  return {
    RUN(run, context) {
      const script = context.script(run);
      if (script === undefined) return;
      const found =
        context.compat === "hadolint"
          ? rule.looseForHadolint(script, run, context.model).slice(0, 1)
          : rule.looseIn(script);
      for (const loose of found) context.report({ at: loose.word.span, ...rule.report(loose) });
    },
  };
}
