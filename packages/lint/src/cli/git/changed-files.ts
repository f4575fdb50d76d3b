/**
 * `--changed-since REV`: how files were at the commit where the work on them began, the merge base of REV and HEAD. What
 * counts is what is found now and was not found then, whatever lines it stands on: the removal of a USER is a change
 * to the last stage, though none of its lines changed.
 */
import { existsSync, realpathSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { contextFacts, type ContextFacts } from "../../linter/facts/context-facts.ts";
import { ChangedRepository } from "./changed-repository.ts";

/** What a file held before, and its ignore file. */
export interface FileBefore {
  readonly text: string;
  readonly context: ContextFacts | undefined;
}

/** How files were before. */
export class ChangedFiles {
  readonly #revision: string;
  readonly #repositories = new Map<string, ChangedRepository>();

  constructor(revision: string) {
    this.#revision = revision;
  }

  /**
   * How a Dockerfile was; undefined where it is new. `text` is what it holds now where that is not what is on disk.
   * Throws UsageError where git cannot tell.
   */
  before(
    path: string,
    text: string | undefined,
    facts: ContextFacts | undefined,
  ): FileBefore | "unchanged" | undefined {
    const repository = this.#repositoryOf(path);
    const own = repository.before(inRepository(path, repository));
    if (own === undefined) return undefined;
    const ignorePath = facts && join(facts.path, facts.ignoreFile?.path ?? ".dockerignore");
    const isSameIgnore = ignorePath === undefined || isSame(ignorePath, repository);
    if (isSameIgnore && (text === undefined ? own.isSame : own.text() === text)) return "unchanged";
    if (isSameIgnore) return { text: own.text(), context: facts };
    const ignoreText = repository.before(inRepository(ignorePath, repository))?.text();
    return { text: own.text(), context: withIgnoreText(facts, ignoreText) };
  }

  #repositoryOf(path: string): ChangedRepository {
    const folder = dirname(realOf(path));
    let repository = this.#repositories.get(folder);
    if (repository === undefined) {
      const root = ChangedRepository.rootOf(folder);
      repository = this.#repositories.get(root) ?? new ChangedRepository(root, this.#revision);
      this.#repositories.set(root, repository).set(folder, repository);
    }
    return repository;
  }
}

/** Whether an ignore file is as it was; one outside of the repository has no history. */
function isSame(path: string, repository: ChangedRepository): boolean {
  const name = inRepository(path, repository);
  return name.startsWith("../") || (repository.before(name)?.isSame ?? !existsSync(path));
}

function inRepository(path: string, { root }: ChangedRepository): string {
  return relative(root, realOf(path)).split(sep).join("/");
}

/** Git knows files by their real folders; what a link points at is what was changed. */
function realOf(path: string): string {
  const full = resolve(path);
  if (existsSync(full)) return realpathSync(full);
  const folder = dirname(full);
  return existsSync(folder) ? join(realpathSync(folder), basename(full)) : full;
}

function withIgnoreText(facts: ContextFacts | undefined, text: string | undefined): ContextFacts | undefined {
  if (facts === undefined) return undefined;
  const path = facts.ignoreFile?.path ?? ".dockerignore";
  return contextFacts({ ...facts.source, ignoreFile: text === undefined ? undefined : { path, text } });
}
