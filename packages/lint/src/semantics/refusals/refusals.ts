/** What reads well and does not build: BuildKit refuses it when it plans the build, before anything runs. */
import { flagNamed } from "../../syntax/nodes.ts";
import type { CopyLikeInstruction, Instruction, Word } from "../../syntax/nodes.ts";
import { expandsAny, wordsOfCopy, wordsOfMounts } from "../variables/expanded-words.ts";
import type { Model, Stage } from "../model.ts";
import { checkMounts } from "./mounts.ts";
import { portError } from "./ports.ts";
import { checkBase, checkCopyFrom } from "./references.ts";
import type { Refusal } from "./refusal.ts";
import { isSignal } from "./signals.ts";

export type { Refusal } from "./refusal.ts";

/** The only characters that mean something to the expansion. */
const MEANINGFUL = /[$"'\\`]/;
const NO_WORDS: readonly Word[] = [];
const GIT_REFERENCE = /^(?:git|ssh):\/\/|^[\w.-]+@[\w.-]+:/;
const MODE = /^(?:[0-7]{1,5}|[ugoa]*[-+=][rwxXstugo]*(?:,[ugoa]*[-+=][rwxXstugo]*)*)$/;

/**
 * What BuildKit refuses in a file without `problems` of its own. Only what is certain: nothing that depends on a value
 * which is not known, on the base image or on the context.
 */
export function refusalsOf(model: Model): Refusal[] {
  const refusals: Refusal[] = [];
  if (model.stages.length === 0 && model.preamble.length > 0) {
    refusals.push({
      code: "no-stages",
      message: "dockerfile contains no stages to build",
      advice: "Write FROM image below the ARGs.",
      span: model.preamble.at(-1)?.span ?? { start: 0, end: 0 },
      instruction: undefined,
    });
  }
  for (const instruction of model.preamble) checkWords(instruction, model, refusals);
  // What stands in the stages that others are based on.
  const wrongTriggers = new Map<Stage, readonly Word[]>();
  for (const stage of model.stages) {
    checkWords(stage.from, model, refusals);
    checkBase(stage, model, refusals);
    for (const dependency of stage.dependencies) checkCopyFrom(dependency, stage, model, refusals);
    for (const instruction of stage.instructions) {
      checkWords(instruction, model, refusals);
      checkInstruction(instruction, model, refusals);
    }
    const below = stage.base.stage;
    if (below === undefined) continue;
    let triggers = wrongTriggers.get(below);
    if (triggers === undefined) wrongTriggers.set(below, (triggers = triggersWithoutName(below)));
    for (const name of triggers) refuseTrigger(name, stage.from, refusals);
  }
  return refusals;
}

function checkInstruction(instruction: Instruction, model: Model, refusals: Refusal[]): void {
  switch (instruction.keyword) {
    case "COPY":
    case "ADD":
      checkCopy(instruction, model, refusals);
      break;
    case "EXPOSE":
      for (const port of instruction.ports) {
        if (!MEANINGFUL.test(port.text) && portError(port.text) === undefined) continue; // as most are
        const error = firstError(model.expand(port, instruction).words);
        if (error === undefined) continue;
        const advice = port.text.startsWith("#")
          ? "Move the comment to a line of its own: a # later in a line is no comment."
          : "Write a port from 0 to 65535, such as 8080 or 8080/udp.";
        refusals.push({ code: "invalid-port", message: error, advice, span: port.span, instruction });
      }
      break;
    case "RUN":
      checkMounts(instruction, model, refusals);
      break;
    case "STOPSIGNAL": {
      const signal = instruction.signal ? model.expand(instruction.signal, instruction).value : undefined;
      if (!instruction.signal || signal === undefined || isSignal(signal)) break;
      const message = `invalid signal: ${signal}`;
      const advice = "Write a signal such as SIGTERM, or its number.";
      refusals.push({ code: "invalid-signal", message, advice, span: instruction.signal.span, instruction });
      break;
    }
    default:
  }
}

function firstError(ports: readonly string[] = []): string | undefined {
  for (const port of ports) {
    const error = portError(port);
    if (error !== undefined) return error;
  }
  return undefined;
}

function checkCopy(copy: CopyLikeInstruction & Instruction, model: Model, refusals: Refusal[]): void {
  const mode = flagNamed(copy, "chmod")?.value;
  const value = mode ? model.expand(mode, copy).value : undefined;
  // Without a value the flag is as if it were not there.
  if (mode && value && !MODE.test(value)) {
    const message = `invalid chmod parameter: '${value}'. it should be octal string and between 0 and 07777`;
    refusals.push({
      code: "invalid-mode",
      message,
      advice: "Write 755 or u+x.",
      span: mode.span,
      instruction: copy,
    });
  }
  const checksum = flagNamed(copy, "checksum")?.value;
  const sum = checksum ? model.expand(checksum, copy).value : undefined;
  if (checksum && sum !== undefined && !/^(?:\w+:)?[0-9a-f]{7,}$/i.test(sum)) {
    const message = "invalid checksum digest format";
    const advice = "Write sha256: and the 64 digits.";
    refusals.push({ code: "invalid-checksum", message, advice, span: checksum.span, instruction: copy });
  }
  // Most files have no sources that may be a URL.
  if (copy.keyword !== "COPY" || (!copy.json && !/[:$]/.test(copy.logical.text))) return;
  for (const source of copy.sources) {
    // What is neither a URL nor a repository, and becomes none.
    if (!source.text.includes(":") && !MEANINGFUL.test(source.text)) continue;
    const value = model.expand(source, copy).value ?? "";
    const isUrl = /^https?:\/\//.test(value);
    if (!isUrl && !GIT_REFERENCE.test(value)) continue;
    const message = `source can't be a ${isUrl ? "URL" : "git ref"} for COPY`;
    refusals.push({
      code: "invalid-source",
      message,
      advice: "Use ADD.",
      span: source.span,
      instruction: copy,
    });
  }
}

/** The names that are no instruction in the ONBUILDs of a stage. */
function triggersWithoutName({ instructions }: Stage): Word[] {
  return instructions.flatMap((instruction) =>
    instruction.keyword === "ONBUILD" && instruction.inner?.keyword === "UNKNOWN"
      ? [instruction.inner.name]
      : [],
  );
}

/** An ONBUILD in a stage is read when another stage is based on it. */
function refuseTrigger({ text, span }: Word, from: Instruction, refusals: Refusal[]): void {
  const message = `unknown instruction: ${text}`;
  refusals.push({ code: "invalid-trigger", message, advice: "Mend the ONBUILD.", span, instruction: from });
}

/** The words in which BuildKit expands variables, with errors such as a bad substitution. */
function checkWords(instruction: Instruction, model: Model, refusals: Refusal[]): void {
  if (!expandsAny(instruction)) return;
  // To look into the text first spares most instructions the list of their words.
  if (instruction.heredocs.length === 0 && !MEANINGFUL.test(instruction.logical.text)) return;
  for (const word of expandedWords(instruction)) {
    if (!MEANINGFUL.test(word.text)) continue;
    const { error } = model.expand(word, instruction);
    if (error === undefined) continue;
    const { text, span } = faultyPart(word, instruction, model);
    const message = `failed to process ${JSON.stringify(text)}: ${error}`;
    const advice = "Mend the quotes or the substitution, or give the variable a value.";
    refusals.push({ code: "invalid-expansion", message, advice, span, instruction });
  }
}

/** What of a word cannot be expanded: the first such line of a heredoc, which may be a whole file. */
function faultyPart(word: Word, instruction: Instruction, model: Model): Pick<Word, "text" | "span"> {
  if (!word.text.includes("\n")) return word;
  for (const { index, 0: line } of word.text.matchAll(/.+/g)) {
    const part = word.slice(index, index + line.length);
    const { span } = part;
    // As it is written, with the quotes.
    if (model.expand(part, instruction).error !== undefined)
      return { text: model.dockerfile.source.slice(span), span };
  }
  return word;
}

function expandedWords(instruction: Instruction): readonly Word[] {
  switch (instruction.keyword) {
    case "ENV":
    case "LABEL":
      return instruction.pairs.flatMap(({ key, value }) => [key, value]);
    case "ARG":
      return instruction.declarations.flatMap(({ name, value }) => (value ? [name, value] : [name]));
    case "FROM": {
      const platform = flagNamed(instruction, "platform")?.value;
      return [instruction.image, platform].filter((word) => word !== undefined);
    }
    case "COPY":
    case "ADD":
      return instruction.destination ? wordsOfCopy(instruction) : [];
    case "RUN":
      return wordsOfMounts(instruction);
    case "EXPOSE":
    case "VOLUME":
    case "WORKDIR":
    case "USER":
    case "STOPSIGNAL":
      return instruction.args;
    default:
      return NO_WORDS;
  }
}
