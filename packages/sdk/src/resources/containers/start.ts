import type { Caller } from "../../transport/call.ts";
import type { Check } from "../../values/argument.ts";
import { optionsOf } from "../../values/options.ts";
import type { Images } from "../images/images.ts";
import { abandon, leftBehind, once } from "./abandon.ts";
import type { Container } from "./container.ts";
import { create, createKinds, type ContainerCreateOptions } from "./create.ts";
import { containerKinds, toCreateRequest, type ContainerOptions } from "./options.ts";

/** What to start, and how. */
export interface StartOptions extends ContainerOptions, ContainerCreateOptions {
  /** Removes the container with its anonymous volumes when it ends. Default `false`. */
  readonly remove?: boolean | undefined;
}

/** Takes {@link StartOptions}. */
export const startOptions: Check = optionsOf<StartOptions>(
  '{ image: "nginx", ports: ["8080:80"] }',
  { ...containerKinds, ...createKinds, remove: "boolean" },
  "image",
);

/** Creates a container and starts it; one that cannot be started is removed. */
export async function start(caller: Caller, images: Images, options: StartOptions): Promise<Container> {
  const request = toCreateRequest(options);
  const autoRemove = options.remove ?? request.HostConfig?.AutoRemove;
  const removable = { ...request, HostConfig: { ...request.HostConfig, AutoRemove: autoRemove } };
  const container = await create(caller, images, removable, options);
  const leave = once(() => abandon(container, true));
  using last = caller.disposal.add(leave);
  try {
    await container.start({ signal: options.signal });
    return container;
  } catch (error) {
    throw (await leave()) ? error : leftBehind(error, container, last.begun);
  }
}
