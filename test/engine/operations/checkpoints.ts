import { expect } from "vitest";
import type { Cases } from "./send.ts";

const noCriu = "there is no criu";

export const checkpoints = {
  async CheckpointCreate(send, world) {
    const { id } = await world.sleeper();
    const body = { CheckpointID: "first", CheckpointDir: "/var/tmp", Exit: false };
    await send.refused(noCriu, /criu/, { path: { id }, body });
  },

  async CheckpointList(send, world) {
    const { id } = await world.created();
    expect((await send({ path: { id } })) ?? []).toEqual([]);
    await send.refused(noCriu, /does not exist/, { path: { id }, query: { dir: "/var/tmp/none" } });
  },

  async CheckpointDelete(send, world) {
    const { id } = await world.created();
    const path = { id, checkpoint: "first" };
    await send.refused(noCriu, /checkpoint first does not exist/, { path, query: { dir: "/var/tmp" } });
  },
} satisfies Partial<Cases>;
