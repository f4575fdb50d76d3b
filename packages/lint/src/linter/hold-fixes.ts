/** Holds back fixes that write what the builder lacks, that of the engine or the one a file pins, and says so. */
import { analyse } from "../semantics/analyse.ts";
import { lacks, mayLack, type BuilderFacts } from "../semantics/builder.ts";
import type { AnalyseOptions, Model } from "../semantics/model.ts";
import { mayHoldNewerSyntax, newerSyntax } from "../semantics/newer-syntax.ts";
import { applyEdits } from "../source/edit.ts";
import { parseDockerfile } from "../syntax/parser.ts";
import type { Diagnostic, Fix } from "./diagnostic.ts";

/** How many fixes of a file are tried out: no person has more that use newer syntax. */
const TRIED = 500;

/** The diagnostics with the fixes that the builder can do; of the others, why not. */
export function holdFixes(
  diagnostics: readonly Diagnostic[],
  model: Model,
  options: AnalyseOptions,
  builder: BuilderFacts,
): Diagnostic[] {
  if (!mayLack(builder, model.dockerfile)) return [...diagnostics];
  let known: ReadonlySet<string> | undefined;
  let tried = 0;
  const reasonAgainst = ({ edits, target }: Fix): string | undefined => {
    if (target === "dockerignore" || !edits.some(({ newText }) => mayHoldNewerSyntax(newText)))
      return undefined;
    tried += 1;
    if (tried > TRIED) return undefined;
    known ??= new Set(lackingIn(model, builder).keys());
    const fixed = parseDockerfile(applyEdits(model.dockerfile.source.text, edits));
    for (const [feature, reason] of lackingIn(analyse(fixed, options), builder)) {
      if (!known.has(feature)) return `${feature} ${reason}`;
    }
    return undefined;
  };
  return diagnostics.map((diagnostic) => {
    if (diagnostic.fixes.length === 0) return diagnostic;
    const held: string[] = [];
    const fixes = diagnostic.fixes.filter((fix) => {
      const reason = reasonAgainst(fix);
      if (reason !== undefined) held.push(`Fix held back (${fix.title}): ${reason}.`);
      return reason === undefined;
    });
    return held.length === 0
      ? diagnostic
      : { ...diagnostic, fixes, evidence: [...diagnostic.evidence, ...held] };
  });
}

/** What a file uses and the builder lacks, with the reason. */
function lackingIn(model: Model, builder: BuilderFacts): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const use of newerSyntax(model)) {
    const reason = lacks(builder, use, model.dockerfile);
    if (reason !== undefined && !found.has(use.feature)) found.set(use.feature, reason);
  }
  return found;
}
