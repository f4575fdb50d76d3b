/** The jobs, done with Docker's own client for Node, where it has what they need. */
import { createReadStream } from "node:fs";
import { PassThrough, Readable, Writable } from "node:stream";
import { DockerClient, Filter } from "@docker/node-sdk";
import { eventLatencies, rounds, storm } from "../load.mjs";
import { Receiver } from "../receiver.mjs";

export const jobs = {
  ping: using((docker) => docker.systemPing()),
  requests: using((docker, parameters, timer) =>
    storm(parameters, timer, async () => (await docker.containerInspect("x")).Id.length),
  ),
  inspects: using((docker, { id, ...parameters }, timer) =>
    rounds(parameters, timer, async () => (await docker.containerInspect(id)).Id.length),
  ),
  // Packing is left to the caller.
  build: using(async (docker, { context, tag }) => {
    const { packWithTarFs } = await import("../pack.mjs");
    const body = Readable.toWeb(packWithTarFs(context));
    const options = { tag, nocache: true, rm: true, forcerm: true, version: "1" };
    for await (const { errorDetail } of docker.imageBuild(body, options).messages()) {
      if (errorDetail !== undefined) throw new Error(errorDetail.message);
    }
    return { image: tag };
  }),
  logs: using(async (docker, { verify }) => {
    const receiver = new Receiver(verify);
    await docker.containerLogs("x", sink(receiver), nothing(), { stdout: true, stderr: true });
    return receiver.answer();
  }),
  slowLogs: using(async (docker, { verify, pause, step }) => {
    const receiver = new Receiver(verify);
    let next = step;
    let ended;
    const end = new Promise((resolve) => (ended = resolve));
    const slow = new Writable({
      write(chunk, _encoding, done) {
        receiver.take(chunk);
        if (receiver.bytes < next) return done();
        next += step;
        setTimeout(done, pause);
      },
      final(done) {
        done();
        ended();
      },
    });
    await docker.containerLogs("x", slow, nothing(), { stdout: true, stderr: true });
    slow.end();
    await end;
    return receiver.answer();
  }),
  progress: using(async (docker) => {
    let events = 0;
    let length = 0;
    for await (const { id = "" } of docker.imageCreate({ fromImage: "busybox", tag: "latest" }).messages()) {
      events += 1;
      length += id.length;
    }
    return { events, length };
  }),
  save: using(async (docker, { image, verify }) => {
    const receiver = new Receiver(verify);
    for await (const chunk of await docker.imageGetAll([image])) receiver.take(chunk);
    return receiver.answer();
  }),
  // What the engine answers it keeps to itself.
  load: using(async (docker, { file, tag }) => {
    await docker.imageLoad(Readable.toWeb(createReadStream(file)));
    return { image: tag };
  }),
  push: using(async (docker, { remote }) => {
    const [name, tag] = splitTag(remote);
    let events = 0;
    for await (const { errorDetail } of docker.imagePush(name, { tag, credentials: {} }).messages()) {
      if (errorDetail !== undefined) throw new Error(errorDetail.message);
      events += 1;
    }
    return { events: events > 0 };
  }),
  pull: using(async (docker, { remote }) => {
    const [fromImage, tag] = splitTag(remote);
    let events = 0;
    for await (const { errorDetail } of docker.imageCreate({ fromImage, tag }).messages()) {
      if (errorDetail !== undefined) throw new Error(errorDetail.message);
      events += 1;
    }
    return { events: events > 0 };
  }),
  events: using((docker, parameters, timer) =>
    eventLatencies(parameters, timer, {
      async listen(heard) {
        const events = docker.systemEvents({ filters: new Filter().add("type", "volume") });
        void (async () => {
          for await (const event of events) heard(event.Actor.ID, event.Action);
        })().catch(() => undefined);
        return () => undefined;
      },
      create: (name) => docker.volumeCreate({ Name: name }),
      remove: (name) => docker.volumeDelete(name),
    }),
  ),
};

function using(job) {
  return async (parameters, timer) => {
    const docker = await DockerClient.fromDockerHost(`unix:${parameters.socketPath}`);
    try {
      return await job(docker, parameters, timer);
    } finally {
      await docker.close();
    }
  };
}

function splitTag(reference) {
  const at = reference.lastIndexOf(":");
  return [reference.slice(0, at), reference.slice(at + 1)];
}

function nothing() {
  return new PassThrough().resume();
}

function sink(receiver) {
  return new Writable({
    write(chunk, _encoding, done) {
      receiver.take(chunk);
      done();
    },
  });
}
