/** The credentials that a RUN writes into its layer. */
import { programsOf } from "../../shell/commands.ts";
import { hasCredentials, KEEPER_CALL, keptCredential } from "../../shell/programs/credential-commands.ts";
import type { Script, ShellCommand } from "../../shell/nodes.ts";
import { withoutOptions } from "../../shell/options.ts";
import { oncePerScript } from "../../shell/once-per-script.ts";
import { clearsAfter, removedPaths } from "../../shell/removed-paths.ts";
import type { Span } from "../../source/span.ts";
import type { RunInstruction } from "../../syntax/nodes.ts";
import type { Model } from "../model.ts";
import { ANY_CREDENTIAL_FILE, credentialFile } from "./secret-files.ts";
import { ANY_SECRET_NAME, isSecretName } from "./secret-names.ts";
import { absolutePath } from "../paths/absolute-path.ts";
import { matcherFor } from "../paths/path-matcher.ts";

/** Finds what {@link keptSecrets} may find something in, and any name of a secret. */
export const KEEPING: RegExp = new RegExp(
  `${KEEPER_CALL.source}|${ANY_CREDENTIAL_FILE.source}|${ANY_SECRET_NAME.source}`,
  "i",
);

/** A credential in a layer. */
export interface KeptSecret {
  readonly at: Span;
  /** What writes it, for messages: `npm config set`, `echo`. */
  readonly by: string;
  /** Where it is, if that is known. */
  readonly path: string | undefined;
}

const NONE: readonly never[] = [];
/** Nobody reads on after so many findings in one RUN. */
const ENOUGH = 50;

/** What the commands of a RUN leave behind; what the same RUN deletes, or writes to a mount, is left out. */
export function keptSecrets(run: RunInstruction, script: Script, model: Model): KeptSecret[] {
  const found: KeptSecret[] = [];
  const isRemoved = removalsIn(run, script, model);
  const mounts = run.mounts.flatMap(({ options }) =>
    options.flatMap(({ key, value }) =>
      /^(?:target|dst|destination)$/.test(key) && value !== undefined
        ? [absolutePath(value.text, run, model)]
        : [],
    ),
  );
  for (const call of programsOf(script)) {
    if (found.length >= ENOUGH) break;
    const { command, name } = call;
    const credential = keptCredential(call);
    const files = [
      ...(credential === undefined ? [] : [{ ...credential, at: credential.word.span }]),
      ...writtenFiles(command, name, script),
    ];
    for (const { at, path, by } of files) {
      const absolute = path === undefined ? undefined : absolutePath(path, run, model);
      if ((lastUndone(script).get(name) ?? -1) > command.index) continue;
      if (absolute !== undefined) {
        if (mounts.some((mount) => absolute === mount || absolute.startsWith(`${mount}/`))) continue;
        if (isRemoved(absolute, command)) continue;
      }
      found.push({ at, by, path });
    }
  }
  return found;
}

/** So many of the last removals are compared with each file; those without wildcards are looked up. */
const MAX_REMOVALS = 100;

type IsRemoved = (path: string, command: ShellCommand) => boolean;

/** What tells whether a script deletes a path after a command. */
function removalsIn(run: RunInstruction, script: Script, model: Model): IsRemoved {
  const last = removedPaths(script).slice(-MAX_REMOVALS);
  let removals: { readonly index: number; readonly matches: (path: string) => boolean }[] | undefined;
  return (path, command) => {
    if (clearsAfter(script, command.index, path)) return true;
    removals ??= last.map((removed) => ({
      index: removed.command.index,
      matches: matcherFor(absolutePath(removed.path, run, model)),
    }));
    return removals.some(({ index, matches }) => index > command.index && matches(path));
  };
}

const UNDOING = /^(?:delete|rm|logout|unset|--unset|--unset-all|revoke|set-url)$/;

/** By program: the last command that takes a credential back, as `npm config delete` and `docker logout` do. */
const lastUndone = oncePerScript(
  (script) =>
    new Map(
      programsOf(script).flatMap(({ name, args, command }): [string | undefined, number][] =>
        args.some(({ value }) => UNDOING.test(value ?? "")) ? [[name, command.index]] : [],
      ),
    ),
);

interface WrittenFile {
  readonly at: Span;
  readonly path: string;
  readonly by: string;
}

/** Files of credentials that a command writes by a redirect, by tee or by cp. */
function writtenFiles(
  command: ShellCommand,
  name: string | undefined,
  script: Script,
): readonly WrittenFile[] {
  if (command.redirects.length === 0 && name !== "tee" && name !== "cp") return NONE;
  const by = name ?? "RUN";
  const targets = command.redirects.flatMap(({ operator, target }) =>
    /^>[>|]?$/.test(operator) && target !== undefined ? [target] : [],
  );
  const operands = withoutOptions(command.words.slice(1));
  if (name === "tee") targets.push(...operands);
  const [from, to] = operands;
  const copies = name === "cp" && from?.prefix.startsWith("/run/secrets/") === true;
  if (copies && to !== undefined) targets.push(to);
  return targets.flatMap((word): WrittenFile[] => {
    const path = word.value ?? word.text.replace(/["']/g, "");
    const kind = copies ? "always" : credentialFile(path);
    if (kind === undefined || (kind === "sometimes" && !tellsSecret(command, script))) return [];
    return isHarmlessWrite(command, name) ? [] : [{ at: word.span, path, by }];
  });
}

/** Whether what is written names a credential: a variable of that name, or a key as settings have it. */
function tellsSecret(command: ShellCommand, script: Script): boolean {
  const piped = command.pipeline.commands.slice(0, 20);
  const words = piped.flatMap((one) => one.words);
  if (words.some(({ variables }) => variables.some(isSecretName))) return true;
  if (words.some(({ prefix }) => prefix.startsWith("/run/secrets/"))) return true;
  const heredoc = command.redirects.some(({ operator }) => operator.startsWith("<<"));
  // What is quoted from the shell (`'…=${TOKEN}'`) is filled in by the program that reads the file.
  const written = words.filter(({ value }) => value === undefined || !/\$\{\w+\}/.test(value));
  const text = heredoc ? script.text : written.map((word) => word.text).join(" ");
  return (
    /_auth(?:Token)?\s*=|npmAuth|password|passwd|_TOKEN|secret[_-]?key/i.test(text) || hasCredentials(text)
  );
}

/** Whether nothing but public halves or emptiness is written: `ssh-keyscan`, `touch`, `: > file`. */
function isHarmlessWrite(command: ShellCommand, name: string | undefined): boolean {
  return name === "ssh-keyscan" || name === ":" || name === "true" || command.words.length === 0;
}
