/** Which files of a folder are Dockerfiles or their ignore files, by name. */

const NAME = /^(?:dockerfile|containerfile)(?:\..+)?$|\.(?:dockerfile|containerfile)$/i;

/** Endings of files that sit beside a Dockerfile and are none: ignore files, templates, left-overs, prose, code, data. */
const OTHER =
  /\.(?:dockerignore|containerignore|md|rst|txt|j2|jinja2?|tmpl|tpl|template|erb|mustache|hbs|orig|rej|bak|swp|[cm]?[jt]sx?|go|py|rb|rs|java|kt|cs|php|c|h|cc|cpp|hpp|swift|scala|exs?|sh|bash|ps1|jsonc?|ya?ml|toml|html?|s?css|log|lock|snap)$|~$/i;

/** Whether a file of this base name is taken for a Dockerfile when a folder is linted. */
export function isDockerfileName(name: string): boolean {
  return NAME.test(name) && !OTHER.test(name);
}

const IGNORE_FILE = ".dockerignore";

/** Whether a file of this base name says what is kept out of a build: `.dockerignore`, `app.Dockerfile.dockerignore`. */
export function isIgnoreFileName(name: string): boolean {
  return name.endsWith(IGNORE_FILE);
}

/** Takes the ignore files out that stand beside a Dockerfile of theirs: they are read with it. */
export function withoutOwnedIgnoreFiles(
  paths: readonly string[],
  folderOf: (path: string) => string,
): string[] {
  const dockerfiles = paths.filter((path) => !isIgnoreFileName(path));
  const folders = new Set(dockerfiles.map(folderOf));
  const known = new Set(dockerfiles);
  return paths.filter((path) => {
    if (!isIgnoreFileName(path)) return true;
    const owner = path.slice(0, -IGNORE_FILE.length);
    const isShared = owner === "" || owner.endsWith("/") || owner.endsWith("\\");
    return isShared ? !folders.has(folderOf(path)) : !known.has(owner);
  });
}
