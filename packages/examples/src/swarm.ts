/** Make a swarm of this engine, run a service on it with a secret, update it without a gap, and leave again. */
import { Docker } from "docker-engine-sdk";

const docker = new Docker();
// Other machines join with `docker.swarm.join({ RemoteAddrs, JoinToken })`; the token is in `docker.swarm.inspect()`.
await docker.swarm.init({ AdvertiseAddr: "127.0.0.1", DataPathAddr: "127.0.0.1" });
try {
  const secret = await docker.secrets.create({ Name: "greeting", Data: Buffer.from("hello") });
  const File = { Name: "greeting", UID: "0", GID: "0", Mode: 0o400 };
  const service = await docker.services.create({
    Name: "example",
    TaskTemplate: {
      ContainerSpec: {
        Image: "busybox",
        Command: [
          "sh",
          "-c",
          'trap exit TERM; cat /run/secrets/greeting; echo " from version $V"; sleep 600 & wait',
        ],
        Env: ["V=1"],
        Secrets: [{ SecretID: secret.id, SecretName: "greeting", File }],
      },
    },
    Mode: { Replicated: { Replicas: 2 } },
    UpdateConfig: { Parallelism: 1, Order: "start-first" },
  });
  for await (const { ready, desired } of service.rollout()) console.log(`${ready} of ${desired} tasks run`);

  // One task after the other is replaced; a rollout that fails throws.
  await service.change((spec) => {
    const task = spec.TaskTemplate ?? {};
    return { ...spec, TaskTemplate: { ...task, ContainerSpec: { ...task.ContainerSpec, Env: ["V=2"] } } };
  });
  await service.rollout();
  console.log((await service.logs().text()).split("\n").toSorted().join("\n"));
  await service.remove();
} finally {
  await docker.swarm.leave({ force: true });
}
