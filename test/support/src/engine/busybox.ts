import { readFile } from "node:fs/promises";
import { pack } from "tar-stream";
import { run } from "./command-line.ts";
import { ensurePackages, type Say } from "./debian.ts";
import { engineCall } from "./engine-call.ts";
import { label } from "./state.ts";

/** The image every engine test may count on. */
export const busyboxImage = "busybox:latest";

/** Value of our label on the image, where it was imported into an engine that was found. */
export const busyboxLabel = "busybox";

/** Makes sure the engine has busybox: as it is, pulled, or built from Debian's static binary. */
export async function ensureBusybox(host: string, mayPull: boolean, say: Say): Promise<void> {
  if (await has(host)) return;
  if (mayPull) {
    await engineCall(host, "POST", "/images/create?fromImage=busybox&tag=latest", { timeout: 30_000 }).catch(
      () => "",
    );
    if (await has(host)) return;
    say("busybox cannot be pulled here; importing Debian's");
  }
  await ensurePackages(["busybox-static"], say);
  const changes = ['CMD ["sh"]', "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"];
  // Only on somebody's own engine: what is labelled is what sweep() removes there.
  if (mayPull) changes.push(`LABEL ${label}=${busyboxLabel}`);
  const query = new URLSearchParams({ fromSrc: "-", repo: "busybox", tag: "latest" });
  for (const change of changes) query.append("changes", change);
  const call = { body: await rootFileSystem(), headers: { "Content-Type": "application/x-tar" } };
  const answers: string[] = [];
  // On a busy machine an engine has hung up in the middle, which nobody could tell why (26.1.5).
  while (answers.length < 3) {
    answers.push(await engineCall(host, "POST", `/images/create?${query.toString()}`, call).catch(String));
    if (await has(host)) return;
  }
  throw new Error(`importing busybox failed: ${answers.join("; ")}`);
}

async function has(host: string): Promise<boolean> {
  return engineCall(host, "GET", `/images/${busyboxImage}/json`).then(
    () => true,
    () => false,
  );
}

async function rootFileSystem(): Promise<Buffer> {
  const applets = (await run("/bin/busybox", ["--list"]))
    .split("\n")
    .filter((name) => name !== "" && name !== "busybox");
  const tar = pack();
  for (const name of [
    "bin",
    "dev",
    "etc",
    "home",
    "proc",
    "root",
    "sys",
    "usr",
    "usr/bin",
    "usr/sbin",
    "var",
    "var/tmp",
  ]) {
    tar.entry({ name: `${name}/`, type: "directory", mode: name === "root" ? 0o700 : 0o755 });
  }
  tar.entry({ name: "tmp/", type: "directory", mode: 0o1777 });
  tar.entry({ name: "bin/busybox", mode: 0o755 }, await readFile("/bin/busybox"));
  for (const name of applets)
    tar.entry({ name: `bin/${name}`, type: "link", linkname: "bin/busybox", mode: 0o755 });
  tar.entry(
    { name: "etc/passwd" },
    [
      "root:x:0:0:root:/root:/bin/sh",
      "daemon:x:1:1:daemon:/usr/sbin:/bin/false",
      "www-data:x:33:33:www-data:/var/www:/bin/false",
      "nobody:x:65534:65534:nobody:/home:/bin/false\n",
    ].join("\n"),
  );
  tar.entry(
    { name: "etc/group" },
    ["root:x:0:", "daemon:x:1:", "tty:x:5:", "www-data:x:33:", "users:x:100:", "nogroup:x:65534:\n"].join(
      "\n",
    ),
  );
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
