import { describe, expect, it } from "vitest";
import { compareConfigs, type ImageSettings } from "./compare-config.ts";

type Config = NonNullable<ImageSettings["Config"]>;

const image = (Config: Config = {}, more: Partial<ImageSettings> = {}): ImageSettings => ({
  Author: "",
  Architecture: "amd64",
  Os: "linux",
  Config,
  ...more,
});

describe("compareConfigs", () => {
  it("takes nothing for the same as empty, and / for the working folder that none is named", () => {
    expect(
      compareConfigs(
        image({
          Env: null,
          Labels: null,
          Cmd: null,
          WorkingDir: "",
          User: "",
          OnBuild: null,
          Entrypoint: [],
        }),
        image({ Env: [], Labels: {}, WorkingDir: "/", Volumes: {}, ExposedPorts: {}, Entrypoint: null }),
      ),
    ).toEqual([]);
  });

  it("compares what has no order name by name, and passes over the label of the run", () => {
    const before = image({
      Env: ["PATH=/bin", "A=1", "B=2"],
      Labels: { "dflint.run": "x", a: "1" },
      ExposedPorts: { "80/tcp": {} },
      Volumes: { "/data": {} },
    });
    const after = image({
      Env: ["B=2", "PATH=/bin", "A=3=4"],
      Labels: { "dflint.run": "y", b: "2" },
      ExposedPorts: { "81/udp": {} },
      Volumes: { "/data": {} },
    });
    expect(
      compareConfigs(before, after).map(({ path, change, before, after }) => [path, change, before, after]),
    ).toEqual([
      ["Env.A", "changed", "1", "3=4"],
      ["Labels.a", "removed", "1", undefined],
      ["ExposedPorts.80/tcp", "removed", "", undefined],
      ["Labels.b", "added", undefined, "2"],
      ["ExposedPorts.81/udp", "added", undefined, ""],
    ]);
  });

  it.each<[string, Config, Config]>([
    ["User", {}, { User: "app" }],
    ["Cmd", { Cmd: ["a", "b"] }, { Cmd: ["a b"] }],
    ["Entrypoint", { Entrypoint: ["a"] }, {}],
    ["WorkingDir", {}, { WorkingDir: "/app" }],
    ["Healthcheck", { Healthcheck: { Test: ["NONE"] } }, { Healthcheck: { Test: ["CMD", "true"] } }],
    ["StopSignal", {}, { StopSignal: "SIGINT" }],
    ["Shell", {}, { Shell: ["/bin/bash", "-c"] }],
    ["OnBuild", { OnBuild: ["RUN a"] }, { OnBuild: ["RUN a", "RUN b"] }],
  ])("tells that %s differs", (path, before, after) => {
    expect(compareConfigs(image(before), image(after))).toMatchObject([
      { kind: "config", path, harmless: undefined },
    ]);
  });

  it("tells that an image is for another platform", () => {
    expect(compareConfigs(image(), image({}, { Architecture: "arm64", Variant: "v8" }))).toMatchObject([
      { path: "Platform", before: "linux/amd64", after: "linux/arm64/v8" },
    ]);
  });

  it("takes quotes around an author for none, as the label has none", () => {
    const moved = compareConfigs(
      image({}, { Author: '"Ada $ Co"' }),
      image({ Labels: { maintainer: "Ada $ Co" } }),
    );
    expect(moved.map(({ harmless }) => harmless)).toEqual(["moved", "moved"]);
  });

  it("counts an author who becomes a label as moved, and another one as changed", () => {
    const before = image({}, { Author: "Ada" });
    const label = "org.opencontainers.image.authors";
    const moved = compareConfigs(before, image({ Labels: { [label]: "Ada" } }));
    expect(moved.map(({ path, harmless }) => [path, harmless])).toEqual([
      ["Author", "moved"],
      [`Labels.${label}`, "moved"],
    ]);
    const other = compareConfigs(before, image({ Labels: { [label]: "Bob" } }));
    expect(other.map(({ harmless }) => harmless)).toEqual([undefined, undefined]);
    expect(compareConfigs(before, image())).toMatchObject([{ path: "Author", harmless: undefined }]);
  });
});
