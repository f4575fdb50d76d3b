/** Runs the program `shellcheck` on shell code, https://www.shellcheck.net. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SEVERITIES } from "../linter/diagnostic.ts";
import type { CheckedScript, ShellChecker, ShellFinding } from "../linter/facts/shell-checker.ts";
import { ShellcheckError } from "../linter/facts/shell-checker.ts";
import { offsetsOf, type Offsets } from "./offsets.ts";

/** Which findings to leave out whatever is said: they are about how we call it, and about files that are in the image. */
const NEVER = ["SC1090", "SC1091", "SC2187"];

/** What ShellCheck prints as `json1`. */
interface Report {
  readonly comments: readonly Comment[];
}

interface Place {
  readonly line: number;
  readonly endLine: number;
  readonly column: number;
  readonly endColumn: number;
}

interface Comment extends Place {
  readonly file: string;
  readonly level: string;
  readonly code: number;
  readonly message: string;
  readonly fix: { readonly replacements: readonly (Place & { readonly replacement: string })[] } | null;
}

/** Milliseconds for one file's code in one dialect; ShellCheck takes much time for thousands of lines in one script. */
const LONGEST = 120_000;

/** A checker that runs the `shellcheck` of the PATH. `exclude` are codes to leave out. */
export function shellcheckWithout(exclude: readonly string[]): ShellChecker {
  const left = [...NEVER, ...exclude].join(",");
  return (scripts) => {
    const folder = makeFolder();
    try {
      // One process for each dialect: a file cannot say which it is in without becoming another file.
      const dialects = new Set(scripts.map(({ dialect }) => dialect));
      return [...dialects].flatMap((dialect) => checkAll(scripts, dialect, left, folder));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
}

function makeFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), "dflint-"));
  } catch (error) {
    throw new ShellcheckError(`shellcheck needs files, and ${tmpdir()} takes none: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function checkAll(
  scripts: readonly CheckedScript[],
  dialect: CheckedScript["dialect"],
  exclude: string,
  folder: string,
): readonly ShellFinding[] {
  const names = new Map<string, number>();
  for (const [index, script] of scripts.entries()) {
    if (script.dialect !== dialect) continue;
    const name = String(index);
    writeFileSync(join(folder, name), `${firstLine(script)}\n${script.text}\n`);
    names.set(name, index);
  }
  const offsets = new Map<number, Offsets>();
  return run(["--norc", "-f", "json1", "-s", dialect, "-e", exclude, ...names.keys()], folder).flatMap(
    (comment) => {
      const index = names.get(comment.file);
      const script = index === undefined ? undefined : scripts[index];
      // The first line is ours.
      if (index === undefined || script === undefined || comment.line === 1) return [];
      const at = offsets.get(index) ?? offsetsOf(script.text);
      offsets.set(index, at);
      return [findingOf(comment, index, at)];
    },
  );
}

/** What makes the variables known without a line that ShellCheck could object to. */
function firstLine({ variables }: CheckedScript): string {
  const settings = variables.map(({ name, plain }) => `${name}=${plain ? "1" : '"$*"'}`);
  return settings.length === 0 ? ":" : `export ${settings.join(" ")}`;
}

function run(args: readonly string[], folder: string): readonly Comment[] {
  const { status, signal, stdout, stderr, error } = spawnSync("shellcheck", args, {
    cwd: folder,
    encoding: "utf8",
    // Elsewhere it takes what is not ASCII for a mistake.
    env: { ...process.env, LC_ALL: "C.UTF-8" },
    maxBuffer: 2 ** 28,
    timeout: LONGEST,
  });
  const failure: NodeJS.ErrnoException | undefined = error;
  if (failure?.code === "ETIMEDOUT")
    throw new ShellcheckError(`shellcheck did not come to an end within ${LONGEST / 1000} s`);
  if (error !== undefined)
    throw new ShellcheckError(`shellcheck cannot be run: ${error.message}`, { cause: error });
  // 0 is nothing found, 1 is something.
  if (status !== 0 && status !== 1) {
    const said = stderr.trim() || "it said nothing";
    throw new ShellcheckError(`shellcheck ended with ${status ?? signal}: ${said}`);
  }
  return commentsOf(stdout);
}

function commentsOf(stdout: string): readonly Comment[] {
  try {
    const { comments } = JSON.parse(stdout) as Report; // as its manual has it
    if (Array.isArray(comments)) return comments;
  } catch {
    // told below
  }
  throw new ShellcheckError(
    `what shellcheck prints is no report: ${JSON.stringify(stdout.slice(0, 80))}; it has to be version 0.7 or newer`,
  );
}

function findingOf(comment: Comment, script: number, offsets: Offsets): ShellFinding {
  const severity = SEVERITIES.find((known) => known === comment.level) ?? "style";
  const place = (one: Place): { start: number; end: number } => ({
    start: offsets.at(one.line - 1, one.column),
    end: offsets.at(one.endLine - 1, one.endColumn),
  });
  return {
    script,
    code: `SC${comment.code}`,
    severity,
    message: comment.message,
    ...place(comment),
    replacements: (comment.fix?.replacements ?? []).map((one) => ({
      ...place(one),
      newText: one.replacement,
    })),
  };
}
