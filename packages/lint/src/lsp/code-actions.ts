/** What an editor offers at a finding: its fixes, and ways to mute it. */
import { countBefore } from "../source/count-before.ts";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  CodeActionKind,
  type CodeAction,
  type Range,
  type TextDocumentEdit,
  type TextEdit,
  type WorkspaceEdit,
} from "vscode-languageserver/node";
import type { ContextFacts } from "../linter/facts/context-facts.ts";
import type { Diagnostic, Fix } from "../linter/diagnostic.ts";
import { insertion } from "../source/edit.ts";
import { SourceFile } from "../source/source-file.ts";
import type { Span } from "../source/span.ts";
import type { Instruction } from "../syntax/nodes.ts";
import type { LintedDocument } from "./document-linter.ts";
import { changeBetween, diagnosticOf, spanOf, textEditsOf } from "./protocol.ts";

/** The kind of the action that applies every safe fix; editors run it on saving when told to. */
export const FIX_ALL: string = `${CodeActionKind.SourceFixAll}.dflint`;

/** More findings than that in a selection get no actions: nobody reads such a menu, and it takes megabytes. */
const MOST_FINDINGS = 500;

/** Where a document is, and what it holds. */
export interface OpenDocument {
  readonly uri: string;
  readonly version: number;
  readonly linted: LintedDocument;
}

/** The actions for a range, `only` of the kinds that the editor asks for. */
export function codeActions(
  document: OpenDocument,
  range: Range,
  only: readonly string[] | undefined,
): CodeAction[] {
  const wanted = (kind: string): boolean =>
    only === undefined || only.some((one) => kind === one || kind.startsWith(`${one}.`));
  const actions: CodeAction[] = [];
  if (wanted(CodeActionKind.QuickFix)) {
    const { source, diagnostics } = document.linted;
    const at = spanOf(source, range);
    const mute = muteActionsOf(document);
    const here = diagnostics.filter(({ span }) => span.start <= at.end && span.end >= at.start);
    for (const diagnostic of here.slice(0, MOST_FINDINGS)) {
      for (const fix of diagnostic.fixes) actions.push(fixAction(document, diagnostic, fix));
      actions.push(...mute(diagnostic));
    }
  }
  // It is run by name; a bare request for a menu is about the place, not the file.
  if (only !== undefined && wanted(FIX_ALL)) actions.push(...fixAllAction(document));
  return actions;
}

const TRUST = { safe: "", suggestion: " (suggestion)", unsafe: " (unsafe)" };

function fixAction(document: OpenDocument, diagnostic: Diagnostic, fix: Fix): CodeAction {
  const { uri, linted } = document;
  return {
    title: `${fix.title}${TRUST[fix.applicability]}`,
    kind: CodeActionKind.QuickFix,
    diagnostics: [diagnosticOf(uri, linted.source, diagnostic)],
    isPreferred: fix.applicability === "safe",
    edit:
      fix.target === "dockerignore" && linted.context !== undefined
        ? ignoreFileEdit(linted.context, fix)
        : editOf(document, textEditsOf(linted.source, fix.edits)),
  };
}

function editOf({ uri, version }: OpenDocument, edits: TextEdit[]): WorkspaceEdit {
  return { documentChanges: [{ textDocument: { uri, version }, edits }] };
}

/** The ignore file may not exist yet. */
function ignoreFileEdit({ path, ignoreFile }: ContextFacts, { edits }: Fix): WorkspaceEdit {
  const uri = pathToFileURL(join(path, ignoreFile?.path ?? ".dockerignore")).href;
  const change: TextDocumentEdit = {
    textDocument: { uri, version: null },
    edits: textEditsOf(new SourceFile(ignoreFile?.text ?? ""), edits),
  };
  return ignoreFile === undefined
    ? { documentChanges: [{ kind: "create", uri, options: { ignoreIfExists: true } }, change] }
    : { documentChanges: [change] };
}

/** Makes the actions that mute a finding; what they need of the document is looked up once. */
function muteActionsOf(document: OpenDocument): (diagnostic: Diagnostic) => CodeAction[] {
  const { dockerfile, source } = document.linted;
  if (dockerfile.source !== source) return () => []; // an ignore file has no such comments
  const end = source.text.includes("\r\n") ? "\r\n" : "\n";
  const top = source.lineStart(1 + Math.max(0, ...dockerfile.directives.map(({ line }) => line)));
  return (diagnostic) => {
    const { name, span } = diagnostic;
    const action = (title: string, at: number, line: string): CodeAction => ({
      title,
      kind: CodeActionKind.QuickFix,
      diagnostics: [diagnosticOf(document.uri, source, diagnostic)],
      edit: editOf(document, textEditsOf(source, [insertion(at, line)])),
    });
    const actions: CodeAction[] = [];
    const instruction = instructionAt(dockerfile.instructions, span);
    if (instruction !== undefined) {
      const start = source.lineStart(source.lineAt(instruction.span.start));
      const indent = source.text.slice(start, instruction.span.start);
      actions.push(action(`Ignore ${name} here`, start, `${indent}# dflint ignore=${name}${end}`));
    }
    actions.push(action(`Ignore ${name} in this file`, top, `# dflint ignore-file=${name}${end}`));
    return actions;
  };
}

/** The instruction that holds a span. */
function instructionAt(instructions: readonly Instruction[], { start, end }: Span): Instruction | undefined {
  const last = instructions[countBefore(instructions, ({ span }) => span.start <= start) - 1];
  return last !== undefined && end <= last.span.end ? last : undefined;
}

function fixAllAction(document: OpenDocument): CodeAction[] {
  const edits = changeBetween(document.linted.source, document.linted.fixed());
  if (edits.length === 0) return [];
  return [{ title: "Apply all safe fixes of dflint", kind: FIX_ALL, edit: editOf(document, edits) }];
}
