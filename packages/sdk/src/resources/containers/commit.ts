import type { ContainerConfig } from "../../generated/models.ts";
import type { Caller } from "../../transport/call.ts";
import { texts, type Check } from "../../values/argument.ts";
import type { CallOptions } from "../../values/call-options.ts";
import { optionsOf } from "../../values/options.ts";
import { familiarName } from "../../values/reference.ts";
import type { Image } from "../images/image.ts";
import type { Images } from "../images/images.ts";
import { parseTarget } from "../images/target.ts";

/** What the new image is like. */
export interface CommitOptions extends CallOptions {
  /** Name of the image, e.g. `web:v2`. Default: it has only its id. */
  readonly reference?: string | undefined;
  /** A message for its history. Default: none. */
  readonly comment?: string | undefined;
  /** Who made it, e.g. `Ada <ada@example.com>`. Default: nobody. */
  readonly author?: string | undefined;
  /** Dockerfile instructions to apply, e.g. `CMD ["sh"]`. */
  readonly changes?: readonly string[] | undefined;
  /** Configuration to set, e.g. `{ Cmd: ["sh"] }`. Default: the container's. */
  readonly config?: ContainerConfig | undefined;
  /** Freezes the container meanwhile. Default `true`. */
  readonly pause?: boolean | undefined;
}

/** Takes {@link CommitOptions}. */
export const commitOptions: Check = optionsOf<CommitOptions>('{ reference: "app:1" }', {
  reference: "text",
  comment: "text",
  author: "text",
  changes: texts("changes", '["CMD [\\"sh\\"]"]'),
  config: "object",
  pause: "boolean",
});

/** Makes an image of a container. The engine freezes it meanwhile unless told otherwise. */
export async function commit(
  caller: Caller,
  images: Images,
  container: string,
  { reference, comment, author, changes, config, pause, signal }: CommitOptions = {},
): Promise<Image> {
  const named = reference === undefined ? undefined : parseTarget(reference);
  const query = {
    container,
    repo: named && familiarName(named),
    tag: named?.tag,
    comment,
    author,
    pause,
    changes,
  };
  const { Id } = await caller.call("ImageCommit", { query, body: config ?? {}, signal });
  return images.get(Id);
}
