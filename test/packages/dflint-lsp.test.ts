/** The built language server, driven over its own protocol as an editor does. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import {
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type MessageConnection,
} from "vscode-jsonrpc/node";
import { tempDir, type TempDir } from "test-support/temp-dir";
import { CLI, writeFiles } from "./dflint-run.ts";

interface Found {
  readonly uri: string;
  readonly version?: number;
  readonly diagnostics: readonly {
    readonly code: string;
    readonly message: string;
    readonly severity: number;
    readonly source: string;
    readonly range: LspRange;
  }[];
}

interface LspRange {
  readonly start: LspPosition;
  readonly end: LspPosition;
}

interface LspPosition {
  readonly line: number;
  readonly character: number;
}

interface LspEdit {
  readonly range: LspRange;
  readonly newText: string;
}

interface Action {
  readonly title: string;
  readonly kind: string;
  readonly isPreferred?: boolean;
  readonly edit: { readonly documentChanges: readonly Change[] };
}

interface Change {
  readonly kind?: string;
  readonly uri?: string;
  readonly textDocument?: { readonly uri: string; readonly version: number | null };
  readonly edits?: readonly LspEdit[];
}

class Editor implements AsyncDisposable {
  readonly child: ChildProcess;
  readonly connection: MessageConnection;
  readonly shown: string[] = [];
  readonly #folder: TempDir;
  readonly #found: Found[] = [];
  #told: () => void = () => undefined;

  constructor(folder: TempDir) {
    this.#folder = folder;
    const child = spawn(process.execPath, [CLI, "lsp", "--stdio"], {
      cwd: folder.path,
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.child = child;
    this.connection = createMessageConnection(
      new StreamMessageReader(child.stdout),
      new StreamMessageWriter(child.stdin),
    );
    this.connection.onNotification("textDocument/publishDiagnostics", (found: Found) => {
      this.#found.push(found);
      this.#told();
    });
    this.connection.onNotification("window/showMessage", ({ message }: { message: string }) => {
      this.shown.push(message);
      this.#told();
    });
    this.connection.onRequest("client/registerCapability", () => null);
    this.connection.listen();
  }

  uri(name: string): string {
    return pathToFileURL(this.#folder.join(name)).href;
  }

  async start(): Promise<{ readonly capabilities: Record<string, unknown> }> {
    const started: { readonly capabilities: Record<string, unknown> } = await this.connection.sendRequest(
      "initialize",
      {
        processId: process.pid,
        rootUri: pathToFileURL(this.#folder.path).href,
        capabilities: { workspace: { didChangeWatchedFiles: { dynamicRegistration: true } } },
      },
    );
    await this.connection.sendNotification("initialized", {});
    return started;
  }

  async open(name: string, text: string): Promise<Found> {
    const textDocument = { uri: this.uri(name), languageId: "dockerfile", version: 1, text };
    await this.connection.sendNotification("textDocument/didOpen", { textDocument });
    return this.found(name, ({ version }) => version === 1);
  }

  async change(name: string, version: number, ...contentChanges: object[]): Promise<void> {
    const textDocument = { uri: this.uri(name), version };
    await this.connection.sendNotification("textDocument/didChange", { textDocument, contentChanges });
  }

  async actions(name: string, range: LspRange, only?: readonly string[]): Promise<readonly Action[]> {
    return this.connection.sendRequest("textDocument/codeAction", {
      textDocument: { uri: this.uri(name) },
      range,
      context: { diagnostics: [], ...(only && { only }) },
    });
  }

  /** Waits for diagnostics of a document, which are taken. */
  async found(name: string, isWanted: (found: Found) => boolean): Promise<Found> {
    for (;;) {
      const at = this.#found.findIndex((found) => found.uri === this.uri(name) && isWanted(found));
      if (at !== -1) {
        const [found] = this.#found.splice(0, at + 1).slice(-1);
        if (found !== undefined) return found;
      }
      await this.hear();
    }
  }

  async hear(): Promise<void> {
    await new Promise<void>((resolve) => (this.#told = resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.connection.dispose();
    if (this.child.exitCode === null) {
      this.child.kill("SIGKILL");
      await once(this.child, "exit");
    }
  }
}

/** What an editor makes of edits. */
function edited(text: string, edits: readonly LspEdit[]): string {
  const lines = text.split("\n");
  const offset = ({ line, character }: LspPosition): number =>
    lines.slice(0, line).reduce((sum, { length }) => sum + length + 1, 0) + character;
  const sorted = edits.toSorted((left, right) => offset(right.range.start) - offset(left.range.start));
  let result = text;
  for (const { range, newText } of sorted) {
    result = result.slice(0, offset(range.start)) + newText + result.slice(offset(range.end));
  }
  return result;
}

const codes = (found: Found): string[] => found.diagnostics.map(({ code }) => code);

test("tells what it finds while one types, mends it, and ends as it is told", async () => {
  await using folder = await tempDir();
  writeFiles(folder, { "app.js": "", ".dockerignore": ".git\n" });
  await using editor = new Editor(folder);
  const { capabilities } = await editor.start();
  expect(capabilities).toMatchObject({ hoverProvider: true, textDocumentSync: { change: 2 } });

  // The second line holds a character of two UTF-16 units before the finding; line ends are CRLF.
  const text = 'FROM alpine:3.20\r\nRUN echo "🐳" && apk add curl\r\nUSER app\r\n';
  const first = await editor.open("Dockerfile", text);
  expect(codes(first)).toContain("DFL401");
  const finding = first.diagnostics.find(({ code }) => code === "DFL401");
  if (finding === undefined) throw new Error("there is no finding");
  expect(finding).toMatchObject({ source: "dflint", severity: 2 });
  expect(finding.range.start.line).toBe(1);
  expect(text.split("\r\n")[1]?.slice(finding.range.start.character, finding.range.end.character)).toContain(
    "apk",
  );

  const actions = await editor.actions("Dockerfile", finding.range);
  const fix = actions.find(({ isPreferred }) => isPreferred === true);
  const [change] = fix?.edit.documentChanges ?? [];
  expect(change?.textDocument).toEqual({ uri: editor.uri("Dockerfile"), version: 1 });
  const fixed = edited(text, change?.edits ?? []);
  expect(fixed).toBe(text.replace("apk add", "apk add --no-cache"));

  const mute = actions.find(({ title }) => title.startsWith("Ignore apk-no-cache here"));
  const muted = edited(text, mute?.edit.documentChanges[0]?.edits ?? []);
  expect(muted.split("\r\n")[1]).toBe("# dflint ignore=apk-no-cache");
  const muteFile = actions.find(({ title }) => title === "Ignore apk-no-cache in this file");
  const mutedFile = edited(text, muteFile?.edit.documentChanges[0]?.edits ?? []);
  expect(mutedFile.split("\r\n")[0]).toBe("# dflint ignore-file=apk-no-cache");
  for (const [version, whole] of [
    [2, muted],
    [3, mutedFile],
    [4, fixed],
  ] as const) {
    await editor.change("Dockerfile", version, { text: whole });
    const found = await editor.found("Dockerfile", (one) => one.version === version);
    expect(codes(found)).not.toContain("DFL401");
  }

  // Key by key: only the last text counts.
  const end = { line: 3, character: 0 };
  for (const [index, key] of "RUN sudo true".split("").entries()) {
    const at = { ...end, character: index };
    await editor.change("Dockerfile", 5 + index, { range: { start: at, end: at }, text: key });
  }
  const typed = await editor.found("Dockerfile", ({ version }) => version === 17);
  expect(codes(typed)).toContain("DFL505");

  const hover: { contents: { value: string } } = await editor.connection.sendRequest("textDocument/hover", {
    textDocument: { uri: editor.uri("Dockerfile") },
    position: { line: 3, character: 5 },
  });
  expect(hover.contents.value).toContain("# DFL505 sudo");
  expect(hover.contents.value).toContain("## Why");

  await editor.connection.sendNotification("textDocument/didClose", {
    textDocument: { uri: editor.uri("Dockerfile") },
  });
  expect(codes(await editor.found("Dockerfile", ({ version }) => version === undefined))).toEqual([]);

  expect(await editor.connection.sendRequest("shutdown")).toBeNull();
  const ended = once(editor.child, "exit");
  await editor.connection.sendNotification("exit");
  expect(await ended).toEqual([0, null]);
});

test("applies all safe fixes at once, and those of an ignore file that is not there", async () => {
  await using folder = await tempDir();
  writeFiles(folder, { ".git/HEAD": "ref: refs/heads/main\n", "app.js": "" });
  await using editor = new Editor(folder);
  await editor.start();
  const text = "from alpine:3.20\nRUN apk add curl\nMAINTAINER me\nCOPY . /app\nUSER app\n";
  const found = await editor.open("Dockerfile", text);
  const everywhere = { start: { line: 0, character: 0 }, end: { line: 5, character: 0 } };
  const [all, ...others] = await editor.actions("Dockerfile", everywhere, ["source.fixAll"]);
  expect(others).toEqual([]);
  expect(all?.kind).toBe("source.fixAll.dflint");
  const fixed = edited(text, all?.edit.documentChanges[0]?.edits ?? []);
  expect(fixed).toContain("RUN apk add --no-cache curl");
  expect(fixed).toContain("LABEL");

  expect(codes(found)).toContain("DFL601");
  const actions = await editor.actions("Dockerfile", everywhere, ["quickfix"]);
  const made = actions
    .flatMap(({ edit }) => edit.documentChanges)
    .filter(({ kind, textDocument }) => (kind ?? textDocument?.uri ?? "") !== editor.uri("Dockerfile"));
  expect(made[0]).toMatchObject({ kind: "create", uri: editor.uri(".dockerignore") });
  expect(made[1]?.edits?.map(({ newText }) => newText).join("")).toContain(".git");
});

test("reads the configuration anew when it changes, says what is wrong with it, and lints ignore files", async () => {
  await using folder = await tempDir();
  writeFiles(folder, { ".dflint.yaml": "rules: {apk-no-cache: off}\n", ".dockerignore": ".git\n" });
  await using editor = new Editor(folder);
  await editor.start();
  const text = "FROM alpine:3.20\nRUN apk add curl\nUSER app\n";
  expect(codes(await editor.open("Dockerfile", text))).not.toContain("DFL401");

  const configChanged = { changes: [{ uri: editor.uri(".dflint.yaml"), type: 2 }] };
  writeFiles(folder, { ".dflint.yaml": "rules: {apk-no-cache: error}\n" });
  await editor.connection.sendNotification("workspace/didChangeWatchedFiles", configChanged);
  const strict = await editor.found("Dockerfile", () => true);
  expect(strict.diagnostics.find(({ code }) => code === "DFL401")?.severity).toBe(1);

  writeFiles(folder, { ".dflint.yaml": "rulez: {}\n" });
  await editor.connection.sendNotification("workspace/didChangeWatchedFiles", configChanged);
  const usual = await editor.found("Dockerfile", () => true);
  expect(usual.diagnostics.find(({ code }) => code === "DFL401")?.severity).toBe(2);
  expect(editor.shown).toEqual([expect.stringContaining("rulez")]);

  const ignoreFile = await editor.open(".dockerignore", ".git\n# fine\n  # no comment\n");
  expect(codes(ignoreFile)).toEqual(["DFL607"]);
});

test("ends when the editor goes away", async () => {
  await using folder = await tempDir();
  await using editor = new Editor(folder);
  await editor.start();
  const ended = once(editor.child, "exit");
  editor.child.stdin?.end();
  expect(await ended).toEqual([1, null]);
});

test("goes on after requests for what is not open, and texts that are no Dockerfiles", async () => {
  await using folder = await tempDir();
  await using editor = new Editor(folder);
  await editor.start();
  const nowhere = { start: { line: 9, character: 9 }, end: { line: 9, character: 99 } };
  expect(await editor.actions("Dockerfile", nowhere)).toEqual([]);
  await expect(editor.connection.sendRequest("textDocument/nonsense", {})).rejects.toThrow("nonsense");
  expect(codes(await editor.open("Dockerfile", "\u0000\uD800 <<<\n"))).not.toEqual([]);
  expect(await editor.actions("Dockerfile", nowhere)).toEqual(expect.any(Array));
});
