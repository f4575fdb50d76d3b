/**
 * Shell code, read by unbash: this is the only file that knows it. Every word keeps its place in the file. Code that
 * cannot be read is read as far as it goes, and told in `problems`.
 */
import { forEachChild, parse } from "unbash";
import type {
  Assignment,
  Command,
  CompoundList,
  HereDoc,
  ParsedScript,
  Pipeline,
  Redirection,
  Statement,
  SyntaxNode,
  Word,
} from "unbash";
import type { LogicalText } from "../../syntax/logical-text.ts";
import { BlockNode } from "./block-node.ts";
import { CommandNode } from "./command-node.ts";
import { fitted } from "../../source/fitted.ts";
import type { Joiner, Script, ShellAssignment, ShellBlock, ShellProblem, ShellRedirect } from "../nodes.ts";
import { PipelineNode } from "./pipeline-node.ts";
import { Place } from "./place.ts";
import { ScriptNode } from "./script-node.ts";
import type { ScriptOptions } from "./script-node.ts";
import { ShellVariables } from "../variables.ts";
import { isPlain, WordNode } from "./word-node.ts";
import type { WordSource } from "./word-node.ts";

/** Reads shell code. Never throws. */
export function parseScript(code: LogicalText, options: ScriptOptions): Script {
  const { text } = code;
  const reader = new ScriptReader(code);
  const deep = tooDeepAt(text);
  if (deep === -1) reader.script(parse(text));
  else reader.problems.push({ message: "nested too deeply to be read", span: code.span(deep, deep + 1) });
  const { place, hasPipe } = reader;
  const commands = fitted(reader.commands);
  place.variables.setBy(commands);
  const problems = fitted(reader.problems);
  return new ScriptNode({ form: "shell", options, text, place, commands, hasPipe, problems });
}

/** What stands around a command. */
interface Around {
  readonly block: ShellBlock;
  readonly before: Joiner;
  readonly after: Joiner;
  readonly pipeline: PipelineNode | undefined;
  readonly negated: boolean;
}

class ScriptReader {
  readonly commands: CommandNode[] = [];
  readonly problems: ShellProblem[] = [];
  hasPipe = false;
  /** Where the code that is being read stands; backticks that hold escapes have a text of their own and one range. */
  place: Place;
  #text: string;

  constructor(code: LogicalText) {
    this.place = new Place(code, new ShellVariables(), undefined);
    this.#text = code.text;
  }

  script(ast: ParsedScript): void {
    this.#errors(ast);
    this.#statements(ast.commands, new BlockNode("script", undefined, this.place, 0, this.#text.length));
  }

