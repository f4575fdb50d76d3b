import { expect, test } from "vitest";
import { programsAmong } from "./image-programs.ts";
import type { ImageFile } from "../port.ts";

/** Files by path: a mode, or where a link points. */
function image(files: Readonly<Record<string, number | string>>): ReadonlyMap<string, ImageFile> {
  return new Map(
    Object.entries(files).map(([path, what]): [string, ImageFile] => {
      const owned = { path, uid: 0, gid: 0, size: 1, layer: 0 };
      return typeof what === "string"
        ? [path, { ...owned, type: "symlink", mode: 0o777, linkTarget: what }]
        : [path, { ...owned, type: path.endsWith("/") ? "directory" : "file", mode: what }];
    }),
  );
}

test("programs are found along PATH, through links of files and folders", () => {
  const files = image({
    "/bin": "usr/bin",
    "/usr/bin/busybox": 0o755,
    "/usr/bin/ash": "busybox",
    "/usr/bin/notes": 0o644,
    "/usr/bin/bash": "/opt/missing/bash",
    "/opt/tool": 0o755,
    "/usr/bin/ring": "ring",
  });
  const names = ["ash", "bash", "notes", "tool", "/opt/tool", "ring", "none"];
  expect(Object.fromEntries(programsAmong(files, names, "/bin:relative:/sbin"))).toEqual({
    ash: "/bin/ash",
    bash: undefined,
    notes: undefined,
    tool: undefined,
    "/opt/tool": "/opt/tool",
    ring: undefined,
    none: undefined,
  });
  expect(programsAmong(files, ["busybox"], undefined).get("busybox")).toBe("/usr/bin/busybox");
});
