/** Muting by comments: which directive covers which finding. */
import type { Diagnostic } from "../diagnostic.ts";
import { isBuildkitName } from "../presets.ts";
import { isNamed, type NamedRule } from "../rule-names.ts";
import { countBefore } from "../../source/count-before.ts";
import { EXPERIMENTAL_CHECK, FILE_LEVEL_CHECKS } from "./buildkit-checks.ts";
import { coverOf, type Cover } from "./directive-cover.ts";
import { directiveFindings, type DirectiveFinding } from "./directive-findings.ts";
import type { DirectiveName, LintDirective } from "./directives.ts";
import { isExpired, isForMuting, type Mute, type SuppressionInput } from "./mute.ts";

/** What speaks for an instruction or a line. */
const LINE_KINDS = new Set(["ignore", "expect"]);

/** What covers no more is kept by its lines: there may be very many short ranges between a disable and an enable. */
const FEW_LINES = 50;

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
      if (!isForMuting(directive)) continue;
      const cover = isExpired(directive, input.today) ? undefined : coverOf(directive, input);
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

  /**
   * What is wrong with the directives themselves; to be asked when every finding was applied. Apply each of these, too,
   * before the next is asked for.
   */
  findings(): Iterable<DirectiveFinding> {
    return directiveFindings(this.#mutes, this.#used, this.#input);
  }

  /** What BuildKit itself does not skip, its own preset does not either. */
  #isExperimental({ directive }: Mute, { aliases }: Diagnostic): boolean {
    if (this.#input.active.compat !== "buildkit" || directive.dialect !== "buildkit") return false;
    return directive.kind === "ignore-file" && aliases.includes(EXPERIMENTAL_CHECK);
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
