/** Comments that speak to a linter: dflint's own, hadolint's, BuildKit's, tally's and ShellCheck's, each in its own grammar. */
import type { Span } from "../../source/span.ts";
import type { Comment, Dockerfile } from "../../syntax/nodes.ts";

/** Whose grammar a directive is written in; the grammar decides its scope, too. */
type Dialect = "dflint" | "hadolint" | "buildkit" | "tally" | "shellcheck";

/** What a directive does. */
type DirectiveKind =
  | "ignore" // the next instruction, or the next line inside of one
  | "ignore-stage"
  | "ignore-file"
  | "disable" // from here on
  | "enable" // up to here
  | "expect" // like ignore, and it is wrong not to need it
  | "shell"
  | "unknown";

/** A name in a directive, and where it stands. */
export interface DirectiveName {
  readonly text: string;
  readonly span: Span;
}

/** A comment that speaks to a linter. */
export interface LintDirective {
  readonly dialect: Dialect;
  readonly kind: DirectiveKind;
  /** The rules it names (for `shell`: the shell; for `unknown`: what was not understood). */
  readonly names: readonly DirectiveName[];
  readonly reason: string | undefined;
  /** `YYYY-MM-DD`: the last day on which it counts. */
  readonly until: string | undefined;
  readonly line: number;
  readonly span: Span;
  /** The comment; undefined for a BuildKit directive at the top of the file, which is none. */
  readonly comment: Comment | undefined;
}

const MARKER = /hadolint|dflint|tally|shellcheck|check\s*=/i;

const DFLINT = /^dflint\s+([a-z-]+)(?:\s*=\s*(.*))?$/i;
const HADOLINT = /^hadolint\s+(?:(global|stage)\s+)?(ignore|shell)\s*=\s*(.*)$/;
const TALLY = /^tally\s+(?:(global)\s+)?(ignore|shell)\s*=\s*(.*)$/;
const SHELLCHECK = /^shellcheck\s+(disable|shell)\s*=\s*(\S*)/;
const CHECK = /^check\s*=\s*(\S*)/i;

const DFLINT_KINDS: ReadonlySet<string> = new Set<DirectiveKind>([
  "ignore",
  "ignore-stage",
  "ignore-file",
  "disable",
  "enable",
  "expect",
  "shell",
]);

/** The names of dflint's own directives, for suggestions. */
export const DIRECTIVE_NAMES: readonly string[] = [...DFLINT_KINDS];

/** All directives of a file, in order. */
export function readDirectives(dockerfile: Dockerfile): readonly LintDirective[] {
  if (!MARKER.test(dockerfile.source.text)) return [];
  const directives: LintDirective[] = [];
  for (const directive of dockerfile.directives) {
    if (directive.name !== "check") continue;
    const names = checkNames(directive.value.split(/\s/, 1)[0] ?? "", directive.valueSpan.start);
    if (names.length === 0) continue;
    const { span, line } = directive;
    const reason = reasonAfter(directive.value);
    directives.push({
      dialect: "buildkit",
      kind: "ignore-file",
      names,
      reason,
      until: undefined,
      line,
      span,
      comment: undefined,
    });
  }
  const tops = new Set(dockerfile.directives.map(({ line }) => line));
  for (const comment of dockerfile.comments) {
    const directive = tops.has(comment.line) ? undefined : readComment(comment, dockerfile.source.text);
    if (directive !== undefined) directives.push(directive);
  }
  return directives;
}

