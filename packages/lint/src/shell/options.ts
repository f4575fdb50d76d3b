import type { ShellWord } from "./nodes.ts";

/** An option on a command line. */
export interface Option {
  /** With its dashes: `--no-cache`, `-y`. Of `-qy` there are two. */
  readonly name: string;
  /** Undefined if it has none or it is unknown. */
  readonly value: string | undefined;
  /** The word that it stands in. */
  readonly word: ShellWord;
  /** The word of the value where that is another one. */
  readonly valueWord: ShellWord | undefined;
}

/** A command line, taken apart. */
export interface CommandLine {
  readonly options: readonly Option[];
  readonly operands: readonly ShellWord[];
}

/** Which options take a value. */
export interface OptionStyle {
  /** Letters of short options with a value: `-t stable`, `-tstable`. */
  readonly short: string;
  /** Long options with a value, without dashes: `--target-release stable`; with `=` any may have one. */
  readonly long: readonly string[];
  /** Whether `-qy` is `-q -y`. Default true; Go's tools read it as one name. */
  readonly clusters?: boolean;
}

/** Takes arguments apart. After `--` all are operands. */
export function readCommandLine(args: readonly ShellWord[], style: OptionStyle): CommandLine {
  const options: Option[] = [];
  const operands: ShellWord[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at];
    if (!word) break;
    const text = word.prefix;
    if (text === "--" && word.value === "--") {
      operands.push(...args.slice(at + 1));
      break;
    }
    if (!text.startsWith("-") || text.length < 2) {
      operands.push(word);
    } else if (readOption(word, args[at + 1], style, options)) {
      at += 1;
    }
  }
  return { options, operands };
}

/** The words that begin with no dash: the operands of a program, as long as none of its options takes the next word. */
export function withoutOptions(args: readonly ShellWord[]): ShellWord[] {
  return args.filter(({ prefix }) => !prefix.startsWith("-"));
}

/** Reads the options of a word; true if the last one takes the next word. */
function readOption(
  word: ShellWord,
  next: ShellWord | undefined,
  style: OptionStyle,
  options: Option[],
): boolean {
  const text = word.prefix;
  const long = text.startsWith("--") || style.clusters === false;
  if (!long) return readCluster(word, next, style, options);
  const equals = text.indexOf("=");
  const name = equals === -1 ? text : text.slice(0, equals);
  if (equals !== -1) {
    options.push({ name, value: word.value?.slice(equals + 1), word, valueWord: undefined });
    return false;
  }
  const bare = name.replace(/^--?/, "");
  const takes = style.long.includes(bare) || (bare.length === 1 && style.short.includes(bare));
  options.push({ name, value: takes ? next?.value : undefined, word, valueWord: takes ? next : undefined });
  return takes;
}

function readCluster(
  word: ShellWord,
  next: ShellWord | undefined,
  style: OptionStyle,
  options: Option[],
): boolean {
  const letters = word.prefix.slice(1);
  for (let at = 0; at < letters.length; at += 1) {
    const letter = letters.charAt(at);
    const name = `-${letter}`;
    if (!style.short.includes(letter)) {
      options.push({ name, value: undefined, word, valueWord: undefined });
      continue;
    }
    const rest = word.value?.slice(at + 2);
    if (rest !== "") {
      const value = rest?.startsWith("=") ? rest.slice(1) : rest;
      options.push({ name, value, word, valueWord: undefined });
      return false;
    }
    options.push({ name, value: next?.value, word, valueWord: next });
    return true;
  }
  return false;
}
