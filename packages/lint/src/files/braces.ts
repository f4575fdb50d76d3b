/** The patterns that a glob with braces stands for: `{a,b}.{c,d}` are four. */

/** A glob of more is refused: braces within braces stand for any number. */
export const MOST_ALTERNATIVES = 1000;

/** A piece that holds no brace of the glob: an escape, a class of characters, or any other character. */
const PIECE = /\\.|\[[!^]?\]?(?:\[:[a-z]+:\]|\\.|[^\]\\])*\]|./suy;

/** All patterns, or undefined where they are more than {@link MOST_ALTERNATIVES}. Braces without a comma stay. */
export function alternativesOf(glob: string): readonly string[] | undefined {
  let at = 0;
  const sequence = (depth: number): readonly string[] | undefined => {
    let texts: readonly string[] = [""];
    while (at < glob.length) {
      if (depth > 0 && (glob[at] === "," || glob[at] === "}")) break;
      const pieces = glob[at] === "{" ? group(depth + 1) : [piece()];
      if (pieces === undefined || texts.length * pieces.length > MOST_ALTERNATIVES) return undefined;
      texts = texts.flatMap((text) => pieces.map((more) => text + more));
    }
    return texts;
  };
  const group = (depth: number): readonly string[] | undefined => {
    if (depth > 100) return undefined;
    const start = at;
    const options: string[] = [];
    let commas = -1;
    do {
      at += 1;
      commas += 1;
      const more = sequence(depth);
      if (more === undefined || options.length + more.length > MOST_ALTERNATIVES) return undefined;
      options.push(...more);
    } while (glob[at] === ",");
    at += 1;
    return commas === 0 ? [glob.slice(start, at)] : options;
  };
  const piece = (): string => {
    PIECE.lastIndex = at;
    const [text = ""] = PIECE.exec(glob) ?? [];
    at += text.length;
    return text;
  };
  return sequence(0);
}
