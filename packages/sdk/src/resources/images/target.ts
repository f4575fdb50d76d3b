import { parseReference, type ImageReference } from "../../values/reference.ts";

/** A name that an image is to get. @throws TypeError when it is malformed or has a digest. */
export function parseTarget(text: string, argument = "reference"): ImageReference {
  const parsed = parseReference(text, argument);
  if (parsed.digest === undefined) return parsed;
  throw new TypeError(`Argument "${argument}" must have a tag and no digest: ${JSON.stringify(text)}`);
}

/** A name that stands for all tags of an image. @throws TypeError when it is malformed or has a tag or a digest. */
export function parseRepository(text: string): ImageReference {
  const parsed = parseReference(text);
  if (parsed.tag === undefined && parsed.digest === undefined) return parsed;
  throw new TypeError(
    `Argument "reference" must have no tag and no digest with allTags: ${JSON.stringify(text)}`,
  );
}
