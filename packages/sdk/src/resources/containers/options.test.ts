import { expect, test } from "vitest";
import { namedTexts } from "../../values/named-values.ts";
import { toCreateRequest, toEnv, variables } from "./options.ts";

/** What would be sent. */
function sent(...parameters: Parameters<typeof toCreateRequest>): unknown {
  return JSON.parse(JSON.stringify(toCreateRequest(...parameters)));
}

test("nothing but the image is sent when nothing else is asked for", () => {
  expect(sent({ image: "busybox" })).toEqual({ Image: "busybox", HostConfig: {} });
});

test("an image and a network may be handles", () => {
  expect(sent({ image: { id: "sha256:1" }, network: { id: "net1" } })).toEqual({
    Image: "sha256:1",
    HostConfig: { NetworkMode: "net1" },
  });
});

test("a variable or label without a value is let pass: it is left out", () => {
  expect(() => variables({ A: "1", B: undefined })).not.toThrow();
  expect(() => namedTexts("labels", "{ a }")({ a: undefined })).not.toThrow();
  const labels = { a: undefined } as unknown as Record<string, string>; // as in plain JavaScript
  expect(sent({ image: "busybox", labels })).toMatchObject({ Labels: {} });
});

test("every word has its place in the engine's request", () => {
  expect(
    sent({
      image: "busybox",
      command: ["echo", "a b"],
      entrypoint: ["/bin/sh"],
      env: { A: "1", B: "x=y" },
      ports: ["8080:80"],
      volumes: ["data:/data:ro"],
      mounts: [{ Type: "tmpfs", Target: "/t" }],
      network: "net",
      user: "1:2",
      workingDir: "/w",
      hostname: "h",
      labels: { a: "b" },
      memory: "1m",
      cpus: 1.5,
      privileged: true,
      readOnly: true,
      init: true,
      tty: true,
    }),
  ).toEqual({
    Image: "busybox",
    Cmd: ["echo", "a b"],
    Entrypoint: ["/bin/sh"],
    Env: ["A=1", "B=x=y"],
    User: "1:2",
    WorkingDir: "/w",
    Hostname: "h",
    Labels: { a: "b" },
    Tty: true,
    ExposedPorts: { "80/tcp": {} },
    HostConfig: {
      PortBindings: { "80/tcp": [{ HostIp: "", HostPort: "8080" }] },
      Binds: ["data:/data:ro"],
      Mounts: [{ Type: "tmpfs", Target: "/t" }],
      NetworkMode: "net",
      Memory: 1024 ** 2,
      NanoCpus: 1.5e9,
      Privileged: true,
      ReadonlyRootfs: true,
      Init: true,
    },
  });
});

test("`create` adds what there is no word for, and wins", () => {
  expect(
    sent({
      image: "busybox",
      user: "1",
      memory: 1,
      init: true,
      create: { StopSignal: "SIGINT", User: "2", HostConfig: { CapAdd: ["NET_ADMIN"], Memory: 2 } },
    }),
  ).toEqual({
    Image: "busybox",
    User: "2",
    StopSignal: "SIGINT",
    HostConfig: { Init: true, Memory: 2, CapAdd: ["NET_ADMIN"] },
  });
});

test("malformed words are refused by name", () => {
  expect(() => toCreateRequest({ image: "x", memory: "much" })).toThrow('"memory"');
  expect(() => toCreateRequest({ image: "x", ports: ["web"] })).toThrow('"ports"');
});

test("environment as an object or a list", () => {
  expect(toEnv(undefined)).toBeUndefined();
  expect(toEnv({ A: "", B: "1" })).toEqual(["A=", "B=1"]);
  // As plain JavaScript hands on a variable of its own that is not set.
  expect(toEnv({ A: undefined, B: "1" } as unknown as Record<string, string>)).toEqual(["B=1"]);
  expect(toEnv(["A=1", "B"])).toEqual(["A=1", "B"]);
});
