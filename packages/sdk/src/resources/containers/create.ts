import { disposedError } from "../../disposed-error.ts";
import { NotFoundError } from "../../errors.ts";
import type { ContainerCreateRequest } from "../../generated/models.ts";
import type { Caller } from "../../transport/call.ts";
import type { Check } from "../../values/argument.ts";
import type { CallOptions } from "../../values/call-options.ts";
import { optionsOf, type Kinds } from "../../values/options.ts";
import { isImageId } from "../../values/reference.ts";
import type { Images } from "../images/images.ts";
import { abandon, leftBehind, once } from "./abandon.ts";
import { abortedLater } from "./aborted-later.ts";
import { Container } from "./container.ts";

/** How a container is made, besides what it is. */
export interface ContainerCreateOptions extends CallOptions {
  /** Its name. Default: the engine makes one up. */
  readonly name?: string | undefined;
  /** Which one of an image for many platforms, e.g. `linux/arm64`. Default: the engine's own. */
  readonly platform?: string | undefined;
  /** Whether the image is pulled first: `missing`, when the engine does not have it. Default `missing`. */
  readonly pull?: "always" | "missing" | "never" | undefined;
  /** Aborts the call; its `reason` is thrown unchanged. A container that was made meanwhile is removed. */
  readonly signal?: AbortSignal | undefined;
}

export const createKinds: Kinds<Omit<ContainerCreateOptions, "signal">> = {
  name: "text",
  platform: "text",
  pull: ["always", "missing", "never"],
};

/** Takes {@link ContainerCreateOptions}. */
export const createOptions: Check = optionsOf<ContainerCreateOptions>('{ name: "web" }', createKinds);

/** Creates a container, pulling its image where needed. An abort leaves none behind. */
export async function create(
  caller: Caller,
  images: Images,
  request: ContainerCreateRequest,
  { name, platform, pull = "missing", signal }: ContainerCreateOptions = {},
): Promise<Container> {
  const pullImage = async (): Promise<void> => {
    await images.pull(request.Image ?? "", { platform, signal });
  };
  const query = { name, platform };
  const send = async (): Promise<Container> => {
    signal?.throwIfAborted();
    using later = abortedLater(signal);
    const made = caller
      .call("ContainerCreate", { query, body: request, signal: later.signal })
      .then(({ Id }) => new Container(caller, images, Id));
    const leave = once(async () => abandon(await made, true));
    using last = caller.disposal.add(() => {
      // Else the disposal would wait for an engine that hangs: it cuts nothing that goes through a user's dispatcher.
      later.abortSoon(disposedError());
      return leave();
    });
    const container = await made.catch((error: unknown) => {
      throw last.begun ? disposedError() : error; // lest its image be pulled
    });
    if (signal?.aborted !== true && !last.begun) return container;
    const isGone = await leave();
    signal?.throwIfAborted();
    throw isGone ? disposedError() : leftBehind(undefined, container, true);
  };
  if (pull === "always") {
    await caller.check("ContainerCreate", { query, body: request, signal });
    await pullImage();
  }
  try {
    return await send();
  } catch (error) {
    // The engine says 404 for the image, and for a network or a volume driver that does not exist.
    const missing = error instanceof NotFoundError && /no such image/i.test(error.message);
    if (!missing || pull !== "missing" || isImageId(request.Image ?? "")) throw error;
    await pullImage();
    return await send();
  }
}
