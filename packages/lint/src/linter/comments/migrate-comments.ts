/** hadolint's comments in dflint's words. */
import { applyEdits, type Edit } from "../../source/edit.ts";
import { parseDockerfile } from "../../syntax/parser.ts";
import { readDirectives, type LintDirective } from "./directives.ts";
import type { Diagnostic } from "../diagnostic.ts";
import type { Linter, LintInput } from "../linter.ts";

/** A text with dflint's comments. */
export interface MigratedComments {
  readonly text: string;
  /** How many comments changed. */
  readonly count: number;
  /** The lines of comments that stay, since in dflint's words they would mute something else. */
  readonly kept: readonly number[];
}

/** Translates the comments of one file, as far as the linter's verdicts stay what they are. */
export function migrateComments(linter: Linter, input: LintInput): MigratedComments {
  const dockerfile = parseDockerfile(input.text);
  const edits = readDirectives(dockerfile).flatMap((directive) => {
    const edit = editOf(directive, input.text);
    return edit === undefined ? [] : [{ edit, line: directive.line }];
  });
  const before = verdicts(linter, input);
  const isSame = (chosen: readonly Edit[]): boolean =>
    verdicts(linter, { ...input, text: applyEdits(input.text, chosen) }) === before;
  const all = edits.map(({ edit }) => edit);
  if (isSame(all)) return { text: applyEdits(input.text, all), count: all.length, kept: [] };
  const kept: number[] = [];
  const chosen: Edit[] = [];
  for (const { edit, line } of edits) {
    if (isSame([...chosen, edit])) chosen.push(edit);
    else kept.push(line);
  }
  return { text: applyEdits(input.text, chosen), count: chosen.length, kept };
}

const VERBS: Partial<Readonly<Record<LintDirective["kind"], string>>> = {
  ignore: "ignore",
  "ignore-stage": "ignore-stage",
  "ignore-file": "ignore-file",
  shell: "shell",
};

function editOf({ dialect, kind, names, comment }: LintDirective, source: string): Edit | undefined {
  const verb = VERBS[kind];
  if (dialect !== "hadolint" || comment === undefined || verb === undefined || names.length === 0)
    return undefined;
  const { text, span } = comment;
  const start = span.start + source.slice(span.start, span.end).indexOf(text);
  const reason = /=[^#]*#\s*(.*)$/.exec(text)?.[1]?.trim() ?? "";
  const list = names.map((name) => name.text).join(",");
  const newText = `dflint ${verb}=${list}${reason === "" ? "" : ` -- ${reason}`}`;
  return { span: { start, end: start + text.length }, newText };
}

/** What counts in a file, without the texts, which name places by their offset. */
function verdicts(linter: Linter, input: LintInput): string {
  const { diagnostics, dockerfile } = linter.lint(input);
  const place = ({ span }: Diagnostic): string => {
    const { line, column } = dockerfile.source.position(span.start);
    return `${line}:${column}`;
  };
  return diagnostics
    .filter(({ suppressed, target }) => suppressed === undefined && target === "dockerfile")
    .map((one) => [one.rule, one.severity, place(one), one.message].join(" "))
    .join("\n");
}
