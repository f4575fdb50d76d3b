/** What dflint needs of an engine: types alone, so that naming them loads nothing. */
import type { BuildEvent, Docker, Operation } from "docker-engine-sdk";

export type {
  BuildError,
  BuildEvent,
  BuildStep,
  Container,
  ContainerFile,
  Image,
  ImageContents,
  ImageFile,
  ImageLayer,
  models,
  Operation,
} from "docker-engine-sdk";

/** An engine that answers. */
export interface Engine {
  /** The client. */
  readonly docker: Docker;
  /** Where it is, without credentials: `unix:///var/run/docker.sock`. */
  readonly host: string;
  /** Such as `20.10.24`, or `Podman 5.4.2`. */
  readonly version: string;
  /** The version of its API that is spoken, such as `1.41`. */
  readonly apiVersion: string;
  /** What it runs on, such as `linux/amd64`. */
  readonly platform: string;
  /** Draws a build on standard error while it works, telling of every event; throws what awaiting it would. */
  draw<Result>(
    operation: Operation<BuildEvent, Result>,
    onEvent: (event: BuildEvent) => void,
  ): Promise<Result>;
}
