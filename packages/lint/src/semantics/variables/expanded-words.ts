/** The words of an instruction whose variables the builder expands, as opposed to a shell. */
import type {
  CopyLikeInstruction,
  Heredoc,
  Instruction,
  KeyValue,
  RunInstruction,
} from "../../syntax/nodes.ts";
import { LogicalText } from "../../syntax/logical-text.ts";
import { Word } from "../../syntax/word.ts";

const COPY_FLAGS: ReadonlySet<string> = new Set(["chown", "chmod", "checksum"]);

const NO_WORDS: readonly Word[] = [];

/** The words, each only once; empty for instructions that nothing is expanded in. EXPOSE is one that is. */
export function expandedWords(instruction: Instruction): readonly Word[] {
  if (!expandsAny(instruction)) return NO_WORDS;
  const { logical, heredocs, json } = instruction;
  // Only in JSON may the dollar be written in another way.
  if (!json && heredocs.length === 0 && !logical.text.includes("$")) return NO_WORDS;
  switch (instruction.keyword) {
    case "ENV":
    case "LABEL":
      return inPairs(instruction.pairs);
    case "ARG":
      return instruction.declarations.flatMap(({ value }) => (value && hasVariable(value) ? [value] : []));
    case "WORKDIR":
    case "USER":
    case "STOPSIGNAL":
    case "VOLUME":
    case "EXPOSE":
      return instruction.args.filter(hasVariable);
    case "COPY":
    case "ADD":
      return wordsOfCopy(instruction).filter(hasVariable);
    case "RUN":
      return wordsOfMounts(instruction).filter(hasVariable);
    default:
      return NO_WORDS;
  }
}

/** Whether there is any word in which it would be: all the others of a RUN are its shell's. */
export function expandsAny(instruction: Instruction): boolean {
  return instruction.keyword !== "RUN" || instruction.mounts.length > 0;
}

/** Of a COPY or ADD, in the order in which the builder expands them; those without variables, too. */
export function wordsOfCopy({ flags, sources, destination, heredocs }: CopyLikeInstruction): readonly Word[] {
  const ofFlags = flags.flatMap(({ name, value }) => (value && COPY_FLAGS.has(name) ? [value] : []));
  const paths = destination ? [...sources, destination] : sources;
  const bodies = heredocs.filter(({ quoted }) => !quoted).map(bodyOf);
  return [...ofFlags, ...paths, ...bodies];
}

/** Of the mounts of a RUN; those without variables, too. */
export function wordsOfMounts({ mounts }: RunInstruction): readonly Word[] {
  return mounts.flatMap(({ options }) =>
    options.flatMap(({ key, value }) => (value && key !== "from" ? [value] : [])),
  );
}

function inPairs(pairs: readonly KeyValue[]): Word[] {
  const words: Word[] = [];
  for (const { key, value } of pairs) {
    if (hasVariable(key)) words.push(key);
    if (hasVariable(value)) words.push(value);
  }
  return words;
}

function hasVariable({ text }: Word): boolean {
  return text.includes("$");
}

/** The text of a heredoc, in which quotes are characters like others: they are blanked out. */
function bodyOf({ content, bodySpan }: Heredoc): Word {
  const text = content.replace(/["']/g, " ");
  return new Word(text, new LogicalText(text, [0, bodySpan.start]), 0, text.length);
}
