/** Dockerfiles as long as those that people write, made of the fixtures; the same ones every time. */
import type { FixtureTexts } from "../fixtures.ts";

const SEED = 751;

/** So many texts, no two alike: some stages that are well, one with something to find, and now and then a case at the edge. */
export function corpus({ good, edge, bad }: FixtureTexts, size: number): readonly string[] {
  const random = randomNumbers(SEED);
  const one = (texts: readonly string[]): string => texts[random() % texts.length] ?? "";
  return Array.from({ length: size }, (_, index) => {
    const parts = Array.from({ length: 1 + (random() % 2) }, () => one(good));
    parts.push(one(bad));
    if (random() % 8 === 0) parts.push(one(edge));
    return parts
      .map((part, at) => (at === 0 ? part : withoutDirectives(part)))
      .join("\n")
      .replaceAll("/app", `/app${index}`)
      .concat(`# file ${index}\n`);
  });
}

/** A long one of about so many characters. */
export function longDockerfile({ good }: FixtureTexts, characters: number): string {
  const parts: string[] = [];
  for (let length = 0, index = 0; length < characters; index += 1) {
    const part = withoutDirectives(good[index % good.length] ?? "").replaceAll("/app", `/app${index}`);
    parts.push(part);
    length += part.length + 1;
  }
  return parts.join("\n");
}

/** Below the first line they would be comments, and what they meant would be lost. */
function withoutDirectives(text: string): string {
  const escapes = /^# *escape *= *`/m.test(text);
  return (escapes ? text.replaceAll("`", "\\") : text).replace(/^(?:# *\w+ *=.*\n)+/, "");
}

/** Marsaglia's xorshift: whole numbers that look random. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}
