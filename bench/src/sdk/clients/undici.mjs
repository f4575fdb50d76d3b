/** The jobs by hand: the least code on undici that does them, without errors, versions and comfort. The floor. */
import { createReadStream } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Pool } from "undici";
import { eventLatencies, rounds, storm } from "../load.mjs";
import { randomPieces } from "../random.mjs";
import { Receiver } from "../receiver.mjs";

export const jobs = {
  ping: using(async (pool) => {
    const { body } = await pool.request({ path: "/_ping", method: "GET" });
    return body.text();
  }),
  requests: using((pool, parameters, timer) =>
    storm(parameters, timer, async () => (await json(pool, "GET", "/containers/x/json")).Id.length),
  ),
  inspects: using((pool, { id, ...parameters }, timer) =>
    rounds(parameters, timer, async () => (await json(pool, "GET", `/containers/${id}/json`)).Id.length),
  ),
  logs: using(async (pool, { verify }) => {
    const receiver = new Receiver(verify);
    const demultiplex = demultiplexer((data) => receiver.take(data));
    const { body } = await pool.request({ path: "/containers/x/logs?stdout=1&stderr=1", method: "GET" });
    for await (const chunk of body) demultiplex(chunk);
    return receiver.answer();
  }),
  // Without a stream between, and so without a way to make the engine wait.
  dispatchedLogs: using(async (pool, { verify }) => {
    const receiver = new Receiver(verify);
    const demultiplex = demultiplexer((data) => receiver.take(data));
    await new Promise((resolve, reject) => {
      pool.dispatch(
        { path: "/containers/x/logs?stdout=1&stderr=1", method: "GET" },
        {
          onRequestStart() {},
          onResponseStart() {},
          onResponseData: (_, chunk) => demultiplex(chunk),
          onResponseEnd: resolve,
          onResponseError: (_, error) => reject(error),
        },
      );
    });
    return receiver.answer();
  }),
  slowLogs: using(async (pool, { verify, pause, step }) => {
    const receiver = new Receiver(verify);
    const demultiplex = demultiplexer((data) => receiver.take(data));
    let next = step;
    const { body } = await pool.request({ path: "/containers/x/logs?stdout=1&stderr=1", method: "GET" });
    for await (const chunk of body) {
      demultiplex(chunk);
      for (; receiver.bytes >= next; next += step) await sleep(pause);
    }
    return receiver.answer();
  }),
  attach: using(async (pool, { image, bytes, verify }, timer) => {
    const input = randomPieces(bytes);
    timer.start();
    const { Id: id } = await json(pool, "POST", "/containers/create", {
      Image: image,
      Cmd: ["cat"],
      OpenStdin: true,
      StdinOnce: true,
      AttachStdin: true,
      AttachStdout: true,
    });
    try {
      const socket = await hijack(pool, `/containers/${id}/attach?stream=1&stdin=1&stdout=1&stderr=1`);
      await json(pool, "POST", `/containers/${id}/start`);
      const answer = await throughCat(socket, input, verify);
      const { StatusCode: exitCode } = await json(pool, "POST", `/containers/${id}/wait`);
      return { ...answer, exitCode };
    } finally {
      await json(pool, "DELETE", `/containers/${id}?force=1`);
    }
  }),
  exec: using(async (pool, { id, bytes, verify }, timer) => {
    const input = randomPieces(bytes);
    timer.start();
    const { Id: exec } = await json(pool, "POST", `/containers/${id}/exec`, {
      Cmd: ["cat"],
      AttachStdin: true,
      AttachStdout: true,
      AttachStderr: true,
    });
    const answer = await throughCat(await hijack(pool, `/exec/${exec}/start`, {}), input, verify);
    const { ExitCode: exitCode } = await json(pool, "GET", `/exec/${exec}/json`);
    return { ...answer, exitCode };
  }),
  progress: using(async (pool) => {
    let events = 0;
    let length = 0;
    await messages(pool, "/images/create?fromImage=busybox&tag=latest", {}, ({ id = "" }) => {
      events += 1;
      length += id.length;
    });
    return { events, length };
  }),
  save: using(async (pool, { image, verify }) => {
    const receiver = new Receiver(verify);
    const { body } = await pool.request({ path: `/images/get?names=${image}`, method: "GET" });
    for await (const chunk of body) receiver.take(chunk);
    return receiver.answer();
  }),
  load: using(async (pool, { file, tag }) => {
    const headers = { "content-type": "application/x-tar" };
    const options = { path: "/images/load", method: "POST", headers, body: createReadStream(file) };
    const { body } = await pool.request(options);
    const text = await body.text();
    return { image: text.includes(`Loaded image: ${tag}`) ? tag : text };
  }),
  push: using(async (pool, { remote }) => {
    const [, name, tag] = /^(.*):(.*)$/.exec(remote);
    let events = 0;
    const auth = { "x-registry-auth": "e30=" };
    await messages(pool, `/images/${name}/push?tag=${tag}`, auth, () => (events += 1));
    return { events: events > 0 };
  }),
  pull: using(async (pool, { remote }) => {
    const [, name, tag] = /^(.*):(.*)$/.exec(remote);
    let events = 0;
    await messages(pool, `/images/create?fromImage=${name}&tag=${tag}`, {}, () => (events += 1));
    return { events: events > 0 };
  }),
  events: using((pool, parameters, timer) =>
    eventLatencies(parameters, timer, {
      async listen(heard) {
        const filters = encodeURIComponent(JSON.stringify({ type: ["volume"] }));
        const { body } = await pool.request({ path: `/events?filters=${filters}`, method: "GET" });
        const parse = jsonLines((event) => heard(event.Actor.ID, event.Action));
        body.on("data", parse).on("error", () => undefined);
        return () => body.destroy();
      },
      create: (name) => json(pool, "POST", "/volumes/create", { Name: name }),
      remove: (name) => json(pool, "DELETE", `/volumes/${name}`),
    }),
  ),
};

