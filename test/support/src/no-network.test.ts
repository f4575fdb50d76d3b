import { createServer, get, type Server } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import "./no-network.ts";
import { tempDir } from "./temp-dir.ts";

async function listening(server: Server, where: string | number): Promise<Server> {
  if (typeof where === "string") server.listen(where);
  else server.listen(where, "127.0.0.1");
  await once(server, "listening");
  return server;
}

function answering(): Server {
  return createServer((_, response) => void response.end("here"));
}

it("refuses public names, by fetch and by http, and nobody is asked for their address", async () => {
  const refusal = expect.objectContaining({ code: "ENETUNREACH", message: expect.stringMatching(/Nock/) });
  await expect(fetch("https://example.org/")).rejects.toEqual(refusal);
  const [error] = (await once(get("http://example.org/"), "error")) as [unknown];
  expect(error).toEqual(refusal);
});

it("lets this machine through", async () => {
  const server = await listening(answering(), 0);
  const { port } = server.address() as AddressInfo; // it listens on a port
  for (const host of ["127.0.0.1", "localhost"]) {
    expect(await (await fetch(`http://${host}:${port}/`)).text()).toBe("here");
  }
  server.close();
});

it("lets unix sockets through", async () => {
  await using folder = await tempDir();
  const server = await listening(answering(), folder.join("s"));
  const [response] = (await once(get({ socketPath: folder.join("s") }), "response")) as [
    AsyncIterable<Buffer>,
  ];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  expect(Buffer.concat(chunks).toString()).toBe("here");
  server.close();
});
