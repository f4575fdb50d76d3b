import { describe, expect, it } from "vitest";
import type { ImageDifference } from "../../linter/facts/verification.ts";
import type { ImageSettings } from "./compare-config.ts";
import { markHarmless } from "./compare-harmless.ts";

const difference = (path: string, more: Partial<ImageDifference> = {}): ImageDifference => ({
  kind: "file",
  path,
  change: "removed",
  what: [],
  before: "3 bytes",
  after: undefined,
  harmless: undefined,
  ...more,
});

const settings = (Config: ImageSettings["Config"] = {}): ImageSettings => ({
  Architecture: "amd64",
  Os: "linux",
  Config,
});

function reasonOf(
  path: string,
  more: Partial<ImageDifference> = {},
  config: ImageSettings["Config"] = {},
): unknown {
  return markHarmless([difference(path, more)], [settings(), settings(config)])[0]?.harmless;
}

describe("markHarmless", () => {
  it.each([
    ["/var/cache/apk/APKINDEX.0.tar.gz", "cache"],
    ["/var/cache/apt/archives/curl.deb", "cache"],
    ["/var/lib/apt/lists/deb.debian.org_dists_bookworm_InRelease", "cache"],
    ["/root/.cache", "cache"],
    ["/root/.cache/pip/http/a", "cache"],
    ["/home/app/.npm/_cacache/index", "cache"],
    ["/usr/local/share/.cache/yarn/v6", "cache"],
    ["/root/.local/share/pnpm/store/v3", "cache"],
    ["/app/__pycache__", "cache"],
    ["/usr/local/bundle/cache/rack-3.0.gem", "cache"],
    ["/var/lib/gems/3.1.0/cache", "cache"],
    ["/usr/lib/ruby/gems/3.3.0/cache/a.gem", "cache"],
    ["/root/.cargo/registry/cache/a", "cache"],
    ["/usr/local/cargo/registry/index", "cache"],
    ["/root/go/pkg/mod/cache/download", "cache"],
    ["/go/pkg/mod/cache", "cache"],
    ["/var/lib/dnf/history.sqlite-wal", "cache"],
    ["/opt/conda/pkgs/a", "cache"],
    ["/app/node_modules/.cache/babel-loader/a.json", "cache"],
    ["/var/log/dpkg.log", "log"],
    ["/tmp/build-1", "temporary"],
    ["/var/tmp/x", "temporary"],
  ])("takes %s for a %s", (path, reason) => {
    expect(reasonOf(path)).toBe(reason);
  });

  it("takes a compiled Python module with another content for one that holds the time", () => {
    expect(reasonOf("/app/__pycache__/a.cpython-312.pyc", { change: "changed", what: ["content"] })).toBe(
      "timestamp",
    );
  });

  it.each([
    "/etc/passwd",
    "/var/cache",
    "/var/log",
    "/tmp",
    "/app/.npm",
    "/root/.cacheable",
    "/opt/cache/a",
    "/var/lib/dpkg/status",
  ])("lets %s count", (path) => {
    expect(reasonOf(path)).toBeUndefined();
  });

  it("lets count what the image itself works in, runs or keeps there", () => {
    expect(reasonOf("/tmp/app/index.js", {}, { WorkingDir: "/tmp/app" })).toBeUndefined();
    expect(reasonOf("/tmp/run.sh", {}, { Cmd: ["/bin/sh", "-c", "exec /tmp/run.sh"] })).toBeUndefined();
    expect(reasonOf("/var/cache/nginx/a", {}, { Volumes: { "/var/cache/nginx": {} } })).toBeUndefined();
    expect(reasonOf("/root/.cache/a", {}, { WorkingDir: "/root" })).toBe("cache");
  });

  it("passes over differences of the configuration", () => {
    expect(reasonOf("/tmp/a", { kind: "config" })).toBeUndefined();
  });
});