function using(job) {
  return async (parameters, timer) => {
    const { socketPath } = parameters;
    // As many connections as requests: for a local engine none is dear.
    const pool = new Pool("http://localhost", {
      socketPath,
      connections: parameters.concurrency ?? 64,
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    try {
      return await job(pool, parameters, timer);
    } finally {
      await pool.close();
    }
  };
}

async function json(pool, method, path, value) {
  const { statusCode, body } = await pool.request({
    path,
    method,
    ...(value !== undefined && {
      headers: { "content-type": "application/json" },
      body: JSON.stringify(value),
    }),
  });
  const text = await body.text();
  if (statusCode >= 400) throw new Error(text);
  return text === "" ? undefined : JSON.parse(text);
}

async function messages(pool, path, headers, hear) {
  const { statusCode, body } = await pool.request({ path, method: "POST", headers });
  if (statusCode >= 400) throw new Error(await body.text());
  const parse = jsonLines((message) => {
    if (message.errorDetail !== undefined) throw new Error(message.errorDetail.message);
    hear(message);
  });
  for await (const chunk of body) parse(chunk);
}

function jsonLines(hear) {
  const decoder = new TextDecoder();
  let rest = "";
  return (chunk) => {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop();
    for (const line of lines) hear(JSON.parse(line));
  };
}

function hijack(pool, path, value) {
  return new Promise((resolve, reject) => {
    pool.dispatch(
      {
        path,
        method: "POST",
        upgrade: "tcp",
        ...(value !== undefined && {
          headers: { "content-type": "application/json" },
          body: JSON.stringify(value),
        }),
      },
      {
        onRequestStart() {},
        onRequestUpgrade: (_, _status, _headers, socket) => resolve(socket),
        onResponseStart: (_, status) => reject(new Error(`refused with ${status}`)),
        onResponseData() {},
        onResponseEnd() {},
        onResponseError: (_, error) => reject(error),
      },
    );
  });
}

async function throughCat(socket, input, verify) {
  const receiver = new Receiver(verify);
  const demultiplex = demultiplexer((data) => receiver.take(data));
  const ended = new Promise((resolve, reject) => {
    socket.on("data", demultiplex).on("end", resolve).on("error", reject);
  });
  for await (const piece of input) {
    if (!socket.write(piece)) await new Promise((resolve) => socket.once("drain", resolve));
  }
  socket.end();
  await ended;
  return receiver.answer();
}

/** Frames may be cut anywhere. */
function demultiplexer(hear) {
  let header = Buffer.alloc(0);
  let left = 0;
  return (chunk) => {
    let at = 0;
    while (at < chunk.length) {
      if (left === 0) {
        if (header.length === 0 && chunk.length - at >= 8) {
          left = chunk.readUInt32BE(at + 4);
          at += 8;
        } else {
          const part = chunk.subarray(at, at + 8 - header.length);
          header = Buffer.concat([header, part]);
          at += part.length;
          if (header.length < 8) return;
          left = header.readUInt32BE(4);
          header = Buffer.alloc(0);
        }
        continue;
      }
      const end = Math.min(at + left, chunk.length);
      hear(chunk.subarray(at, end));
      left -= end - at;
      at = end;
    }
  };
}
