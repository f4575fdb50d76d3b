/** Muting by comments: which directive covers which finding, and which one covers none. */
import { countBefore } from "../../source/count-before.ts";
import { nearest } from "../nearest.ts";
import { isDate } from "../date.ts";
import { BUILDKIT_CHECKS, EXPERIMENTAL_CHECK, FILE_LEVEL_CHECKS } from "./buildkit-checks.ts";
import type { ActiveRules } from "../active-rules.ts";
import type { Diagnostic } from "../diagnostic.ts";
import { coverOf, type Cover } from "./directive-cover.ts";
import { DIRECTIVE_NAMES, type DirectiveName, type LintDirective } from "./directives.ts";
import { isBuildkitName } from "../presets.ts";
import type { OfferedFix, Rule } from "../rule.ts";
import { isNamed, type NamedRule, type RuleNames } from "../rule-names.ts";
import type { Model } from "../../semantics/model.ts";
import type { Span } from "../../source/span.ts";
import type { Dockerfile } from "../../syntax/nodes.ts";

/** What the project wants of comments. */
export interface InlineOptions {
  /** Whether comments mute at all. Default true. */
  readonly enabled?: boolean | undefined;
  /** Whether one that gives no reason is a finding. Default false. */
  readonly requireReason?: boolean | undefined;
  /** Whether one that mutes nothing is a finding. Default true. */
  readonly reportUnused?: boolean | undefined;
}

/** Something wrong with a directive. */
export interface DirectiveFinding {
  readonly at: Span;
  readonly message: string;
  readonly fixes?: readonly OfferedFix[];
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
interface Mute {
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

/** The rule under which a directive that does nothing is reported. */
export const UNUSED_IGNORE = "DFL910";

/** The rule under which a `# check=` is reported that BuildKit does not read. */
const MISPLACED_CHECK = "DFL909";

/** What speaks for an instruction or a line. */
const LINE_KINDS = new Set(["ignore", "expect"]);

/** What covers no more is kept by its lines: there may be very many short ranges between a disable and an enable. */
const FEW_LINES = 50;

const NOTHING_SAID = new Set(["shell", "enable", "unknown"]);

/** Mutes findings by the directives of one file. */
export class Suppressions {
  readonly #input: SuppressionInput;
  readonly #mutes: Mute[] = [];
  /** Those that cover more than a stage, by the code of their rule or `all`. */
  readonly #wide = new Map<string, Mute[]>();
  /** Those of a stage, by its index. */
  readonly #byStage = new Map<number, Mute[]>();
  /** The others, by the lines that they cover. */
  readonly #byLine = new Map<number, Mute[]>();
  /** By what they say and of which lines, those that are the first to say it. */
  readonly #first = new Map<string, Mute>();
  /** The names that have muted something. */
  readonly #used = new Set<DirectiveName>();

  constructor(input: SuppressionInput) {
    this.#input = input;
    for (const directive of input.directives) {
      if (NOTHING_SAID.has(directive.kind)) continue;
      const cover = this.#isExpired(directive) ? undefined : coverOf(directive, input);
      for (const name of directive.names) {
        const all = name.text.toLowerCase() === "all";
        const order = this.#mutes.length;
        const named = this.#named(directive, name);
        const mute = { directive, name, named, all, cover, order, again: [] };
        this.#mutes.push(mute);
        if (cover !== undefined) this.#place(mute, cover);
      }
    }
  }

