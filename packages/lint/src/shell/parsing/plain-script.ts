/**
 * Code of nothing but plain words between `&&`, `||`, `|`, `;` and line ends. Most RUNs are such; what they say is read
 * here for a fraction of what it costs to parse them, and it is the same: the test beside this file compares the two.
 */
import type { LogicalText } from "../../syntax/logical-text.ts";
import { BlockNode } from "./block-node.ts";
import { CommandNode } from "./command-node.ts";
import { fitted } from "../../source/fitted.ts";
import type { Joiner, Script, ShellCommand } from "../nodes.ts";
import { PipelineNode } from "./pipeline-node.ts";
import { Place } from "./place.ts";
import { ScriptNode, type ScriptOptions } from "./script-node.ts";
import { ShellVariables } from "../variables.ts";
import { isPlain, WordNode } from "./word-node.ts";

/** The words of a command. */
interface Piece {
  readonly words: readonly WordNode[];
  readonly start: number;
  readonly end: number;
  after: Joiner;
}

const NONE: readonly never[] = [];
/** What is no name of a command. */
const RESERVED: ReadonlySet<string> = new Set(
  "if then else elif fi do done for while until in case esac function select coproc time".split(" "),
);
const TAB = 9;
const LINE_FEED = 10;
const SPACE = 32;
const AMPERSAND = 38;
const SEMICOLON = 59;
const BAR = 124;

/** The script, if it is of plain words; undefined if it takes a parser. */
export function plainScript(code: LogicalText, options: ScriptOptions): Script | undefined {
  const { text } = code;
  if (!isPlain(text) || text.includes("#")) return undefined;
  const place = new Place(code, new ShellVariables(), undefined);
  const pieces = readPieces(text, place);
  if (pieces === undefined) return undefined;
  const commands = commandsOf(pieces, new BlockNode("script", undefined, place, 0, text.length), place);
  place.variables.setBy(commands);
  const hasPipe = pieces.some(({ after }) => after === "|");
  return new ScriptNode({ form: "shell", options, text, place, commands, hasPipe, problems: NONE });
}

/** Undefined where there are other operators than those, none of them where there must be one, or no plain command. */
function readPieces(text: string, place: Place): readonly Piece[] | undefined {
  const pieces: Piece[] = [];
  let words: WordNode[] = [];
  let start = 0;
  let end = 0;
  const finish = (after: Joiner): boolean => {
    const name = words[0]?.text ?? "";
    pieces.push({ words: fitted(words), start, end, after });
    words = [];
    return !RESERVED.has(name) && !name.includes("=");
  };
  for (let at = 0; at < text.length;) {
    const character = text.charCodeAt(at);
    if (character === SPACE || character === TAB) {
      at += 1;
    } else if (!isOperator(character)) {
      if (words.length === 0) start = at;
      end = wordEnd(text, at);
      words.push(new WordNode(text.slice(at, end), place, at, end, undefined));
      at = end;
    } else {
      const joiner = joinerAt(text, at);
      if (joiner === undefined) return undefined;
      at += joiner === "&&" || joiner === "||" ? 2 : 1;
      const last = pieces.at(-1);
      if (words.length > 0) {
        if (!finish(joiner)) return undefined;
      } else if (joiner !== "newline") {
        return undefined;
      } else if (last?.after === ";") {
        last.after = "newline";
      }
    }
  }
  if (words.length > 0) return finish("none") ? pieces : undefined;
  const last = pieces.at(-1);
  if (last?.after !== ";" && last?.after !== "newline") return undefined;
  last.after = "none";
  return pieces;
}

function isOperator(character: number): boolean {
  return character === AMPERSAND || character === BAR || character === SEMICOLON || character === LINE_FEED;
}

/** What ends a word. */
const WORD_END = /[\t\n &;|]/g;

function wordEnd(text: string, start: number): number {
  WORD_END.lastIndex = start;
  return WORD_END.test(text) ? WORD_END.lastIndex - 1 : text.length;
}

function joinerAt(text: string, at: number): Joiner | undefined {
  const twice = text.charCodeAt(at) === text.charCodeAt(at + 1);
  switch (text.charCodeAt(at)) {
    case AMPERSAND:
      return twice ? "&&" : undefined;
    case BAR:
      return twice ? "||" : "|";
    case SEMICOLON:
      return ";";
    default:
      return "newline";
  }
}

function commandsOf(pieces: readonly Piece[], block: BlockNode, place: Place): readonly ShellCommand[] {
  let before: Joiner = "none";
  let pipeline: PipelineNode | undefined;
  return pieces.map(({ words, start, end, after }, index) => {
    if (before !== "|") pipeline = after === "|" ? pipelineAt(pieces, index, place) : undefined;
    const command = new CommandNode({
      index,
      words,
      assignments: NONE,
      redirects: NONE,
      block,
      before,
      after,
      negated: false,
      pipeline,
      place,
      start,
      end,
    });
    pipeline?.commands.push(command);
    if (pipeline !== undefined && after !== "|") pipeline.commands = pipeline.commands.slice();
    before = after;
    return command;
  });
}

function pipelineAt(pieces: readonly Piece[], first: number, place: Place): PipelineNode {
  let last = first;
  while (pieces[last]?.after === "|") last += 1;
  return new PipelineNode(last - first + 1, place, pieces[first]?.start ?? 0, pieces[last]?.end ?? 0);
}
