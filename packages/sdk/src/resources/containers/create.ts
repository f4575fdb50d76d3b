import { NotFoundError } from "../../errors.ts";
import type { ContainerCreateRequest } from "../../generated/models.ts";
import type { Caller } from "../../transport/call.ts";
import type { Images } from "../images/images.ts";
import { Container } from "./container.ts";

export interface CreateOptions {
  readonly name?: string | undefined;
  /** e.g. `linux/arm64`. */
  readonly platform?: string | undefined;
  /** When the image is pulled first. Default `missing`. */
  readonly pull?: "always" | "missing" | "never" | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Creates a container, pulling its image where needed. */
export async function create(
  caller: Caller,
  images: Images,
  request: ContainerCreateRequest,
  { name, platform, pull = "missing", signal }: CreateOptions = {},
): Promise<Container> {
  const pullImage = async (): Promise<void> => {
    await images.pull(request.Image ?? "", { platform, signal });
  };
  const send = async (): Promise<Container> => {
    const { Id } = await caller.call("ContainerCreate", { query: { name, platform }, body: request, signal });
    return new Container(caller, images, Id);
  };
  if (pull === "always") await pullImage();
  try {
    return await send();
  } catch (error) {
    // The engine says 404 for the image, and for a network or a volume driver that does not exist.
    const missing = error instanceof NotFoundError && /no such image/i.test(error.message);
    if (!missing || pull !== "missing") throw error;
    await pullImage();
    return await send();
  }
}
