import type { Edit } from "../../source/edit.ts";
import type { SourceFile } from "../../source/source-file.ts";
import type { Script, ShellCommand } from "../nodes.ts";

/**
 * The edit that takes one command out of a chain of `&&` (or `;`), with the operator that joins it; undefined where it
 * is the only one, where other operators join it, or where a comment would be lost.
 */
export function removeCommand(script: Script, command: ShellCommand, source: SourceFile): Edit | undefined {
  if (script.form === "exec" || command.block.kind !== "script" || command.pipeline.length > 1)
    return undefined;
  const inScript = script.commands.filter(({ block }) => block === command.block);
  const place = inScript.indexOf(command);
  const next = inScript[place + 1];
  const previous = inScript[place - 1];
  const removed =
    isPlain(command.after) &&
    next?.before === command.after &&
    (isPlain(command.before) || command.before === "none")
      ? { start: command.span.start, end: next.span.start }
      : command.after === "none" && isPlain(command.before) && previous?.after === command.before
        ? { start: previous.span.end, end: command.span.end }
        : undefined;
  if (removed === undefined || source.slice(removed).includes("#")) return undefined;
  return { span: removed, newText: "" };
}

function isPlain(joiner: ShellCommand["after"]): boolean {
  return joiner === "&&" || joiner === ";";
}