function readComment(comment: Comment, source: string): LintDirective | undefined {
  const { text } = comment;
  if (!MARKER.test(text)) return undefined;
  const start = comment.span.start + source.slice(comment.span.start, comment.span.end).indexOf(text);
  const base = { line: comment.line, span: comment.span, comment, reason: undefined, until: undefined };
  const dflint = DFLINT.exec(text);
  if (dflint) return readDflint(dflint, start, base);
  const hadolint = HADOLINT.exec(text);
  if (hadolint) {
    const [, scope, verb = "", list = ""] = hadolint;
    const value = list.split("#", 1)[0] ?? "";
    const kind = verb === "shell" ? "shell" : scopeKind(scope);
    return {
      ...base,
      dialect: "hadolint",
      kind,
      names: splitNames(value, start + text.length - list.length),
    };
  }
  const tally = TALLY.exec(text);
  if (tally) {
    const [, scope, verb = "", list = ""] = tally;
    const [value = "", ...rest] = list.split(";");
    const reason = rest
      .find((part) => part.trimStart().startsWith("reason="))
      ?.trimStart()
      .slice(7);
    const names = splitNames(value, start + text.length - list.length).map(withoutNamespace);
    return { ...base, dialect: "tally", kind: verb === "shell" ? "shell" : scopeKind(scope), names, reason };
  }
  const shellcheck = SHELLCHECK.exec(text);
  if (shellcheck) {
    const [whole, verb, value = ""] = shellcheck;
    const names = splitNames(value, start + whole.length - value.length);
    return { ...base, dialect: "shellcheck", kind: verb === "shell" ? "shell" : "ignore", names };
  }
  const check = comment.indented ? null : CHECK.exec(text);
  if (check) {
    const value = check[1] ?? "";
    const names = checkNames(value, start + check[0].length - value.length);
    if (names.length > 0) {
      return { ...base, dialect: "buildkit", kind: "ignore", names, reason: reasonAfter(text) };
    }
  }
  return undefined;
}

function scopeKind(scope: string | undefined): DirectiveKind {
  if (scope === "global") return "ignore-file";
  return scope === "stage" ? "ignore-stage" : "ignore";
}

function readDflint(
  match: RegExpExecArray,
  start: number,
  base: Pick<LintDirective, "line" | "span" | "comment" | "reason" | "until">,
): LintDirective {
  const [text, verb = "", tail = ""] = match;
  const word = verb.toLowerCase();
  const verbAt = start + text.indexOf(verb, 6);
  if (!DFLINT_KINDS.has(word) || tail.trim() === "") {
    const names = [{ text: verb, span: { start: verbAt, end: verbAt + verb.length } }];
    return { ...base, dialect: "dflint", kind: "unknown", names };
  }
  const dashes = /(?:^|\s)--(?:\s|$)/.exec(tail);
  const reason = dashes ? tail.slice(dashes.index + dashes[0].length).trim() || undefined : undefined;
  const before = dashes ? tail.slice(0, dashes.index) : tail;
  const until = /(?:^|\s)until\s*=\s*(\S*)/.exec(before);
  const list = until ? before.slice(0, until.index) : before;
  const names = splitNames(list, start + text.length - tail.length);
  return { ...base, dialect: "dflint", kind: word as DirectiveKind, names, reason, until: until?.[1] };
}

/** Names between commas (blanks do as well), with their places. */
function splitNames(list: string, offset: number): DirectiveName[] {
  return [...list.matchAll(/[^\s,]+/g)].map((match) => ({
    text: match[0],
    span: { start: offset + match.index, end: offset + match.index + match[0].length },
  }));
}

/** The names of `skip=` in the value of a `check=`; the last one counts if there are more. */
function checkNames(value: string, offset: number): DirectiveName[] {
  const skip = [...value.matchAll(/(?:^|;)skip=([^;]*)/g)].at(-1);
  return skip ? splitNames(skip[1] ?? "", offset + skip.index + skip[0].length - (skip[1] ?? "").length) : [];
}

function reasonAfter(text: string): string | undefined {
  const slashes = /\s\/\/\s*(.+)$/.exec(text);
  return slashes?.[1]?.trim();
}

/** `hadolint/DL3006` and `buildkit/StageNameCasing` are DL3006 and StageNameCasing. */
function withoutNamespace(name: DirectiveName): DirectiveName {
  return { ...name, text: name.text.replace(/^(?:hadolint|buildkit|shellcheck)\//, "") };
}

/** Whether a top directive makes BuildKit's warnings fail the build (`# check=error=true`). */
export function buildkitErrors(dockerfile: Dockerfile): boolean {
  return dockerfile.directives.some(
    ({ name, value }) => name === "check" && /(?:^|;)error=true(?:;|$)/i.test(value.split(/\s/, 1)[0] ?? ""),
  );
}