  #errors(ast: ParsedScript): void {
    for (const { message, pos } of ast.errors ?? [])
      this.problems.push({ message, span: this.place.span(pos, pos + 1) });
  }

  #statements(statements: readonly Statement[], block: ShellBlock): void {
    let before: Joiner = "none";
    for (const [index, statement] of statements.entries()) {
      const next = statements[index + 1];
      const after = this.#separator(statement, next);
      this.#node(statement.command, { block, before, after, pipeline: undefined, negated: false });
      before = after;
    }
  }

  #separator(statement: Statement, next: Statement | undefined): Joiner {
    if (statement.background) return "&";
    if (!next) return "none";
    return this.#text.slice(statement.end, next.pos).includes("\n") ? "newline" : ";";
  }

  #node(node: SyntaxNode, around: Around): void {
    switch (node.type) {
      case "Command":
        this.#command(node, around);
        break;
      case "AndOr":
        this.#joined(node.commands, node.operators, around);
        break;
      case "Pipeline":
        this.#pipeline(node, around);
        break;
      case "Redirected":
        this.#node(node.command, around);
        this.#insides(node.redirects, around.block);
        break;
      case "Subshell":
        this.#list(node.body, "subshell", around.block);
        break;
      case "BraceGroup":
        this.#list(node.body, "group", around.block);
        break;
      case "If":
        this.#list(node.clause, "condition", around.block);
        this.#list(node.then, "branch", around.block);
        for (const elif of node.elif) {
          this.#list(elif.clause, "condition", around.block);
          this.#list(elif.then, "branch", around.block);
        }
        if (node.else) this.#list(node.else, "branch", around.block);
        break;
      case "While":
        this.#list(node.clause, "condition", around.block);
        this.#list(node.body, "loop", around.block);
        break;
      case "For":
      case "Select":
        this.place.variables.loop(node.name.text);
        this.#insides(node.wordlist ?? [], around.block);
        this.#list(node.body, "loop", around.block);
        break;
      case "ArithmeticFor":
        this.#list(node.body, "loop", around.block);
        break;
      case "Case":
        this.#insides([node.word], around.block);
        for (const item of node.items) this.#list(item.body, "case", around.block);
        break;
      case "Function":
        if (node.body.type === "CompoundList") this.#list(node.body, "function", around.block);
        else this.#node(node.body, { ...around, block: this.#block("function", node.body, around.block) });
        break;
      case "Coproc":
        if (node.body.type === "CompoundList") this.#list(node.body, "group", around.block);
        else this.#node(node.body, around);
        break;
      default:
        this.#insides([node], around.block);
    }
  }

  #joined(nodes: readonly SyntaxNode[], operators: readonly Joiner[], around: Around): void {
    for (const [index, node] of nodes.entries()) {
      const before = (index === 0 ? undefined : operators[index - 1]) ?? around.before;
      const after = operators[index] ?? around.after;
      this.#node(node, { ...around, before, after });
    }
  }

  #pipeline(node: Pipeline, around: Around): void {
    const negated = node.prefixes.some((prefix) => prefix.type === "Negation");
    if (node.commands.length < 2) {
      this.#joined(node.commands, [], { ...around, negated });
      return;
    }
    this.hasPipe = true;
    const pipeline = new PipelineNode(node.commands.length, this.place, node.pos, node.end);
    this.#joined(node.commands, node.operators, { ...around, pipeline, negated });
    pipeline.commands = pipeline.commands.slice();
  }

  #list(list: CompoundList, kind: ShellBlock["kind"], parent: ShellBlock): void {
    this.#statements(list.commands, this.#block(kind, list, parent));
  }

  #block(kind: ShellBlock["kind"], node: { pos: number; end: number }, parent: ShellBlock): ShellBlock {
    return new BlockNode(kind, parent, this.place, node.pos, node.end);
  }

  #command(node: Command, around: Around): void {
    const words = node.name ? [this.#word(node.name)] : [];
    const assignments: ShellAssignment[] = [];
    const redirects: ShellRedirect[] = [];
    for (const part of node.prefix) {
      if (part.type === "Assignment") assignments.push(this.#assignment(part));
      else redirects.push(this.#redirect(part));
    }
    for (const part of node.suffix) {
      if (part.type === "Word" || part.type === "Assignment") words.push(this.#word(part));
      else redirects.push(this.#redirect(part));
    }
    const command = new CommandNode({
      index: this.commands.length,
      words: fitted(words),
      assignments: fitted(assignments),
      redirects: fitted(redirects),
      block: around.block,
      before: around.before,
      after: around.after,
      pipeline: around.pipeline,
      negated: around.negated,
      place: this.place,
      start: node.pos,
      end: node.end,
    });
    this.commands.push(command);
    around.pipeline?.commands.push(command);
    // Only text that can hold code is looked into: taking words apart is the slow part.
    if (
      mayHoldCode(this.#text, node.pos, node.end) ||
      redirects.some((one) => one.operator.startsWith("<<"))
    ) {
      this.#insides([...(node.name ? [node.name] : []), ...node.prefix, ...node.suffix], around.block);
    }
  }

  #word(node: Word | Assignment): WordNode {
    const { text, pos, end } = node;
    const source = isPlain(text) ? undefined : node.type === "Word" ? node : argumentOf(node);
    return new WordNode(text, this.place, pos, end, source);
  }

  #assignment(node: Assignment): ShellAssignment {
    const { value } = node;
    return {
      name: node.name,
      value: value.type === "Word" ? this.#word(value) : undefined,
      span: this.place.span(node.pos, node.end),
    };
  }

  #redirect(node: Redirection): ShellRedirect {
    const { descriptor } = node;
    return {
      operator: node.operator,
      fd: descriptor?.type === "FileDescriptor" ? descriptor.value : undefined,
      target: node.type !== "HereDoc" && node.target ? this.#word(node.target) : undefined,
      span: this.place.span(node.pos, node.end),
    };
  }

  /** Finds the code in words: command and process substitutions. */
  #insides(nodes: readonly SyntaxNode[], block: ShellBlock): void {
    for (const node of nodes) {
      if (node.type === "CommandExpansion" || node.type === "ProcessSubstitution")
        this.#substitution(node, block);
      else if (node.type === "HereDoc") this.#hereDoc(node, block);
      else forEachChild(node, (child) => this.#insides([child], block));
    }
  }

  #hereDoc(node: HereDoc, block: ShellBlock): void {
    if (node.delimiter?.quoted || !mayHoldCode(this.#text, node.body.pos, node.body.end)) return;
    forEachChild(node.body, (child) => this.#insides([child], block));
  }

  #substitution(
    node: { pos: number; end: number; script: ParsedScript | undefined },
    block: ShellBlock,
  ): void {
    const { script } = node;
    if (!script) return;
    const { place } = this;
    const text = this.#text;
    const inner = this.#block("substitution", node, block);
    if (script.source !== undefined) {
      this.place = new Place(place.code, place.variables, inner.span);
      this.#text = script.source;
    }
    this.#errors(script);
    this.#statements(script.commands, inner);
    this.place = place;
    this.#text = text;
  }
}

/** An assignment as the word it is to a command such as `export`. */
function argumentOf({ text, value, pos }: Assignment): WordSource {
  if (value.type !== "Word") return { value: text, parts: [{ type: "Array", text }] };
  const head = text.slice(0, value.pos - pos);
  const literal = { type: "Literal", text: head, value: head };
  const parts = value.parts ?? [{ type: "Literal", text: value.text, value: value.value }];
  return { value: head + value.value, parts: [literal, ...parts] };
}

// The parser reads what is nested once for each level. No person nests half as deep.
const DEPTH_LIMIT = 32;

/** Where parentheses and braces are nested more deeply than anybody writes; -1 if they are not. */
function tooDeepAt(text: string): number {
  let depth = 0;
  for (const { 0: bracket, index } of text.matchAll(/[(){}]/g)) {
    if (bracket === "(" || bracket === "{") depth += 1;
    else if (depth > 0) depth -= 1;
    if (depth > DEPTH_LIMIT) return index;
  }
  return -1;
}

/** Backticks, `$(`, `<(`, `>(`, and `${`: as `${ command; }`, or with substitutions within `${x:-…}`. */
const CODE = /`|[$<>]\(|\$\{/;

function mayHoldCode(text: string, start: number, end: number): boolean {
  return CODE.test(text.slice(start, end));
}
