/** Secrets in shell code that are known by what stands beside them: a name, an option, a header, a program. */
import type { Script, ShellCommand, ShellWord } from "../../shell/nodes.ts";
import { withoutOptions } from "../../shell/options.ts";
import { passwordArguments } from "../../shell/programs/password-arguments.ts";
import type { SourceFile } from "../../source/source-file.ts";
import type { Span } from "../../source/span.ts";
import { isSecretName, isSetting, mayNameSecrets } from "./secret-names.ts";
import { isPlaceholder, looksRandom } from "./secret-shapes.ts";

/** Is told where a secret stands, and what it is, for messages: `a password`. */
export type TellSecret = (at: Span, kind: string) => void;

/** Whether a value looks like a real secret, beside a name that says that it is one. */
export function isSecretValue(name: string, value: string): boolean {
  return looksRandom(value) && isSecretName(name) && !isSetting(value, name) && !isFingerprint(value);
}

/** The fingerprint or the long id of an OpenPGP key, as gpg prints them: it says which key, and opens nothing. */
function isFingerprint(value: string): boolean {
  return /^(?:0x)?(?:[0-9A-F]{40}|[0-9A-F]{16})$/.test(value);
}

/** Tells of each secret in a script with its place. */
export function tellSecretsIn(script: Script, tell: TellSecret, source: SourceFile): void {
  for (const { word, skipped } of passwordArguments(script)) {
    const text = word.value?.slice(skipped) ?? "";
    if (!isPlaceholder(text)) tell(placeOf(text, word.span, source), "a password");
  }
  // Headers have such names, too.
  const hasNames = mayNameSecrets(script.text);
  for (const command of script.commands) {
    if (hasNames) tellWords(command, tell, source);
    tellPassword(command, script.commands[command.index + 1], tell, source);
  }
}

function tellWords({ assignments, words }: ShellCommand, tell: TellSecret, source: SourceFile): void {
  const tellWord = (name: string, word: ShellWord | undefined, skipped = 0): void => {
    const text = word?.variables.length === 0 ? word.value?.slice(skipped) : undefined;
    if (word === undefined || text === undefined || !isSecretValue(name, text)) return;
    tell(placeOf(text, word.span, source), `the value of ${name}, which looks like a real secret`);
  };
  for (const { name, value } of assignments) tellWord(name, value);
  for (const [at, word] of words.entries()) {
    const text = word.prefix;
    if (text.startsWith("-") || text.includes("=")) {
      const option = /^(?:--?)?([A-Za-z][\w-]*)(=?)/.exec(text);
      const name = option?.[1];
      if (name !== undefined && option?.[2] === "=") tellWord(name, word, option[0].length);
      else if (name !== undefined && text.startsWith("-")) tellWord(name, words[at + 1]);
    }
    if (text.includes(":")) tellHeader(word, tell, source);
  }
}

const HEADER =
  /^(?:authorization|private-token|x-[\w-]*(?:token|key)|[\w-]*api[-_]?key)\s*:\s*(?:(?:bearer|token|basic)\s+)?(\S+)$/i;

function tellHeader(word: ShellWord, tell: TellSecret, source: SourceFile): void {
  if (word.variables.length > 0) return;
  const secret = HEADER.exec(word.value ?? "")?.[1];
  if (secret !== undefined && looksRandom(secret))
    tell(placeOf(secret, word.span, source), "a key for a service, which looks like a real one");
}

/** `echo user:password | chpasswd`: a password that everybody knows opens the container, however simple it is. */
function tellPassword(
  command: ShellCommand,
  next: ShellCommand | undefined,
  tell: TellSecret,
  source: SourceFile,
): void {
  if ((command.name !== "echo" && command.name !== "printf") || next?.before !== "|") return;
  if (!next.words.some(({ value }) => value === "chpasswd" || value === "--stdin")) return;
  const [word] = withoutOptions(command.words.slice(1));
  const text = word?.value?.replace(/(?:\\n|\n)$/, "");
  if (word === undefined || word.variables.length > 0 || text === undefined || isPlaceholder(text)) return;
  if (text.includes("%") || text.endsWith(":*") || text.endsWith(":")) return;
  tell(placeOf(text, word.span, source), "a password");
}

/** Where in a word its value stands; the whole word where it is written with escapes. */
function placeOf(text: string, span: Span, source: SourceFile): Span {
  const at = source.slice(span).indexOf(text);
  return at === -1 ? span : { start: span.start + at, end: span.start + at + text.length };
}
