import { parseReference, type ImageReference } from "../../values/reference.ts";

/** A name that an image is to get. @throws TypeError when it is malformed or has a digest. */
export function parseTarget(text: string, argument = "reference"): ImageReference {
  const parsed = parseReference(text, argument);
  if (parsed.digest === undefined) return parsed;
  throw new TypeError(`Argument "${argument}" must have a tag and no digest: ${JSON.stringify(text)}`);
}
