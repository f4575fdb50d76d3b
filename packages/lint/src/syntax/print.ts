import type { Dockerfile } from "./nodes.ts";

/**
 * The text of a Dockerfile, put together from its comments, its instructions and what stands between them.
 * For any text, `print(parseDockerfile(text))` is that text.
 */
export function print(dockerfile: Dockerfile): string {
  const { source, instructions } = dockerfile;
  let printed = "";
  let done = 0;
  for (const { span } of [...dockerfile.comments.filter((comment) => !comment.inner), ...instructions].sort(
    byStart,
  )) {
    printed += source.text.slice(done, span.start) + source.slice(span);
    done = span.end;
  }
  return printed + source.text.slice(done);
}

function byStart(a: { span: { start: number } }, b: { span: { start: number } }): number {
  return a.span.start - b.span.start;
}
