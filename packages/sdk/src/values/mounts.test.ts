import { expect, test } from "vitest";
import { bindMount, imageMount, tmpfsMount, volumeMount } from "./mounts.ts";

test("a mount says what it is, and no more than was asked for", () => {
  expect(bindMount("/here", "/there")).toEqual({ Type: "bind", Source: "/here", Target: "/there" });
  expect(volumeMount("data", "/data")).toEqual({ Type: "volume", Source: "data", Target: "/data" });
  expect(volumeMount(undefined, "/data")).toEqual({ Type: "volume", Target: "/data" });
  expect(tmpfsMount("/tmp")).toEqual({ Type: "tmpfs", Target: "/tmp" });
  expect(imageMount("app:1", "/app")).toEqual({
    Type: "image",
    Source: "app:1",
    Target: "/app",
    ImageOptions: {},
  });
});

test("a volume and an image may be handles", () => {
  expect(volumeMount({ id: "data" }, "/data")).toEqual({ Type: "volume", Source: "data", Target: "/data" });
  expect(imageMount({ id: "sha256:1" }, "/app")).toMatchObject({ Type: "image", Source: "sha256:1" });
});

test("options go where the engine has them", () => {
  expect(
    bindMount("/a", "/b", {
      readOnly: true,
      propagation: "rslave",
      createMountpoint: true,
      readOnlyNonRecursive: true,
    }),
  ).toEqual({
    Type: "bind",
    Source: "/a",
    Target: "/b",
    ReadOnly: true,
    BindOptions: { Propagation: "rslave", CreateMountpoint: true, ReadOnlyNonRecursive: true },
  });
  expect(volumeMount("v", "/v", { noCopy: true, labels: { a: "b" }, subpath: "x" }).VolumeOptions).toEqual({
    NoCopy: true,
    Labels: { a: "b" },
    Subpath: "x",
  });
  expect(volumeMount("v", "/v", { driverOptions: { type: "tmpfs" } }).VolumeOptions).toEqual({
    DriverConfig: { Name: "local", Options: { type: "tmpfs" } },
  });
  expect(
    tmpfsMount("/t", { size: "64m", mode: 0o700, options: { noexec: true, uid: "7" } }).TmpfsOptions,
  ).toEqual({
    SizeBytes: 64 * 1024 ** 2,
    Mode: 0o700,
    Options: [["noexec"], ["uid", "7"]],
  });
  expect(imageMount("app", "/app", { subpath: "bin" }).ImageOptions).toEqual({ Subpath: "bin" });
  expect(() => tmpfsMount("/t", { size: "much" })).toThrow(RangeError);
});

test("options that there are not, and values of a wrong kind, are refused by name", () => {
  const readonly: object = { readonly: true };
  expect(() => bindMount("/src", "/app", readonly)).toThrow(
    'bindMount() has no option "readonly": did you mean',
  );
  const driverOpts: object = { driverOpts: {} };
  expect(() => volumeMount("data", "/data", driverOpts)).toThrow('did you mean "driverOptions"?');
  const mode: object = { mode: "1777" };
  expect(() => tmpfsMount("/tmp", mode)).toThrow('"mode" of tmpfsMount() must be a whole number, not text');
  const subPath: object = { sub_path: "etc" };
  expect(() => imageMount("alpine", "/etc", subPath)).toThrow('did you mean "subpath"?');
  const missing: readonly string[] = [];
  expect(() => bindMount("/src", missing[0] as string)).toThrow(
    '"target" of bindMount() must be text such as',
  );
});
