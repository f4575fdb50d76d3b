/** What is wrong with directives: names and verbs that there are not, dates and reasons, and those that mute nothing. */
import type { SourceFile } from "../../source/source-file.ts";
import type { Span } from "../../source/span.ts";
import { isDate } from "../date.ts";
import { nearest } from "../nearest.ts";
import type { OfferedFix, Rule } from "../rule.ts";
import type { RuleNames } from "../rule-names.ts";
import { BUILDKIT_CHECKS } from "./buildkit-checks.ts";
import { DIRECTIVE_NAMES, type DirectiveName, type LintDirective } from "./directives.ts";
import { isExpired, isForMuting, type Mute, type SuppressionInput } from "./mute.ts";

/** Something wrong with a directive. */
export interface DirectiveFinding {
  readonly at: Span;
  readonly message: string;
  readonly fixes?: readonly OfferedFix[];
}

/** The rule under which a directive that does nothing is reported. */
export const UNUSED_IGNORE = "DFL910";

/** The rule under which a `# check=` is reported that BuildKit does not read. */
const MISPLACED_CHECK = "DFL909";

/**
 * What is wrong with the directives themselves.
 * @param used the names that have muted something; it may grow while these findings are asked for.
 */
export function* directiveFindings(
  mutes: readonly Mute[],
  used: ReadonlySet<DirectiveName>,
  input: SuppressionInput,
): Generator<DirectiveFinding> {
  for (const directive of input.directives) {
    if (directive.kind === "unknown") yield unknownVerb(directive);
    if (directive.until !== undefined && !isDate(directive.until)) {
      const message = `"${directive.until}" is no date, so the directive never expires; write until=YYYY-MM-DD.`;
      yield { at: directive.span, message };
    }
    const isMute = isForMuting(directive) && directive.names.length > 0;
    if (input.inline.requireReason === true && isMute && directive.reason === undefined) {
      yield {
        at: directive.span,
        message: `The directive gives no reason; add ${reasonSyntax(directive)}.`,
      };
    }
  }
  // Those that mute findings about directives come last: what they are for is only found here.
  const isLast = ({ named }: Mute): boolean => named?.rule.code === UNUSED_IGNORE;
  for (const mute of [...mutes.filter((one) => !isLast(one)), ...mutes.filter(isLast)]) {
    const finding = findingOf(mute, used, input);
    if (finding !== undefined) yield finding;
  }
}

/** What is wrong with a name of a directive. */
function findingOf(
  mute: Mute,
  used: ReadonlySet<DirectiveName>,
  input: SuppressionInput,
): DirectiveFinding | undefined {
  const { directive, name } = mute;
  if (used.has(name)) return undefined;
  const at = name.span;
  if (mute.named === undefined && !mute.all) return unknownName(mute, input.names);
  if (isExpired(directive, input.today)) {
    return {
      at,
      message: `The directive for ${name.text} expired on ${directive.until}; mend the finding or give a new date.`,
    };
  }
  if (directive.kind === "expect") {
    return { at, message: `${name.text} was expected here and is not reported.` };
  }
  if (input.inline.reportUnused === false) return undefined;
  // Another linter may find there what this one does not: they judge alike under its own preset alone.
  const isForeign = directive.dialect !== "dflint" && directive.dialect !== input.active.compat;
  if (isForeign && mute.cover !== undefined && input.inline.reportUnused !== true) return undefined;
  // A rule that does not run says nothing about what its directive is for.
  if (mute.named !== undefined && !runs(mute.named.rule, input)) return undefined;
  // Where BuildKit reads no directive at all, that is what is said.
  const isNowhere = directive.dialect === "buildkit" && mute.cover === undefined;
  if (isNowhere && input.active.byCode.has(MISPLACED_CHECK)) return undefined;
  const what = mute.all ? "any finding" : `a finding of ${name.text}`;
  const message = `This directive mutes nothing: there is not ${what} ${placeOf(mute)}; remove it.`;
  return { at, message, fixes: removalOf(mute, used, input.dockerfile.source) };
}

/** Where an engine was asked, a rule may keep quiet that does not for whoever has none. */
function runs({ code, needs, engine }: Rule, { active, has }: SuppressionInput): boolean {
  return (
    active.byCode.has(code) && (needs === undefined || has[needs]) && !(has.engine && engine !== undefined)
  );
}

function unknownName({ directive, name }: Mute, names: RuleNames): DirectiveFinding | undefined {
  const { text, span } = name;
  if (/^(?:DL|SC)\d{4}$/i.test(text) || BUILDKIT_CHECKS.includes(text) || text.includes("/"))
    return undefined;
  const known = directive.dialect === "buildkit" ? nearest(text, BUILDKIT_CHECKS) : names.nearest(text);
  const hint = known === undefined ? "" : ` Did you mean "${known}"?`;
  const fixes =
    known === undefined
      ? []
      : [
          {
            title: `Write ${known}`,
            applicability: "suggestion" as const,
            edits: [{ span, newText: known }],
          },
        ];
  return {
    at: span,
    message: `There is no rule "${text}", so this directive mutes nothing.${hint}`,
    fixes,
  };
}

/** Removes the unused names of a comment, or the whole comment where none is used. */
function removalOf(
  { directive, name }: Mute,
  used: ReadonlySet<DirectiveName>,
  source: SourceFile,
): readonly OfferedFix[] {
  if (directive.comment === undefined) return [];
  const title = `Remove ${name.text} from the directive`;
  const kept = directive.names.filter((other) => used.has(other));
  const first = directive.names[0];
  const last = directive.names.at(-1);
  if (first === undefined || last === undefined) return [];
  if (kept.length === 0) {
    const { start, end } = source.lineSpan(directive.line);
    // A byte order mark is not the comment's.
    const mark = start === 0 && source.text.startsWith("\ufeff") ? 1 : 0;
    return [{ title: "Remove the directive", edits: [{ span: { start: start + mark, end }, newText: "" }] }];
  }
  const span = { start: first.span.start, end: last.span.end };
  return [{ title, edits: [{ span, newText: kept.map(({ text }) => text).join(",") }] }];
}

function unknownVerb(directive: LintDirective): DirectiveFinding {
  const name = directive.names[0];
  const text = name?.text ?? "";
  if (DIRECTIVE_NAMES.includes(text.toLowerCase())) {
    return { at: directive.span, message: `The directive names no rule; write "# dflint ${text}=RULE".` };
  }
  const known = nearest(text, DIRECTIVE_NAMES);
  const hint =
    known === undefined ? ` The directives are ${DIRECTIVE_NAMES.join(", ")}.` : ` Did you mean "${known}"?`;
  return { at: name?.span ?? directive.span, message: `There is no directive "${text}".${hint}` };
}

function reasonSyntax({ dialect }: LintDirective): string {
  if (dialect === "buildkit") return '" // why"';
  if (dialect === "tally") return '";reason=why"';
  return dialect === "hadolint" ? 'one by writing "# dflint ignore=RULE -- why" instead' : '" -- why"';
}

function placeOf({ directive, cover }: Mute): string {
  if (cover === undefined) return "that it could reach from where it stands";
  if (cover.wholeFile) return "in this file";
  return directive.kind === "ignore-stage" ? "in this stage" : "where it applies";
}
