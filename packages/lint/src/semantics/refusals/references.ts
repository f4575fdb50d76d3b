import { flagNamed } from "../../syntax/nodes.ts";
import type { FromInstruction } from "../../syntax/nodes.ts";
import { parseImageReference } from "../images/image-reference.ts";
import type { Dependency, Model, Stage } from "../model.ts";
import { parsePlatform } from "../images/platform.ts";
import type { Refusal } from "./refusal.ts";

/** What is wrong with the image of a FROM. */
export function checkBase(stage: Stage, model: Model, refusals: Refusal[]): void {
  const { from, base } = stage;
  checkPlatform(from, model, refusals);
  if (!from.image || base.name === undefined || base.stage || base.scratch || base.reference) return;
  const refusal = { code: "invalid-reference", span: from.image.span, instruction: from } as const;
  if (base.name === "") {
    const advice = "Give the ARG a default before the FROM.";
    const message = `base name (${from.image.text}) should not be blank`;
    refusals.push({ ...refusal, code: "blank-reference", message, advice });
    return;
  }
  const lower = base.name.toLowerCase();
  const capitals = lower !== base.name && (parseImageReference(lower) !== undefined || lower === "scratch");
  const message = capitals
    ? `failed to parse stage name ${JSON.stringify(base.name)}: invalid reference format: repository name must be lowercase`
    : `failed to parse stage name ${JSON.stringify(base.name)}: invalid reference format`;
  const advice = capitals
    ? `Write ${lower}: names of images and stages are in lower case.`
    : "Write name:tag or name@sha256:….";
  refusals.push({ ...refusal, message, advice });
}

function checkPlatform(from: FromInstruction, model: Model, refusals: Refusal[]): void {
  const word = flagNamed(from, "platform")?.value;
  const platform = word && model.expand(word, from).value;
  if (word === undefined || platform === undefined) return;
  const refusal = { span: word.span, instruction: from } as const;
  if (platform === "") {
    const message = `empty platform value from expression ${word.text}`;
    const advice = "Name a variable that has a value, such as $BUILDPLATFORM.";
    refusals.push({ ...refusal, code: "blank-reference", message, advice });
  } else if (parsePlatform(platform) === undefined) {
    const message = `failed to parse platform ${JSON.stringify(platform)}`;
    const advice = "Write a system and an architecture, such as linux/arm64.";
    refusals.push({ ...refusal, code: "invalid-platform", message, advice });
  }
}

/** What is wrong with a `COPY --from`, or with the stage that a mount names. */
export function checkCopyFrom(dependency: Dependency, stage: Stage, model: Model, refusals: Refusal[]): void {
  const { word, instruction, kind } = dependency;
  if (kind === "from") return;
  const refusal = { span: word.span, instruction } as const;
  const isLater = dependency.stage !== undefined && dependency.stage.index > stage.index;
  const isMount = kind === "mount";
  // In a mount a number is the name of an image.
  if (isMount && /^\d+$/.test(word.text)) return;
  const name = word.text;
  if (/^\d+$/.test(name) && !dependency.stage) {
    const message = `invalid from flag value ${name}: invalid stage index ${name}`;
    const advice = `Use the name of a stage, or a number below ${stage.index}.`;
    refusals.push({ ...refusal, code: "invalid-stage", message, advice });
  } else if (dependency.stage === stage) {
    const message = `circular dependency detected on stage: ${name}`;
    refusals.push({ ...refusal, code: "invalid-stage", message, advice: "Take from another stage." });
  } else if (isLater) {
    const message = isMount
      ? `cannot mount from stage ${JSON.stringify(name)}, it needs to be defined before`
      : `stage ${name} is defined after this one`;
    refusals.push({ ...refusal, code: "later-stage", message, advice: "Move that stage above this one." });
  } else if (!dependency.stage && !parseImageReference(name) && !model.stageNamed(name)) {
    // Whether a mount's name is expanded is not told by the file.
    if (isMount && name.includes("$")) return;
    const message = `failed to parse stage name ${JSON.stringify(name)}: invalid reference format`;
    const advice = name.includes("$")
      ? `Write FROM ${name} AS name, and --from=name here: variables are not expanded in it.`
      : "Use the name of a stage or of an image.";
    refusals.push({ ...refusal, code: "invalid-reference", message, advice });
  }
}
