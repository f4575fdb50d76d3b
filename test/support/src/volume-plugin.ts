import { randomUUID } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { pack } from "tar-stream";
import { run, succeeds } from "./engine/command-line.ts";
import { ensurePackages } from "./engine/debian.ts";

/** What `volumePlugin` lets be different, e.g. between two versions of one plugin. */
export interface VolumePluginOptions {
  readonly description?: string;
  readonly capabilities?: readonly string[];
}

/**
 * A tar that `plugins.create` takes: a plugin that really runs, made of one static program. It has the setting
 * `REFUSE`; with `REFUSE=1` it refuses to make volumes.
 */
export async function volumePlugin(options: VolumePluginOptions = {}): Promise<Buffer> {
  const config = {
    description: options.description ?? "volumes that only exist by name",
    documentation: "",
    interface: { types: ["docker.volumedriver/1.0"], socket: "volumes.sock" },
    entrypoint: ["/volume-plugin"],
    workdir: "/",
    network: { type: "none" },
    linux: { capabilities: options.capabilities ?? ["CAP_SYS_ADMIN"] },
    env: [{ name: "REFUSE", settable: ["value"], value: "0" }],
  };
  const tar = pack();
  tar.entry({ name: "config.json" }, JSON.stringify(config));
  tar.entry({ name: "rootfs/", type: "directory" });
  // Engines refuse, now and then, files that they have seen already.
  tar.entry({ name: "rootfs/id" }, randomUUID());
  tar.entry({ name: "rootfs/volume-plugin", mode: 0o755 }, await (program ??= compile()));
  tar.finalize();
  return await buffer(tar);
}

let program: Promise<Buffer> | undefined;

async function compile(): Promise<Buffer> {
  if (!(await succeeds("cc", ["--version"]))) await ensurePackages(["gcc", "libc6-dev"]);
  const folder = await mkdtemp(join(tmpdir(), "volume-plugin-"));
  try {
    const program = join(folder, "volume-plugin");
    const source = fileURLToPath(new URL("./volume-plugin.c", import.meta.url));
    await run("cc", ["-static", "-Os", "-o", program, source]);
    return await readFile(program);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
