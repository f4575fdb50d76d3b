/** The jobs, done with docker-engine-sdk. */
import { createReadStream } from "node:fs";
import { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { Docker } from "docker-engine-sdk";
import { eventLatencies, rounds, storm } from "../load.mjs";
import { randomPieces } from "../random.mjs";
import { Receiver } from "../receiver.mjs";

export const jobs = {
  ping: using((docker) => docker.system.ping().then(({ apiVersion }) => apiVersion)),
  requests: using((docker, parameters, timer) => {
    const container = docker.containers.get("x");
    return storm(parameters, timer, async () => (await container.inspect()).Id.length);
  }),
  inspects: using((docker, { id, ...parameters }, timer) => {
    const container = docker.containers.get(id);
    return rounds(parameters, timer, async () => (await container.inspect()).Id.length);
  }),
  build: using(async (docker, { context, tag }) => {
    const image = await docker.images.build({ context, builder: "classic", tags: [tag], noCache: true });
    return { image: image.id };
  }),
  logs: using(async (docker, { verify }) => {
    const receiver = new Receiver(verify);
    for await (const { data } of docker.containers.get("x").logs()) receiver.take(data);
    return receiver.answer();
  }),
  pipedLogs: using(async (docker, { verify }) => {
    const receiver = new Receiver(verify);
    await pipeline(docker.containers.get("x").logs().toReadable(), sink(receiver));
    return receiver.answer();
  }),
  logLines: using(async (docker, { verify }) => {
    const receiver = new Receiver(verify);
    let length = 0;
    for await (const { text } of docker.containers.get("x").logs().lines()) {
      length += text.length + 1;
      if (verify) receiver.take(Buffer.from(`${text}\n`));
    }
    return { ...receiver.answer(), bytes: length };
  }),
  slowLogs: using(async (docker, { verify, pause, step }) => {
    const receiver = new Receiver(verify);
    let next = step;
    for await (const { data } of docker.containers.get("x").logs()) {
      receiver.take(data);
      for (; receiver.bytes >= next; next += step) await sleep(pause);
    }
    return receiver.answer();
  }),
  attach: using(async (docker, { image, bytes, verify }, timer) => {
    const input = randomPieces(bytes);
    timer.start();
    const container = await docker.containers.create({
      Image: image,
      Cmd: ["cat"],
      OpenStdin: true,
      StdinOnce: true,
      AttachStdin: true,
      AttachStdout: true,
    });
    try {
      const attached = await container.attach({ stdin: true });
      await container.start();
      return await throughCat(attached, input, verify);
    } finally {
      await container.remove({ force: true });
    }
  }),
  exec: using(async (docker, { id, bytes, verify }, timer) => {
    const input = randomPieces(bytes);
    timer.start();
    return await throughCat(await docker.containers.get(id).spawn(["cat"], { stdin: true }), input, verify);
  }),
  progress: using(async (docker) => {
    let events = 0;
    let length = 0;
    for await (const event of docker.images.pull("busybox")) {
      events += 1;
      length += (event.id ?? "").length;
    }
    return { events, length };
  }),
  save: using(async (docker, { image, verify }) => {
    const receiver = new Receiver(verify);
    for await (const chunk of await docker.images.save(image)) receiver.take(chunk);
    return receiver.answer();
  }),
  load: using(async (docker, { file }) => {
    const [image] = await docker.images.load(createReadStream(file));
    return { image: image.id };
  }),
  push: using(async (docker, { remote }) => {
    let events = 0;
    for await (const _ of docker.images.push(remote)) events += 1;
    return { events: events > 0 };
  }),
  pull: using(async (docker, { remote }) => {
    let events = 0;
    for await (const _ of docker.images.pull(remote)) events += 1;
    return { events: events > 0 };
  }),
  events: using((docker, parameters, timer) =>
    eventLatencies(parameters, timer, {
      async listen(heard) {
        const stream = await docker.system.events({ filters: { type: ["volume"] } });
        void (async () => {
          for await (const event of stream) heard(event.Actor.ID, event.Action);
        })().catch(() => undefined);
        return () => stream.close?.();
      },
      create: (name) => docker.volumes.create({ Name: name }),
      remove: (name) => docker.volumes.get(name).remove(),
    }),
  ),
};

function using(job) {
  return async (parameters, timer) => {
    const docker = new Docker({ host: `unix://${parameters.socketPath}`, credentials: {} });
    try {
      return await job(docker, parameters, timer);
    } finally {
      await docker.close();
    }
  };
}

async function throughCat(process, input, verify) {
  const receiver = new Receiver(verify);
  const written = process.writeAll(input);
  for await (const { data } of process.output) receiver.take(data);
  await written;
  return { ...receiver.answer(), exitCode: await process.exitCode() };
}

function sink(receiver) {
  return new Writable({
    write(chunk, _encoding, done) {
      receiver.take(chunk);
      done();
    },
  });
}