  /** The finding, marked as muted if a directive covers it. */
  apply(diagnostic: Diagnostic): Diagnostic {
    if (this.#mutes.length === 0) return diagnostic;
    const line = this.#input.dockerfile.source.lineAt(diagnostic.span.start);
    let by: Mute | undefined;
    for (const mute of this.#near(diagnostic.rule, line)) {
      if (!covers(mute, diagnostic, line) || this.#isExperimental(mute, diagnostic)) continue;
      if (!this.#used.has(mute.name)) {
        this.#used.add(mute.name);
        for (const name of mute.again) this.#used.add(name);
      }
      if (by === undefined || mute.order < by.order) by = mute;
    }
    return by === undefined
      ? diagnostic
      : { ...diagnostic, suppressed: { by: "inline", reason: by.directive.reason } };
  }

  /** What BuildKit itself does not skip, its own preset does not either. */
  #isExperimental({ directive }: Mute, { aliases }: Diagnostic): boolean {
    if (this.#input.active.compat !== "buildkit" || directive.dialect !== "buildkit") return false;
    return directive.kind === "ignore-file" && aliases.includes(EXPERIMENTAL_CHECK);
  }

  /**
   * What is wrong with the directives themselves; to be asked when every finding was applied. Apply each of these, too,
   * before the next is asked for.
   */
  *findings(): Generator<DirectiveFinding> {
    const { inline } = this.#input;
    for (const directive of this.#input.directives) {
      if (directive.kind === "unknown") yield unknownVerb(directive);
      if (directive.until !== undefined && !isDate(directive.until)) {
        const message = `"${directive.until}" is no date, so the directive never expires; write until=YYYY-MM-DD.`;
        yield { at: directive.span, message };
      }
      const mutes = !NOTHING_SAID.has(directive.kind) && directive.names.length > 0;
      if (inline.requireReason === true && mutes && directive.reason === undefined) {
        yield {
          at: directive.span,
          message: `The directive gives no reason; add ${reasonSyntax(directive)}.`,
        };
      }
    }
    // Those that mute findings about directives come last: what they are for is only found here.
    const isLast = ({ named }: Mute): boolean => named?.rule.code === UNUSED_IGNORE;
    for (const mute of [...this.#mutes.filter((one) => !isLast(one)), ...this.#mutes.filter(isLast)]) {
      const finding = this.#findingOf(mute);
      if (finding !== undefined) yield finding;
    }
  }

  #findingOf(mute: Mute): DirectiveFinding | undefined {
    const { directive, name } = mute;
    if (this.#used.has(name)) return undefined;
    const at = name.span;
    if (mute.named === undefined && !mute.all) return this.#unknownName(mute);
    if (this.#isExpired(directive)) {
      return {
        at,
        message: `The directive for ${name.text} expired on ${directive.until}; mend the finding or give a new date.`,
      };
    }
    if (directive.kind === "expect") {
      return { at, message: `${name.text} was expected here and is not reported.` };
    }
    if (this.#input.inline.reportUnused === false) return undefined;
    // A rule that does not run says nothing about what its directive is for.
    if (mute.named !== undefined && !this.#runs(mute.named.rule)) return undefined;
    // Where BuildKit reads no directive at all, that is what is said.
    const isNowhere = directive.dialect === "buildkit" && mute.cover === undefined;
    if (isNowhere && this.#input.active.byCode.has(MISPLACED_CHECK)) return undefined;
    const what = mute.all ? "any finding" : `a finding of ${name.text}`;
    const message = `This directive mutes nothing: there is not ${what} ${placeOf(mute)}; remove it.`;
    return { at, message, fixes: this.#removal(mute) };
  }

  /** Where an engine was asked, a rule may keep quiet that does not for whoever has none. */
  #runs({ code, needs, engine }: Rule): boolean {
    const { active, has } = this.#input;
    return (
      active.byCode.has(code) && (needs === undefined || has[needs]) && !(has.engine && engine !== undefined)
    );
  }

  #unknownName({ directive, name }: Mute): DirectiveFinding | undefined {
    const { text, span } = name;
    if (/^(?:DL|SC)\d{4}$/i.test(text) || BUILDKIT_CHECKS.includes(text) || text.includes("/"))
      return undefined;
    const known =
      directive.dialect === "buildkit" ? nearest(text, BUILDKIT_CHECKS) : this.#input.names.nearest(text);
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
  #removal({ directive, name }: Mute): readonly OfferedFix[] {
    if (directive.comment === undefined) return [];
    const { source } = this.#input.dockerfile;
    const title = `Remove ${name.text} from the directive`;
    const kept = directive.names.filter((other) => this.#used.has(other));
    const first = directive.names[0];
    const last = directive.names.at(-1);
    if (first === undefined || last === undefined) return [];
    if (kept.length === 0) {
      const { start, end } = source.lineSpan(directive.line);
      // A byte order mark is not the comment's.
      const mark = start === 0 && source.text.startsWith("\ufeff") ? 1 : 0;
      return [
        { title: "Remove the directive", edits: [{ span: { start: start + mark, end }, newText: "" }] },
      ];
    }
    const span = { start: first.span.start, end: last.span.end };
    return [{ title, edits: [{ span, newText: kept.map(({ text }) => text).join(",") }] }];
  }

  #place(mute: Mute, cover: Cover): void {
    const { directive, name } = mute;
    const said = `${cover.first} ${cover.last} ${directive.dialect} ${directive.kind} ${name.text}`;
    const first = this.#first.get(said);
    if (first !== undefined) {
      first.again.push(name);
      return;
    }
    this.#first.set(said, mute);
    if (directive.kind === "ignore-stage") keep(this.#byStage, this.#stageAt(cover.first), mute);
    else if (LINE_KINDS.has(directive.kind) || cover.last - cover.first < FEW_LINES) {
      for (let line = cover.first; line <= cover.last; line += 1) keep(this.#byLine, line, mute);
    } else if (mute.all) keep(this.#wide, "all", mute);
    else {
      const rules = this.#input.names.findAll(mute.name.text);
      for (const code of new Set(rules.map(({ rule }) => rule.code))) keep(this.#wide, code, mute);
    }
  }

  /** Those that may cover a finding. */
  *#near(rule: string, line: number): Generator<Mute> {
    yield* this.#wide.get("all") ?? [];
    yield* this.#wide.get(rule) ?? [];
    if (this.#byStage.size > 0) yield* this.#byStage.get(this.#stageAt(line)) ?? [];
    yield* this.#byLine.get(line) ?? [];
  }

  /** The index of the last stage that begins at a line or above it. */
  #stageAt(line: number): number {
    return countBefore(this.#input.model.stages, ({ from }) => from.startLine <= line) - 1;
  }

  #named(directive: LintDirective, name: DirectiveName): NamedRule | undefined {
    const named = this.#input.names.find(name.text);
    // BuildKit compares names by case, and knows no others.
    if (directive.dialect === "buildkit" && named?.alias !== name.text) return undefined;
    return named;
  }

  #isExpired({ until }: LintDirective): boolean {
    const { today } = this.#input;
    return until !== undefined && today !== undefined && isDate(until) && until < today;
  }
}

function keep<Key>(table: Map<Key, Mute[]>, key: Key, mute: Mute): void {
  const mutes = table.get(key);
  if (mutes === undefined) table.set(key, [mute]);
  else mutes.push(mute);
}

function covers({ directive, named, all, cover }: Mute, diagnostic: Diagnostic, line: number): boolean {
  if (cover === undefined) return false;
  if (!cover.wholeFile && (diagnostic.target !== "dockerfile" || line < cover.first || line > cover.last))
    return false;
  if (directive.dialect === "buildkit") {
    const checks = diagnostic.aliases.filter(isBuildkitName);
    const hit = all ? checks.length > 0 : named?.alias !== undefined && checks.includes(named.alias);
    return hit && (directive.kind === "ignore-file" || !checks.some((check) => FILE_LEVEL_CHECKS.has(check)));
  }
  if (all) return true;
  return named !== undefined && isNamed(named, diagnostic);
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
