import { once } from "node:events";
import { expect } from "vitest";
import type { UpgradedConnection } from "docker-engine-sdk";
import type { Cases } from "./send.ts";

/** Reads from a raw connection until it has said something. */
async function until({ socket }: UpgradedConnection, text: string): Promise<void> {
  let said = "";
  while (!said.includes(text)) {
    const [chunk] = (await once(socket, "data")) as [Buffer];
    said += chunk.toString("latin1");
  }
  socket.destroy();
}

export const processes = {
  async ContainerAttach(send, world) {
    const { id } = await world.running({ Cmd: ["sh", "-c", "echo before; cat"], OpenStdin: true });
    const query = { detachKeys: "ctrl-x", logs: true, stream: true, stdin: true, stdout: true, stderr: true };
    const connection = await send({ path: { id }, query });
    connection.socket.write("echoed\n");
    await until(connection, "echoed");
  },

  async ContainerAttachWebsocket(send, world) {
    const { id } = await world.running({ Cmd: ["sh", "-c", "echo before; sleep 1000"], OpenStdin: true });
    const query = { detachKeys: "ctrl-x", logs: true, stream: true, stdin: true, stdout: true, stderr: true };
    await until(await send({ path: { id }, query }), "before");
  },

  async ContainerResize(send, world) {
    const box = await world.running({ Tty: true, OpenStdin: true, Cmd: ["cat"] });
    await send({ path: { id: box.id }, query: { h: 33, w: 111 } });
    // Another terminal shows that of the first process by its file only.
    const { stdout } = await box.exec(["sh", "-c", "stty size < /proc/1/fd/0"]);
    expect(stdout.trim()).toBe("33 111");
  },

  async ContainerTop(send, world) {
    const { id } = await world.sleeper();
    const { Titles, Processes } = await send({ path: { id }, query: { ps_args: "-o pid,args" } });
    expect(Titles).toEqual(["PID", "COMMAND"]);
    expect(Processes).toEqual([[expect.stringMatching(/^\d+$/), "sleep 1000"]]);
  },

  async ContainerWait(send, world) {
    const box = await world.running({ Cmd: ["sh", "-c", "sleep 0.5; exit 3"] });
    expect(await send({ path: { id: box.id }, query: { condition: "next-exit" } })).toMatchObject({
      StatusCode: 3,
    });
  },

  async ContainerExec(send, world) {
    const { id } = await world.sleeper();
    const body = { AttachStdout: true, DetachKeys: "ctrl-x", Env: ["A=1"], Cmd: ["true"], User: "1:1" };
    const { Id } = await send({ path: { id }, body });
    expect((await world.docker.call("ExecInspect", { path: { id: Id } })).ContainerID).toBe(id);
  },

  async ExecInspect(send, world) {
    const { id } = await world.sleeper();
    const body = { AttachStdout: true, Cmd: ["echo", "hello"] };
    const exec = await world.docker.call("ContainerExec", { path: { id }, body });
    expect(await send({ path: { id: exec.Id } })).toMatchObject({ Running: false, ContainerID: id });
  },

  async ExecResize(send, world) {
    const { id } = await world.sleeper();
    const body = { AttachStdin: true, AttachStdout: true, Tty: true, Cmd: ["sh"] };
    const exec = await world.docker.call("ContainerExec", { path: { id }, body });
    const shell = await world.docker.call("ExecStart", { path: { id: exec.Id }, body: { Tty: true } });
    await once(shell.socket, "data");
    await send({ path: { id: exec.Id }, query: { h: 22, w: 99 } });
    shell.socket.write("stty size\n");
    await until(shell, "22 99");
  },

  async ExecStart(send, world) {
    const { id } = await world.sleeper();
    const body = { AttachStdout: true, Cmd: ["echo", "hello"] };
    const exec = await world.docker.call("ContainerExec", { path: { id }, body });
    await until(await send({ path: { id: exec.Id }, body: { Detach: false, Tty: false } }), "hello");
  },
} satisfies Partial<Cases>;
