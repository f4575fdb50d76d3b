// Indents generated code by its braces, so that the writers need not know how deep they are.

/** Two spaces for each brace that is open at the start of a line. */
export function indent(text: string): string {
  let depth = 0;
  return text
    .split("\n")
    .map((line) => {
      // A line of the fixed part is indented already and balanced by its own braces.
      const opened = (line.match(/\{/g) ?? []).length;
      const closed = (line.match(/\}/g) ?? []).length;
      const isClosing = /^\s*\}/.test(line);
      const level = isClosing ? depth - 1 : depth;
      depth += opened - closed;
      return line === "" || /^\s/.test(line) ? line : "  ".repeat(Math.max(0, level)) + line;
    })
    .join("\n");
}
