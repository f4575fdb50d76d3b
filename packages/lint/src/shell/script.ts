/** Which shell code an instruction runs, and in which shell. */
import { heredocOf } from "../syntax/heredoc.ts";
import { LogicalText } from "../syntax/logical-text.ts";
import type { Heredoc, Instruction, Keyword, Word } from "../syntax/nodes.ts";
import { BlockNode } from "./parsing/block-node.ts";
import { CommandNode } from "./parsing/command-node.ts";
import { LiteralNode } from "./parsing/literal-node.ts";
import type { Script } from "./nodes.ts";
import { parseScript } from "./parsing/parse.ts";
import { plainScript } from "./parsing/plain-script.ts";
import { Place } from "./parsing/place.ts";
import { ScriptNode } from "./parsing/script-node.ts";
import type { ScriptOptions } from "./parsing/script-node.ts";
import { readShell } from "./programs/shell-command.ts";
import type { ShellSpeech } from "./programs/shell-command.ts";
import { ShellVariables } from "./variables.ts";

export type * from "./nodes.ts";

/** The instructions that hold code. */
export const RUNNING: ReadonlySet<Keyword> = new Set(["RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK"]);

/**
 * The code that a RUN, CMD, ENTRYPOINT or HEALTHCHECK runs; for ONBUILD ask its inner instruction. `shell` is the shell in
 * effect: `model.state(instruction).shell`. Undefined for other instructions, for nothing to run, and for
 * languages that are no POSIX-like shell: PowerShell, cmd, a heredoc that begins with `#!/usr/bin/python`.
 */
export function scriptOf(instruction: Instruction, shell: ShellSpeech): Script | undefined {
  const words = commandWords(instruction);
  const [first] = words;
  if (!first) return undefined;
  if (instruction.json) return execScript(first, words);
  const { heredocs } = instruction;
  const [heredoc] = heredocs;
  if (heredoc && opensOnly(first)) return heredocScript(heredoc, shell);
  const options = optionsOf(shell);
  if (!options) return undefined;
  const code = first.toLogicalText();
  if (heredoc === undefined) return readScript(code, options);
  const script = readScript(withBodies(code, heredocs), options);
  const reader = heredocs.length === 1 ? shellReading(script) : undefined;
  const readerOptions = reader && optionsOf(reader);
  return readerOptions && heredoc.content !== "" ? readScript(bodyOf(heredoc), readerOptions) : script;
}

/** The shell that reads its script from a heredoc, as in `bash -e <<EOF`, where it is all that is run. */
function shellReading({ commands, problems }: Script): ShellSpeech | undefined {
  const [command] = commands;
  if (command === undefined || commands.length > 1 || problems.length > 0) return undefined;
  const { words, redirects, pipeline } = command;
  const [input] = redirects;
  if (redirects.length !== 1 || !input?.operator.startsWith("<<") || input.operator === "<<<")
    return undefined;
  if ((input.fd ?? 0) !== 0 || pipeline.length > 1) return undefined;
  const argv = words.map(({ value }) => value ?? "");
  // Anything but options would be the script's file.
  if (argv.slice(1).some((word) => !/^-(?!.*c)/.test(word) && word !== "pipefail" && word !== "errexit"))
    return undefined;
  return readShell(argv);
}

function commandWords(instruction: Instruction): readonly Word[] {
  switch (instruction.keyword) {
    case "RUN":
    case "CMD":
    case "ENTRYPOINT":
      return instruction.args;
    case "HEALTHCHECK":
      return instruction.command;
    default:
      return [];
  }
}

function opensOnly(word: Word): boolean {
  const heredoc = heredocOf(word);
  return heredoc !== undefined && !("error" in heredoc);
}

/** A heredoc alone is the script; a `#!` line chooses what runs it. */
function heredocScript(heredoc: Heredoc, shell: ShellSpeech): Script | undefined {
  const speech = heredoc.content.startsWith("#!") ? readShebang(heredoc.content) : shell;
  const options = optionsOf(speech);
  if (!options || heredoc.content === "") return undefined;
  return readScript(bodyOf(heredoc), options);
}

function readShebang(content: string): ShellSpeech {
  const end = content.indexOf("\n");
  const line = content.slice(2, end === -1 ? content.length : end);
  return readShell(line.trim().split(/\s+/));
}

/**
 * The body without carriage returns. The builder leaves them to the shell, to which they are a part of each line's last
 * word; here the lines are read as they were meant, and DFL838 says what becomes of them.
 */
function bodyOf({ content, bodySpan }: Heredoc): LogicalText {
  if (!content.includes("\r\n")) return new LogicalText(content, [0, bodySpan.start]);
  const map: number[] = [];
  const pieces: string[] = [];
  let length = 0;
  for (let from = 0, end = 0; end !== -1; from = end + 1) {
    end = content.indexOf("\r\n", from);
    const piece = content.slice(from, end === -1 ? undefined : end);
    if (piece === "") continue;
    map.push(length, bodySpan.start + from);
    pieces.push(piece);
    length += piece.length;
  }
  return new LogicalText(pieces.join(""), map);
}

/** The command with its heredocs after it, as the shell gets them. */
function withBodies(code: LogicalText, heredocs: readonly Heredoc[]): LogicalText {
  const parts = [code];
  for (const heredoc of heredocs) {
    const { name, bodySpan, terminator } = heredoc;
    // The line feed stands before the body in the file, too.
    parts.push(new LogicalText("\n", [0, bodySpan.start - 1]));
    parts.push(bodyOf(heredoc));
    if (terminator) parts.push(new LogicalText(name, [0, terminator.start]));
  }
  return LogicalText.join(parts);
}

function readScript(code: LogicalText, options: ScriptOptions): Script {
  return plainScript(code, options) ?? parseScript(code, options);
}

/** What of a shell matters for a script; undefined for what is no POSIX-like shell. */
function optionsOf(shell: ShellSpeech): ScriptOptions | undefined {
  return isPosixLike(shell) ? shell : undefined;
}

function isPosixLike(shell: ShellSpeech): shell is ShellSpeech & ScriptOptions {
  return shell.dialect === "posix" || shell.dialect === "bash";
}

const EXEC: ScriptOptions = { dialect: "posix", errexit: false, pipefail: false };
const NO_VARIABLES = new ShellVariables();
const NONE: readonly never[] = [];

/** `["sh", "-c", "code"]` is code; anything else is one command. */
function execScript(first: Word, words: readonly Word[]): Script | undefined {
  const speech = readShell(words.map((word) => word.text));
  const code = speech.codeIndex === undefined ? undefined : words[speech.codeIndex];
  if (code) {
    const options = optionsOf(speech);
    return options ? readScript(code.toLogicalText(), options) : undefined;
  }
  const whole = { start: first.span.start, end: (words.at(-1) ?? first).span.end };
  const text = words.map((word) => word.text).join(" ");
  const place = new Place(first.logical, NO_VARIABLES, whole);
  const command = new CommandNode({
    index: 0,
    words: words.map((word) => new LiteralNode(word)),
    assignments: NONE,
    redirects: NONE,
    block: new BlockNode("script", undefined, place, 0, text.length),
    before: "none",
    after: "none",
    negated: false,
    pipeline: undefined,
    place,
    start: 0,
    end: text.length,
  });
  return new ScriptNode({
    form: "exec",
    options: EXEC,
    text,
    place,
    commands: [command],
    hasPipe: false,
    problems: NONE,
  });
}
