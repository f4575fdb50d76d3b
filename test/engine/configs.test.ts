import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ConflictError, Docker, InvalidRequestError, NotFoundError } from "docker-engine-sdk";
import type { PrivateEngine } from "test-support/engine";
import { engine } from "test-support/engine-under-test";

let own: PrivateEngine;
let docker: Docker;

beforeAll(async () => {
  own = await engine.startPrivate();
  docker = new Docker({ host: own.host });
  await docker.swarm.init({ AdvertiseAddr: "127.0.0.1" });
});

afterAll(async () => {
  await own.remove();
});

const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);

describe("a config", () => {
  test("tells its data in base64", async () => {
    const config = await docker.configs.create({ Name: "kept", Data: bytes, Labels: { a: "1" } });
    const inspected = await docker.configs.get("kept").inspect();
    expect(inspected).toMatchObject({ ID: config.id, Spec: { Name: "kept", Labels: { a: "1" } } });
    expect(inspected.Spec.Data).toBe(Buffer.from(bytes).toString("base64"));
  });

  test("reaches the containers of a service byte for byte, given as bytes or as base64", async () => {
    const base64 = Buffer.from(bytes).toString("base64");
    const Configs = await Promise.all(
      [bytes, base64].map(async (Data, index) => {
        const Name = `mounted-${index}`;
        const config = await docker.configs.create({ Name, Data });
        return {
          ConfigID: config.id,
          ConfigName: Name,
          File: { Name: `/etc/app/${Name}`, UID: "7", GID: "8", Mode: 0o440 },
        };
      }),
    );
    const command = "cd /etc/app; for f in *; do stat -c '%n %u %g %a' $f; base64 -w0 $f; echo; done";
    const service = await docker.services.create({
      TaskTemplate: {
        ContainerSpec: { Image: engine.image, Command: ["sh", "-c", command], Configs },
        RestartPolicy: { Condition: "none" },
      },
      Mode: { ReplicatedJob: {} },
    });
    await service.rollout();
    expect(await service.logs().text()).toBe(`mounted-0 7 8 440\n${base64}\nmounted-1 7 8 440\n${base64}\n`);
    await expect(docker.configs.get("mounted-0").remove()).rejects.toThrow(/in use/);
    await service.remove();
    await docker.configs.get("mounted-0").remove();
    await expect(docker.configs.get("mounted-0").inspect()).rejects.toMatchObject({ what: "config" });
  });

  test("is listed by its labels, which may change", async () => {
    const config = await docker.configs.create({ Name: "labelled", Data: bytes, Labels: { tier: "web" } });
    const found = async (filters: Record<string, string>): Promise<readonly string[]> =>
      (await docker.configs.list({ filters })).map(({ ID }) => ID);
    expect(await found({ label: "tier=web" })).toEqual([config.id]);
    await Promise.all(
      ["a", "b"].map((name) =>
        config.change(({ Labels, ...spec }) => ({ ...spec, Labels: { ...Labels, [name]: "1" } })),
      ),
    );
    expect((await config.inspect()).Spec.Labels).toEqual({ tier: "web", a: "1", b: "1" });
    expect(await found({ label: "b", name: "labelled" })).toEqual([config.id]);
    expect(await found({ label: "c" })).toEqual([]);

    const renamed = config.change((spec) => ({ ...spec, Name: "renamed" }));
    await expect(renamed).rejects.toThrow(/only updates to Labels are allowed/);
    const { Version, Spec } = await config.inspect();
    await expect(config.update(Version.Index - 1, Spec)).rejects.toThrow(/update out of sequence/);
    await config.remove();
    await expect(config.remove()).rejects.toBeInstanceOf(NotFoundError);
  });

  test("whose name is taken is a conflict; one without data is refused", async () => {
    await docker.configs.create({ Name: "taken", Data: bytes });
    await expect(docker.configs.create({ Name: "taken", Data: bytes })).rejects.toBeInstanceOf(ConflictError);
    await expect(docker.configs.create({ Name: "empty" })).rejects.toBeInstanceOf(InvalidRequestError);
  });
});
