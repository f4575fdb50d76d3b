import { expect, it } from "vitest";
import { runChildScript } from "test-support/child-script";
import { startFakeEngine, type FakeHandler } from "test-support/fake-engine";

const stall: FakeHandler = (exchange) => exchange.stall('{"Action":"start"}\n');
const silent: FakeHandler = ({ socket, incoming }) => {
  // What nobody reads does not see its other side leave, and a hijacked socket is half-open then.
  socket.resume().once("end", () => socket.end());
  incoming.resume();
};
const empty: FakeHandler = (exchange) => exchange.json(200, {});

const abortSoon =
  "const signal = AbortSignal.timeout(50); const failed = (error) => console.log(error.name);";

// A process that is kept alive by a connection or a timer would never end, and so would the test.
it.each<[string, FakeHandler, string, string]>([
  ["a call", empty, `console.log(await docker.call("SystemInfo"))`, "{}\n"],
  [
    "a hundred calls",
    empty,
    `await Promise.all(Array.from({ length: 100 }, () => docker.call("SystemInfo")))`,
    "",
  ],
  [
    "leaving the loop over events",
    stall,
    `for await (const event of await docker.call("SystemEvents")) { console.log(event.Action); break; }`,
    "start\n",
  ],
  [
    "closing a stream that was never read",
    stall,
    `(await docker.call("ContainerLogs", { path: { id: "web" } })).close()`,
    "",
  ],
  [
    "destroying a Node stream that was never read",
    stall,
    `(await docker.call("ContainerLogs", { path: { id: "web" } })).toReadable().destroy()`,
    "",
  ],
  [
    "aborting a call that is not answered",
    silent,
    `${abortSoon} await docker.call("SystemInfo", { signal }).catch(failed)`,
    "TimeoutError\n",
  ],
  [
    "aborting a wait",
    silent,
    `${abortSoon} await docker.call("ContainerWait", { path: { id: "web" }, signal }).catch(failed)`,
    "TimeoutError\n",
  ],
  [
    "aborting an attach",
    silent,
    `${abortSoon} await docker.call("ContainerAttach", { path: { id: "web" }, signal }).catch(failed)`,
    "TimeoutError\n",
  ],
  [
    "aborting calls that queue",
    silent,
    `${abortSoon} await Promise.all(Array.from({ length: 40 }, () => docker.call("SystemInfo", { signal }).catch(() => 0)))`,
    "",
  ],
  [
    "aborting an upload",
    silent,
    `${abortSoon}
    async function* body() { for (;;) yield Buffer.alloc(65536); }
    await docker.call("ImageLoad", { body: body(), signal }).catch(failed)`,
    "TimeoutError\n",
  ],
  [
    "aborting a build",
    silent,
    `${abortSoon}
    async function* body() { for (;;) yield Buffer.alloc(65536); }
    await docker.call("ImageBuild", { body: body(), signal }).catch(failed)`,
    "TimeoutError\n",
  ],
  [
    "destroying a hijacked connection",
    (exchange) => {
      const socket = exchange.upgrade();
      socket.resume().once("end", () => socket.end());
      socket.write("x");
    },
    `(await docker.call("ContainerAttach", { path: { id: "web" } })).socket.destroy()`,
    "",
  ],
  [
    "disposing the client with a stream open and a call under way",
    (exchange) => (exchange.request.path === "/events" ? exchange.stall("{}\n") : undefined),
    `const call = docker.call("SystemInfo").catch((error) => console.log(error.name));
    const events = (await docker.call("SystemEvents"))[Symbol.asyncIterator]();
    await events.next();
    await docker[Symbol.asyncDispose]();
    await call;
    await events.next().catch((error) => console.log(error.name))`,
    "AbortError\nAbortError\n",
  ],
  [
    "an engine that is missing",
    empty,
    `await docker.call("SystemInfo").catch((error) => console.log(error.name))`,
    "",
  ],
])("after %s the process exits by itself", async (name, handler, code, stdout) => {
  await using engine = await startFakeEngine(handler);
  const missing = name.endsWith("missing");
  const script = `
    import { Docker } from ${JSON.stringify(new URL("../docker.ts", import.meta.url).href)};
    const docker = new Docker({ host: ${JSON.stringify(missing ? `${engine.host}-none` : engine.host)}, env: {} });
    ${code};
  `;
  const run = await runChildScript(script);
  expect(run).toEqual({
    stdout: missing ? "ConnectionError\n" : stdout,
    stderr: "",
    exitCode: 0,
    killedBy: null,
  });
  await engine.idle();
});

it("a question for the version that is never answered does not keep an aborted process", async () => {
  await using engine = await startFakeEngine(silent, { answerPing: false });
  const script = `
    import { Docker } from ${JSON.stringify(new URL("../docker.ts", import.meta.url).href)};
    const docker = new Docker({ host: ${JSON.stringify(engine.host)}, env: {} });
    ${abortSoon} await docker.call("SystemInfo", { signal }).catch(failed);
  `;
  expect(await runChildScript(script)).toMatchObject({ stdout: "TimeoutError\n", stderr: "", exitCode: 0 });
});
