import { afterAll, beforeAll, expect, test } from "vitest";
import { AccessDeniedError, Docker, DockerError, NotFoundError, ServerError } from "docker-engine-sdk";
import type { PrivateEngine } from "test-support/engine";
import { engine } from "test-support/engine-under-test";

let own: PrivateEngine;
let docker: Docker;

beforeAll(async () => {
  own = await engine.startPrivate();
  docker = new Docker({ host: own.host, credentials: {} });
});

afterAll(async () => {
  await own.remove();
});

test("tells digest and platforms of what a registry has, by tag and by digest", async () => {
  const reference = `${own.registry}/some/where/app`;
  const image = await docker.images.get(own.image).tag(`${reference}:1`);
  const { digest, size } = await image.push();
  await (await docker.images.get(own.image).tag(reference)).push();

  const { Architecture: architecture, Os: os } = await image.inspect();
  for (const name of [`${reference}:1`, reference, `${reference}@${digest}`]) {
    const { Descriptor, Platforms } = await docker.distribution.inspect(name);
    expect(Descriptor).toMatchObject({ digest, size });
    expect(Platforms).toEqual([expect.objectContaining({ architecture, os })]);
  }
});

test("what is missing, unreachable or malformed is an error", async () => {
  const missing = await docker.distribution.inspect(`${own.registry}/no/such:1`).catch((e: unknown) => e);
  expect(missing).toBeInstanceOf(NotFoundError);
  expect(missing).toMatchObject({ what: "image", operation: "DistributionInspect" });
  const unreachable = await docker.distribution.inspect("127.0.0.1:1/app").catch((e: unknown) => e);
  expect(unreachable).toBeInstanceOf(ServerError);
  await expect(docker.distribution.inspect("")).rejects.toBeInstanceOf(TypeError);
});

test("a registry that wants a login gets the one that the client has", async () => {
  const { address, credentials = {} } = await own.startRegistry({ port: 5001, htpasswd: true });
  const known = new Docker({ host: own.host, credentials: { [address]: credentials } });
  const image = await known.images.get(own.image).tag(`${address}/private:1`);
  const { digest } = await image.push();
  expect((await known.distribution.inspect(image.id)).Descriptor.digest).toBe(digest);
  const given = docker.distribution.inspect(image.id, { auth: credentials });
  expect((await given).Descriptor.digest).toBe(digest);
  for (const auth of [{}, { ...credentials, password: "wrong password" }]) {
    const error = await known.distribution.inspect(image.id, { auth }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(AccessDeniedError);
    expect(DockerError.is(error) && error.message).not.toContain("wrong password");
  }
});
