import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { appendFileSync, mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { chmod, mkdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import {
  BuildError,
  ContextError,
  Docker,
  ProtocolError,
  type BuildOptions,
  type Image,
} from "docker-engine-sdk";
import { proxyTo } from "test-support/engine-proxy";
import { engine, label } from "test-support/engine-under-test";
import { rejection } from "test-support/rejection";
import { removedAfter } from "test-support/removed-after";
import { tempDir, type TempDir } from "test-support/temp-dir";

const docker = new Docker({ host: engine.host, credentials: {} });
const labels = { [label]: "buildkit-stress-context" };
const dockerfile = { text: `FROM ${engine.image}\nCOPY . /context/\n` };
const run = promisify(execFile);

async function folderWith(files: Readonly<Record<string, string | Uint8Array>>): Promise<TempDir> {
  const folder = await tempDir();
  for (const [name, content] of Object.entries(files)) {
    await mkdir(folder.join(name, ".."), { recursive: true });
    await writeFile(folder.join(name), content);
  }
  return folder;
}

async function built(
  options: Partial<BuildOptions> & Pick<BuildOptions, "context">,
  client = docker,
): Promise<Image & AsyncDisposable> {
  const build = client.images.build({ builder: "buildkit", dockerfile, labels, ...options });
  return removedAfter(docker.images.get((await build).id));
}

async function output(image: Image, script: string): Promise<string> {
  const command = ["sh", "-c", script];
  return (await docker.containers.run({ image: image.id, command, labels })).stdout;
}

async function names(image: Image, path = "/context"): Promise<string[]> {
  const text = await output(image, `cd ${path}; find . -mindepth 1 -print0`);
  return text
    .split("\0")
    .filter((name) => name !== "")
    .toSorted();
}

describe.concurrent("what changes between being listed and being sent", () => {
  // A file of up to 64 KiB is read at once, others piece by piece.
  const sizes = { small: 1000, big: 1_000_000 };
  const changes: Readonly<Record<string, (path: string) => void>> = {
    vanishes: (path) => rmSync(path),
    shrinks: (path) => truncateSync(path, 10),
    grows: (path) => appendFileSync(path, "more"),
    "becomes a folder": (path) => {
      rmSync(path);
      mkdirSync(path);
    },
    "becomes a symlink": (path) => {
      rmSync(path);
      symlinkSync("/etc/hostname", path);
    },
    "becomes a FIFO": (path) => {
      rmSync(path);
      void execFile("mkfifo", [path]);
      // Synchronously: the engine asks for the file as soon as it hears of it.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
    },
  };

  test.each(
    Object.keys(changes).flatMap((change) => Object.keys(sizes).map((size) => [size, change] as const)),
  )("a %s file that %s is told by name, and no image is made", async (size, change) => {
    const name = `changing-${randomBytes(8).toString("hex")}`;
    await using folder = await folderWith({
      [name]: randomBytes(sizes[size as keyof typeof sizes]),
      other: "1",
    });
    const path = folder.join(name);
    let isChanged = false;
    // The client has looked at the file when its name leaves; the engine has not heard of it.
    await using proxy = await proxyTo(engine.host, Infinity, (piece, from) => {
      if (isChanged || from !== "client" || !piece.includes(name)) return;
      isChanged = true;
      changes[change]?.(path);
    });
    await using client = new Docker({ host: proxy.host, credentials: {} });
    // Not of the same name: it is sent before the folder is read.
    const tag = `stress-${randomBytes(8).toString("hex")}:1`;
    const error = await rejection(built({ context: folder.path, tags: tag }, client));
    expect(error).toBeInstanceOf(ContextError);
    expect(error).toMatchObject({ path, code: "CONTEXT" });
    expect(String(error)).toContain(path);
    expect(await docker.images.exists(tag)).toBe(false);
  });

  test.each([
    ["shrinks", (path: string) => truncateSync(path, 1000)],
    ["grows", (path: string) => appendFileSync(path, "more")],
    ["is written to", (path: string) => writeFileSync(path, "1", { flag: "r+" })],
  ])("a file that %s while it is being sent", async (_, change) => {
    const mark = randomBytes(16);
    const big = Buffer.alloc(40_000_000);
    mark.copy(big);
    await using folder = await folderWith({ big });
    const path = folder.join("big");
    let isChanged = false;
    await using proxy = await proxyTo(engine.host, Infinity, (piece, from) => {
      if (isChanged || from !== "client" || !piece.includes(mark)) return;
      isChanged = true;
      change(path);
    });
    await using client = new Docker({ host: proxy.host, credentials: {} });
    const error = await rejection(built({ context: folder.path }, client));
    expect(error).toBeInstanceOf(ContextError);
    expect(error).toMatchObject({ path });
  });
});

describe.concurrent("names", () => {
  test("of all lengths and characters arrive", async () => {
    const long = ["n".repeat(255), "한".repeat(85), "😀".repeat(63)];
    const odd = [
      "new\nline",
      "\n",
      "tab\t",
      " blank ",
      "back\\slash",
      '"quotes"',
      "-rf",
      "...",
      "a,b, c",
      "*?[x]",
    ];
    const odder = [
      "\u200b",
      "\u202egnp",
      "e\u0301",
      "\u00e9",
      "\ufffd",
      "\u0001",
      "\u007f",
      "~",
      "$HOME",
      "%41",
    ];
    const files = Object.fromEntries([...long, ...odd, ...odder].map((name) => [name, name]));
    await using folder = await folderWith(files);
    await using image = await built({ context: folder.path });
    const found = (await names(image)).map((name) => name.slice(2));
    expect(found).toEqual(Object.keys(files).toSorted());
  });

  test("that are no UTF-8 arrive, or are named where the engine takes none", async () => {
    await using folder = await folderWith({ a: "1" });
    await run("sh", ["-c", `echo x > "$(printf 'not\\377utf8')"`], { cwd: folder.path });
    const building = built({ context: folder.path });
    if (engine.version.startsWith("28.")) {
      const error = await rejection(building);
      expect(error).toBeInstanceOf(ContextError);
      expect(error).toMatchObject({ message: expect.stringMatching(/not.*utf8.*not UTF-8/) });
    } else {
      await using image = await building;
      expect(await output(image, `cd /context; cat "$(printf 'not\\377utf8')"`)).toBe("x\n");
    }
    // What is left behind does not matter.
    await writeFile(folder.join(".dockerignore"), "not*\n");
    await using image = await built({ context: folder.path });
    expect(await names(image)).toEqual(["./.dockerignore", "./a"]);
  });

  test("of deep folders arrive, and are told where they are deeper than the system can read", async () => {
    await using folder = await tempDir();
    const part = "d".repeat(190);
    const deep = (levels: number): string => Array.from({ length: levels }, () => part).join("/");
    await mkdir(folder.join("a", deep(19)), { recursive: true });
    await writeFile(folder.join("a", deep(19), "leaf"), "1");
    await using image = await built({ context: folder.path });
    expect((await names(image)).at(-1)).toBe(`./a/${deep(19)}/leaf`);

    await mkdir(folder.join("b", deep(10)), { recursive: true });
    await rename(folder.join("b"), folder.join("a", deep(19), "b"));
    const error = await rejection(built({ context: folder.path }));
    // Nor could it be deleted.
    await rename(folder.join("a", deep(19), "b"), folder.join("b"));
    expect(error).toBeInstanceOf(ContextError);
    expect(error).toMatchObject({ message: expect.stringContaining("longer than the system can read") });
  });
});

describe.concurrent("what is neither file nor folder", () => {
  test("symlinks arrive as they are, also those that go in circles; through those nothing is copied", async () => {
    await using folder = await folderWith({ "d/file": "1" });
    const links = {
      self: "self",
      a: "b",
      b: "a",
      "d/up": "..",
      "d/here": ".",
      out: "../../../../etc/passwd",
    };
    for (const [name, target] of Object.entries(links)) await symlink(target, folder.join(name));
    await using image = await built({ context: folder.path });
    for (const [name, target] of Object.entries(links)) {
      expect(await output(image, `readlink /context/${name}`)).toBe(`${target}\n`);
    }
    const copying = (source: string): Promise<Image & AsyncDisposable> =>
      built({
        context: folder.path,
        dockerfile: { text: `FROM ${engine.image}\nCOPY ${source} /context/\n` },
      });
    // Engines before 27 do not find their way through a link to the context itself.
    const way = engine.version.startsWith("28.") ? "d/up/d/here/up/d/file" : "d/here/here/file";
    await using through = await copying(way);
    expect(await output(through, "cat /context/file")).toBe("1");
    for (const circle of ["self", "a", "a/x"])
      expect(await rejection(copying(circle))).toBeInstanceOf(BuildError);
    // Nothing outside of the context is ever sent.
    expect(await rejection(copying("out"))).toBeInstanceOf(BuildError);
  });

  test("sockets stay behind; FIFOs arrive, and are not waited for", async () => {
    await using folder = await folderWith({ file: "1" });
    await run("mkfifo", [folder.join("fifo")]);
    await using server = createServer().listen(folder.join("socket"));
    await using image = await built({ context: folder.path });
    expect(server.listening).toBe(true);
    // Engines before 23 leave FIFOs out.
    const isOld = engine.version.startsWith("20.");
    expect(await names(image)).toEqual(isOld ? ["./file"] : ["./fifo", "./file"]);
    if (!isOld) await output(image, "test -p /context/fifo");
  });
});

test("more names in COPY than fit into a call are told to be too many", async () => {
  const names = Array.from({ length: 1500 }, (_, index) => `${"n".repeat(200)}-${index}`);
  const copies = Array.from({ length: 5 }, (_, part) => names.slice(part * 300, (part + 1) * 300));
  await using folder = await folderWith(Object.fromEntries(names.map((name) => [name, ""])));
  const lines = copies.map((part) => `COPY ${part.join(" ")} /context/\n`).join("");
  const text = `FROM ${engine.image}\n${lines}`;
  const error = await rejection(built({ context: folder.path, dockerfile: { text } }));
  expect(error).toBeInstanceOf(ProtocolError);
  expect(error).toMatchObject({ message: expect.stringMatching(/more names than fit/) });
  await using image = await built({ context: folder.path });
  expect(await output(image, "ls /context | wc -l")).toBe("1500\n");
});

test("what may not be read is told by name where it is needed, and does not matter elsewhere", async () => {
  await using folder = await tempDir();
  const all = "COPY . /context/\n";
  const one = "COPY file /context/\n";
  const long = "x\n".repeat(20_000);
  const cases: readonly [name: string, content: string | undefined, ignore: string, instructions: string][] =
    [
      ["locked", "a file", "", all],
      ["locked", undefined, "", all],
      [".dockerignore", "x\n", "", all],
      [".dockerignore", long, "", all],
      ["locked", "a file", "", one],
      ["locked", undefined, "", one],
      ["locked", "a file", "locked\n", all],
      ["locked", undefined, "locked\n", all],
    ];
  const contexts = await Promise.all(
    cases.map(async ([name, content, ignore], index) => {
      const context = folder.join(String(index));
      await mkdir(context);
      await writeFile(`${context}/file`, "1");
      if (ignore !== "") await writeFile(`${context}/.dockerignore`, ignore);
      if (content === undefined) await mkdir(`${context}/${name}`);
      else await writeFile(`${context}/${name}`, content);
      await chmod(`${context}/${name}`, 0);
      return context;
    }),
  );
  const program = fileURLToPath(new URL("./buildkit-stress-unprivileged-program.ts", import.meta.url));
  const builds = cases.map(([, , , instructions], index) => ({
    context: contexts[index],
    text: `FROM ${engine.image}\n${instructions}`,
  }));
  // Even root may then read only what its user may.
  const unprivileged = ["--bounding-set", "-dac_override,-dac_read_search", process.execPath];
  const args = ["--import", "tsx", "-C", "source", program, engine.host, label, JSON.stringify(builds)];
  const { stdout } = await run("setpriv", [...unprivileged, ...args]);
  const refused = cases.slice(0, 4).map(([name], index) => ({
    code: "CONTEXT",
    path: `${contexts[index]}/${name}`,
    message: expect.stringMatching(/no permission to read it/),
  }));
  const fine = cases.slice(4).map(() => ({ image: expect.stringMatching(/^sha256:/) }));
  const outcomes = JSON.parse(stdout) as { readonly image?: string }[]; // the program says so
  const ids = new Set(outcomes.flatMap(({ image }) => image ?? []));
  await Promise.all(Array.from(ids, (id) => docker.images.get(id).remove({ force: true })));
  expect(outcomes).toEqual([...refused, ...fine]);
});

describe.concurrent("a long .dockerignore", () => {
  /** 1 MB. Sent as they are, patterns of more than 130 kB would end the session. */
  const many = Array.from(
    { length: 12_000 },
    (_, index) => `no/such/${"folder/".repeat(10)}of/the/context/${index}\n`,
  ).join("");

  test("of 1 MB works as a short one does, with each change of it", async () => {
    await using folder = await folderWith({ a: "1", b: "1", "c/d": "1", "c/e": "1", ünï: "1" });
    const files = async (ignore: string): Promise<string[]> => {
      await writeFile(folder.join(".dockerignore"), ignore);
      await using image = await built({ context: folder.path });
      return (await names(image)).map((name) => name.slice(2));
    };
    expect(await files(`${many}a\nc\n!c/e\n.dockerignore\nü*\n`)).toEqual(["b", "c", "c/e"]);
    expect(await files(`${many}a\nc\n!c/d\n.dockerignore\nü*\n`)).toEqual(["b", "c", "c/d"]);
    expect(await files("a\nc\n!c/e\n.dockerignore\nü*\n")).toEqual(["b", "c", "c/e"]);
    expect(await files(`${"# comment\n".repeat(100_000)}c\nü*\n`)).toEqual([".dockerignore", "a", "b"]);
    expect(await files(`*\n${many.replaceAll("no/", "!no/")}!ünï\n`)).toEqual(["ünï"]);
    // Itself it arrives whole.
    await writeFile(folder.join(".dockerignore"), `${many}a\n`);
    await using image = await built({
      context: folder.path,
      dockerfile: { text: `FROM ${engine.image}\nCOPY .dockerignore /\n` },
    });
    expect(await output(image, "wc -c < /.dockerignore")).toBe(`${many.length + 2}\n`);
  });

  test("that belongs to the Dockerfile wins", async () => {
    await using folder = await folderWith({
      Dockerfile: dockerfile.text,
      "Dockerfile.dockerignore": `${many}a\nDockerfile*\n.dockerignore\n`,
      ".dockerignore": "*\n",
      a: "1",
      b: "1",
    });
    await using image = await built({ context: folder.path, dockerfile: "Dockerfile" });
    expect(await names(image)).toEqual(["./b"]);
    await writeFile(folder.join(".dockerignore"), `${many}b\n`);
    await writeFile(folder.join("Dockerfile.dockerignore"), "a\nDockerfile*\n.dockerignore\n");
    await using other = await built({ context: folder.path, dockerfile: "Dockerfile" });
    expect(await names(other)).toEqual(["./b"]);
  });

  test("with a line that no client takes is refused", async () => {
    await using folder = await folderWith({ ".dockerignore": `a\n${"x".repeat(1_000_000)}\n`, a: "1" });
    const error = await rejection(built({ context: folder.path }));
    expect(error).toBeInstanceOf(ContextError);
    expect(error).toMatchObject({
      path: folder.join(".dockerignore"),
      message: expect.stringMatching(/line 2/),
    });
    await rm(folder.join(".dockerignore"));
    await using image = await built({ context: folder.path });
    expect(await names(image)).toEqual(["./a"]);
  });
});
