import { buffer } from "node:stream/consumers";
import { pack } from "tar-stream";
import type { Container, Docker, models } from "docker-engine-sdk";
import { label, type PrivateEngine } from "test-support/engine";

/** What the cases need besides the operation that they show. It does not go through the recorder. */
export class World {
  readonly docker: Docker;
  readonly engine: PrivateEngine;
  /** Of the engine, in the two forms that the API has. */
  readonly platform: { readonly os: string; readonly architecture: string };
  readonly platformText: string;
  #count = 0;
  #sleeper: Promise<Container> | undefined;

  constructor(docker: Docker, engine: PrivateEngine, { Os, Architecture }: models.ImageInspect) {
    this.docker = docker;
    this.engine = engine;
    this.platform = { os: Os, architecture: Architecture };
    this.platformText = `${Os}/${Architecture}`;
  }

  /** One that nothing has yet. */
  name(): string {
    return `operation-${this.#count++}`;
  }

  created(request: models.ContainerCreateRequest = {}): Promise<Container> {
    return this.docker.containers.create({
      Image: this.engine.image,
      Cmd: ["sleep", "1000"],
      Labels: { [label]: "operations" },
      StopSignal: "SIGKILL",
      ...request,
    });
  }

  async running(request?: models.ContainerCreateRequest): Promise<Container> {
    const container = await this.created(request);
    await container.start();
    return container;
  }

  /** One for cases that leave it as it is. */
  sleeper(): Promise<Container> {
    return (this.#sleeper ??= this.running());
  }

  async ended(...Cmd: readonly string[]): Promise<Container> {
    const container = await this.running({ Cmd });
    await container.wait();
    return container;
  }

  /** Makes the engine the manager of a swarm of its own, where it is none. */
  async swarm(): Promise<void> {
    const { Swarm } = await this.docker.system.info();
    if (Swarm?.ControlAvailable === true) return;
    await this.docker.swarm.init({ AdvertiseAddr: "127.0.0.1" });
  }

  /** A service that has one running task. */
  async service(): Promise<models.Service> {
    await this.swarm();
    const Command = ["sh", "-c", "echo said; sleep 1000"];
    const service = await this.docker.services.create({
      Name: this.name(),
      TaskTemplate: { ContainerSpec: { Image: this.engine.image, Command, StopSignal: "SIGKILL" } },
    });
    return await service.rollout();
  }

  async task(): Promise<models.Task> {
    const { ID } = await this.service();
    const [task] = await this.docker.tasks.list({ filters: { service: ID } });
    if (task === undefined) throw new Error("the service has no task");
    return task;
  }
}

/** A tar of files by name. */
export async function tarOf(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const tar = pack();
  for (const [name, text] of Object.entries(files)) tar.entry({ name }, text);
  tar.finalize();
  return await buffer(tar);
}

/** The header that carries credentials. */
export function registryAuth(auth: models.AuthConfig = {}): string {
  const text = Buffer.from(JSON.stringify(auth)).toString("base64");
  return text.replaceAll("+", "-").replaceAll("/", "_");
}
