/** The jobs, done with dockerode as its documentation does them. */
import { createReadStream, readdirSync } from "node:fs";
import { PassThrough, Writable } from "node:stream";
import { finished } from "node:stream/promises";
import Docker from "dockerode";
import { eventLatencies, rounds, storm } from "../load.mjs";
import { randomPieces } from "../random.mjs";
import { Receiver } from "../receiver.mjs";

export const jobs = {
  ping: using((docker) => docker.ping().then((answer) => answer.toString())),
  requests: using((docker, parameters, timer) => {
    const container = docker.getContainer("x");
    return storm(parameters, timer, async () => (await container.inspect()).Id.length);
  }),
  inspects: using((docker, { id, ...parameters }, timer) => {
    const container = docker.getContainer(id);
    return rounds(parameters, timer, async () => (await container.inspect()).Id.length);
  }),
  build: using(async (docker, { context, tag }) => {
    const stream = await docker.buildImage(
      { context, src: readdirSync(context) },
      { t: tag, nocache: true, rm: true, forcerm: true },
    );
    await followed(docker, stream);
    return { image: tag };
  }),
  logs: using(async (docker, { verify }) => {
    const receiver = new Receiver(verify);
    await demultiplexed(docker, await log(docker), sink(receiver));
    return receiver.answer();
  }),
  slowLogs: using(async (docker, { verify, pause, step }) => {
    const receiver = new Receiver(verify);
    let next = step;
    const slow = new Writable({
      write(chunk, _encoding, done) {
        receiver.take(chunk);
        if (receiver.bytes < next) return done();
        next += step;
        setTimeout(done, pause);
      },
    });
    await demultiplexed(docker, await log(docker), slow);
    return receiver.answer();
  }),
  attach: using(async (docker, { image, bytes, verify }, timer) => {
    const input = randomPieces(bytes);
    timer.start();
    const container = await docker.createContainer({
      Image: image,
      Cmd: ["cat"],
      OpenStdin: true,
      StdinOnce: true,
      AttachStdin: true,
      AttachStdout: true,
    });
    try {
      const stream = await container.attach({
        stream: true,
        stdin: true,
        stdout: true,
        stderr: true,
        hijack: true,
      });
      await container.start();
      const answer = await throughCat(docker, stream, input, verify);
      const { StatusCode: exitCode } = await container.wait();
      return { ...answer, exitCode };
    } finally {
      await container.remove({ force: true });
    }
  }),
  exec: using(async (docker, { id, bytes, verify }, timer) => {
    const input = randomPieces(bytes);
    timer.start();
    const exec = await docker
      .getContainer(id)
      .exec({ Cmd: ["cat"], AttachStdin: true, AttachStdout: true, AttachStderr: true });
    const answer = await throughCat(docker, await exec.start({ hijack: true, stdin: true }), input, verify);
    const { ExitCode: exitCode } = await exec.inspect();
    return { ...answer, exitCode };
  }),
  progress: using(async (docker) => {
    let events = 0;
    let length = 0;
    await followed(docker, await docker.pull("busybox"), ({ id = "" }) => {
      events += 1;
      length += id.length;
    });
    return { events, length };
  }),
  save: using(async (docker, { image, verify }) => {
    const receiver = new Receiver(verify);
    for await (const chunk of await docker.getImage(image).get()) receiver.take(chunk);
    return receiver.answer();
  }),
  load: using(async (docker, { file }) => {
    let image;
    await followed(docker, await docker.loadImage(createReadStream(file)), ({ stream = "" }) => {
      image ??= /Loaded image(?: ID)?: (?<name>\S+)/.exec(stream)?.groups.name;
    });
    return { image };
  }),
  push: using(async (docker, { remote }) => {
    let events = 0;
    const stream = await docker.getImage(remote).push({ authconfig: {} });
    await followed(docker, stream, () => (events += 1));
    return { events: events > 0 };
  }),
  pull: using(async (docker, { remote }) => {
    let events = 0;
    await followed(docker, await docker.pull(remote), () => (events += 1));
    return { events: events > 0 };
  }),
  events: using((docker, parameters, timer) =>
    eventLatencies(parameters, timer, {
      async listen(heard) {
        const stream = await docker.getEvents({ filters: { type: ["volume"] } });
        stream.on("data", (chunk) => {
          for (const line of chunk.toString().trim().split("\n")) {
            const event = JSON.parse(line);
            heard(event.Actor.ID, event.Action);
          }
        });
        return () => stream.destroy();
      },
      create: (name) => docker.createVolume({ Name: name }),
      remove: (name) => docker.getVolume(name).remove(),
    }),
  ),
};

function using(job) {
  return (parameters, timer) => job(new Docker({ socketPath: parameters.socketPath }), parameters, timer);
}

function log(docker) {
  return docker.getContainer("x").logs({ follow: true, stdout: true, stderr: true });
}

function followed(docker, stream, onProgress) {
  return new Promise((resolve, reject) => {
    docker.modem.followProgress(stream, (error) => (error ? reject(error) : resolve()), onProgress);
  });
}

async function demultiplexed(docker, stream, stdout) {
  docker.modem.demuxStream(stream, stdout, new PassThrough().resume());
  stream.on("end", () => stdout.end());
  await finished(stdout);
}

async function throughCat(docker, stream, input, verify) {
  const receiver = new Receiver(verify);
  const received = demultiplexed(docker, stream, sink(receiver));
  for await (const piece of input) {
    if (!stream.write(piece)) await new Promise((resolve) => stream.once("drain", resolve));
  }
  stream.end();
  await received;
  return receiver.answer();
}

function sink(receiver) {
  return new Writable({
    write(chunk, _encoding, done) {
      receiver.take(chunk);
      done();
    },
  });
}
