import type { InstructionBase, KeyValue, Word } from "../nodes.ts";
import type { ProblemSink } from "../problem.ts";
import { splitOnce } from "../words.ts";
import { refuse } from "./reader.ts";

/**
 * The pairs of ENV and LABEL. If the first word holds no `=`, all of it is the old form `ENV name value`,
 * whose value is the raw rest of the line.
 */
export function pairsOf(base: InstructionBase): KeyValue[] {
  const first = base.args[0];
  if (!first) return [];
  if (!first.text.includes("=")) {
    const [key, value] = splitOnce(base.rest);
    return value ? [{ key, value, legacy: true }] : [];
  }
  if (base.args.length === 1) return [pairOf(first)];
  return base.args.filter(({ text }) => text.includes("=")).map(pairOf);
}

function pairOf(word: Word): KeyValue {
  const equals = word.text.indexOf("=");
  return { key: word.slice(0, equals), value: word.slice(equals + 1), legacy: false };
}

/** Says what is wrong with the pairs. */
export function checkPairs(base: InstructionBase, problems: ProblemSink): void {
  const first = base.args[0];
  if (!first) {
    const keyword = keywordOf(base);
    const message = `${keyword} requires at least one argument`;
    refuse(problems, base, "missing-argument", message, `Write ${keyword} name=value, or remove the line.`);
    return;
  }
  if (!first.text.includes("=")) {
    const [key, value] = splitOnce(base.rest);
    if (value) return;
    const keyword = keywordOf(base);
    const message = `${keyword} must have two arguments`;
    stop(problems, base, "missing-value", message, `Write ${keyword} ${key.text}=value.`, key);
    return;
  }
  for (const word of base.args) {
    const equals = word.text.indexOf("=");
    if (equals === -1) {
      const message = `Syntax error - can't find = in ${JSON.stringify(word.text)}. Must be of the form: name=value`;
      stop(problems, base, "missing-equals", message, "Put quotes around a value that holds blanks.", word);
    } else if (equals === 0) {
      const message = `${keywordOf(base)} names can not be blank`;
      refuse(problems, base, "invalid-argument", message, "Put a name before the =.", word.span);
    }
  }
}

function keywordOf(base: InstructionBase): string {
  return base.name.text.toUpperCase();
}

/** Reports what already stops BuildKit's parser. */
function stop(
  problems: ProblemSink,
  base: InstructionBase,
  code: "missing-value" | "missing-equals",
  message: string,
  advice: string,
  word: Word,
): void {
  problems.push({ code, phase: "parser", message, advice, span: word.span, line: base.startLine });
}
