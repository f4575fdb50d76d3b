/** Which files of a folder are Dockerfiles, by name. */

const NAME = /^(?:dockerfile|containerfile)(?:\..+)?$|\.(?:dockerfile|containerfile)$/i;

/** Endings of files that sit beside a Dockerfile and are none: ignore files, templates, left-overs, prose. */
const OTHER =
  /\.(?:dockerignore|containerignore|md|rst|j2|jinja2?|tmpl|tpl|template|erb|mustache|hbs|orig|rej|bak|swp)$|~$/i;

/** Whether a file of this base name is taken for a Dockerfile when a folder is linted. */
export function isDockerfileName(name: string): boolean {
  return NAME.test(name) && !OTHER.test(name);
}
