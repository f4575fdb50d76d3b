/** Which instructions of a stage may change places: only those where it can be proved that nothing else changes. */
import { baseName } from "../source/path.ts";
import type { Model } from "../semantics/model.ts";
import { cleanContextPath } from "../semantics/paths/taken-paths.ts";
import { absolutePath, isBelowUnknown } from "../semantics/paths/absolute-path.ts";
import { flagNamed } from "../syntax/nodes.ts";
import type { AddInstruction, CopyInstruction, Instruction } from "../syntax/nodes.ts";
import type { ContextFiles } from "./context-files.ts";
import { copyingOf } from "./copied-files.ts";
import { isFreeOf } from "./free-run.ts";
import { isPattern } from "./source-pattern.ts";

/** Settings of the image that no step looks at. */
const INERT: ReadonlySet<string> = new Set([
  "LABEL",
  "EXPOSE",
  "CMD",
  "ENTRYPOINT",
  "STOPSIGNAL",
  "HEALTHCHECK",
  "MAINTAINER",
  "ONBUILD",
]);

/** Whether the first of two instructions, which stands above the other, has to stay there. */
export function staysAbove(
  first: Instruction,
  second: Instruction,
  model: Model,
  context: ContextFiles,
): boolean {
  const [upper, lower] = [isCopy(first), isCopy(second)];
  if (isCopy(first) && isCopy(second)) {
    const below = landingsOf(second, model, context);
    return landingsOf(first, model, context).some((path) => below.some((other) => overlap(path, other)));
  }
  if (isCopy(first) || isCopy(second)) {
    const [copy, other] = isCopy(first) ? [first, second] : [second as CopyInstruction, first]; // one of them is a COPY
    return isTied(copy, other, model, context);
  }
  if (upper || lower) return true;
  if (first.keyword === "RUN" || second.keyword === "RUN") {
    return !INERT.has(first.keyword) && !INERT.has(second.keyword);
  }
  // Of the settings those of a kind win by their order, and a file reads best as it was written.
  return true;
}

/** Whether a COPY has to stay on its side of a setting or a RUN. */
function isTied(
  copy: CopyInstruction | AddInstruction,
  other: Instruction,
  model: Model,
  context: ContextFiles,
): boolean {
  const usesVariables =
    copy.logical.text.includes("$") || copy.heredocs.some(({ content }) => content.includes("$"));
  switch (other.keyword) {
    case "ENV":
    case "ARG":
      return usesVariables;
    case "WORKDIR": {
      const path = other.path && model.expand(other.path, other).value;
      const folder = path === undefined ? undefined : absolutePath(path, other, model);
      const isAbsolute = copy.destination?.text.startsWith("/") === true;
      return (
        !isAbsolute ||
        folder === undefined ||
        landingsOf(copy, model, context).some((one) => overlap(one, folder))
      );
    }
    case "RUN": {
      // The name of a user is looked up in files that a RUN writes.
      const hasOwner = flagNamed(copy, "chown") !== undefined;
      const landings = landingsOf(copy, model, context);
      return usesVariables || hasOwner || copy.keyword === "ADD" || !isFreeOf(other, landings, model);
    }
    case "USER":
    case "SHELL":
      return false;
    default:
      return !INERT.has(other.keyword);
  }
}

/** Where a COPY may write: files, and folders with all that is below them. */
function landingsOf(
  copy: CopyInstruction | AddInstruction,
  model: Model,
  context: ContextFiles,
): readonly string[] {
  const { destination, isFolder, sources, keepsParents } = copyingOf(copy, model);
  if (destination === undefined || isBelowUnknown(destination)) return ["/"];
  const isLocal = flagNamed(copy, "from") === undefined && copy.keyword === "COPY";
  if (!isLocal || keepsParents || sources.length !== copy.sources.length || sources.length === 0) {
    return [destination];
  }
  return sources.map((source) => {
    const path = cleanContextPath(source);
    if (!isFolder || isPattern(source) || context.typeOf(path) !== "file") return destination;
    return `${destination.replace(/\/$/, "")}/${baseName(path)}`;
  });
}

function overlap(left: string, right: string): boolean {
  const [one, other] = [`${left.replace(/\/+$/, "")}/`, `${right.replace(/\/+$/, "")}/`];
  return one.startsWith(other) || other.startsWith(one);
}

function isCopy(instruction: Instruction): instruction is CopyInstruction | AddInstruction {
  return instruction.keyword === "COPY" || instruction.keyword === "ADD";
}
