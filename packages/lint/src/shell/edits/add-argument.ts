import { insertion, type Edit } from "../../source/edit.ts";
import type { SourceFile } from "../../source/source-file.ts";
import type { Script, ShellWord } from "../nodes.ts";

/** The edit that puts one more argument after a word of a command; in exec form that is a string of its own. */
export function addArgument(
  { span }: ShellWord,
  argument: string,
  { form }: Script,
  source: SourceFile,
): Edit {
  if (form !== "exec") return insertion(span.end, ` ${argument}`);
  // The range of a word is what stands between its quotes.
  const at = span.end + 1;
  const comma = /^,\S/.test(source.text.slice(at, at + 2)) ? "," : ", ";
  return insertion(at, `${comma}"${argument}"`);
}
