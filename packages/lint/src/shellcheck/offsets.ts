/** From lines and columns, where columns count characters, to offsets in UTF-16. */
export interface Offsets {
  /** Line and column from 1; what lies behind the text is its end. */
  at(line: number, column: number): number;
}

/** The offsets of a text. */
export function offsetsOf(text: string): Offsets {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return {
    at: (line, column) => {
      let offset = starts[line - 1] ?? text.length;
      for (let left = column - 1; left > 0 && offset < text.length; left -= 1) {
        offset += (text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
      }
      return offset;
    },
  };
}
