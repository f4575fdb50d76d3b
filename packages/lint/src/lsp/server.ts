/** The language server: documents in, diagnostics, fixes and pages of rules out. */
import { fileURLToPath } from "node:url";
import {
  CodeActionKind,
  createConnection,
  DidChangeWatchedFilesNotification,
  MessageType,
  ShowMessageNotification,
  TextDocuments,
  TextDocumentSyncKind,
  type Connection,
  type InitializeResult,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { Rule } from "../linter/rule.ts";
import { codeActions, FIX_ALL, type OpenDocument } from "./code-actions.ts";
import { DocumentLinter, type LintedDocument } from "./document-linter.ts";
import { hover } from "./hover.ts";
import { diagnosticOf } from "./protocol.ts";

/** How the server talks, and what it knows. */
export interface ServerOptions {
  readonly rules: readonly Rule[];
  readonly version: string;
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
}

/** Milliseconds of quiet after a key stroke before the text is linted. */
const PAUSE = 100;

/** Files whose change changes the findings of others. */
const WATCHED = ["**/.dflint.{yaml,yml}", "**/.hadolint.{yaml,yml}", "**/*.dockerignore"];

/** Serves one editor. The protocol's library ends the process when the editor says so, goes away or dies. */
export function serve({ rules, version, input, output }: ServerOptions): void {
  const connection = createConnection(input, output);
  const documents = new TextDocuments(TextDocument);
  const linter = new DocumentLinter(rules, complainer(connection));
  const waiting = new Map<string, NodeJS.Timeout>();

  /** The last result for each document: diagnostics, actions and hovers ask for the same. */
  const results = new Map<string, { readonly text: string; readonly linted: Promise<LintedDocument> }>();

  const lint = async (document: TextDocument): Promise<LintedDocument> => {
    const { uri } = document;
    const text = document.getText();
    const known = results.get(uri);
    if (known?.text === text) return known.linted;
    const linted = linter.lint(pathOf(uri), text);
    results.set(uri, { text, linted });
    try {
      return await linted;
    } catch (error) {
      results.delete(uri); // another time may be a better one
      throw error;
    }
  };

  const publish = async (document: TextDocument): Promise<void> => {
    const { uri, version: linted } = document;
    const { source, diagnostics } = await lint(document);
    // What has been typed, or closed, in the meantime has its own turn.
    if (documents.get(uri)?.version !== linted) return;
    await connection.sendDiagnostics({
      uri,
      version: linted,
      diagnostics: diagnostics.map((one) => diagnosticOf(uri, source, one)),
    });
  };

  const publishSoon = (document: TextDocument, pause: number): void => {
    clearTimeout(waiting.get(document.uri));
    const timer = setTimeout(() => {
      waiting.delete(document.uri);
      publish(document).catch((error: unknown) => connection.console.error(String(error)));
    }, pause);
    waiting.set(document.uri, timer);
  };

  const startAnew = (): void => {
    linter.forget();
    results.clear();
    for (const document of documents.all()) publishSoon(document, 0);
  };

  const open = async (uri: string): Promise<OpenDocument | undefined> => {
    const document = documents.get(uri);
    return document && { uri, version: document.version, linted: await lint(document) };
  };

  let canWatch = false;
  connection.onInitialize(({ capabilities }): InitializeResult => {
    canWatch = capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration === true;
    return {
      serverInfo: { name: "dflint", version },
      capabilities: {
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
        codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, FIX_ALL] },
        hoverProvider: true,
      },
    };
  });
  connection.onInitialized(() => {
    if (!canWatch) return;
    const watchers = WATCHED.map((globPattern) => ({ globPattern }));
    void connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
  });
  connection.onDidChangeWatchedFiles(startAnew);
  connection.onCodeAction(async ({ textDocument, range, context }) => {
    const document = await open(textDocument.uri);
    return document === undefined ? [] : codeActions(document, range, context.only);
  });
  connection.onHover(async ({ textDocument, position }) => {
    const document = await open(textDocument.uri);
    return document === undefined ? null : hover(document.linted, linter.names, position);
  });
  documents.onDidOpen(({ document }) => publishSoon(document, 0));
  documents.onDidChangeContent(({ document }) => publishSoon(document, PAUSE));
  documents.onDidSave(startAnew);
  documents.onDidClose(({ document: { uri } }) => {
    clearTimeout(waiting.get(uri));
    waiting.delete(uri);
    results.delete(uri);
    void connection.sendDiagnostics({ uri, diagnostics: [] });
  });
  documents.listen(connection);
  connection.listen();
}

/** Says each sentence once, not with every key stroke. */
function complainer(connection: Connection): (message: string) => void {
  const said = new Set<string>();
  return (message) => {
    if (said.has(message)) return;
    said.add(message);
    // Not window.showErrorMessage, which asks for an answer.
    void connection.sendNotification(ShowMessageNotification.type, {
      type: MessageType.Error,
      message: `dflint: ${message}`,
    });
  };
}

function pathOf(uri: string): string | undefined {
  try {
    return fileURLToPath(uri);
  } catch {
    return undefined; // untitled, or on another machine
  }
}
