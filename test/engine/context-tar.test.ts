import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";
import { packContext } from "../../packages/sdk/src/build-context/folder-context.ts";
import { routes, startFakeEngine } from "test-support/fake-engine";
import { hostileTree } from "test-support/hostile-tree";
import { tarEntries, type TarEntry } from "test-support/tar-entries";
import { tempDir, type TempDir } from "test-support/temp-dir";
import { describe, expect, it } from "vitest";

interface Sent {
  readonly tar: Buffer;
  readonly dockerfile: string;
}

/** What the docker CLI sends with the classic builder, and the Dockerfile's name it asks for. */
async function sentByCli(directory: string, ...options: string[]): Promise<Sent> {
  await using config = await tempDir();
  let tar: Buffer = Buffer.alloc(0);
  await using engine = await startFakeEngine(
    routes({
      async "POST /build"(exchange) {
        tar = await exchange.body();
        exchange.json(200, { stream: "Successfully built 0123456789ab\n" });
      },
    }),
  );
  await promisify(execFile)("docker", ["-H", engine.host, "build", ...options, directory], {
    env: { ...process.env, DOCKER_BUILDKIT: "0", DOCKER_CONFIG: config.path, DOCKER_CONTEXT: "" },
  });
  const build = engine.calls.find(({ path }) => path === "/build");
  return { tar, dockerfile: build?.query.get("dockerfile") ?? "" };
}

async function sentByUs(directory: string, dockerfile?: string): Promise<Sent> {
  const packed = await packContext({ directory, dockerfile });
  return { tar: await buffer(packed.stream), dockerfile: packed.dockerfile };
}

/** What is compared of two tars: every header, for a difference that can be read, and all bytes. */
interface Described {
  readonly entries: readonly (Omit<TarEntry, "content"> & { readonly content: string })[];
  readonly dockerfile: string;
  readonly tar: string;
}

async function described({ tar, dockerfile }: Sent): Promise<Described> {
  const entries = (await tarEntries(tar)).map((entry) => ({ ...entry, content: digest(entry.content) }));
  return { entries, dockerfile, tar: digest(tar) };
}

function digest(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

async function packBoth(
  directory: string,
  options: string[] = [],
  dockerfile?: string,
): Promise<{ cli: Described; ours: Described }> {
  const cli = await described(await sentByCli(directory, ...options));
  return { cli, ours: await described(await sentByUs(directory, dockerfile)) };
}

async function writeTree(folder: TempDir, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(folder.join(path, ".."), { recursive: true });
    await writeFile(folder.join(path), content);
  }
}

/** The entries without what is random or the time of the call: the CLI adds both files in the order of a Go map. */
async function comparable(tar: Buffer, dockerfile: string): Promise<unknown[]> {
  const entries = (await tarEntries(tar)).map((entry) => {
    const isAdded = entry.name === dockerfile || entry.mode === 0o600;
    const content = entry.content.toString().replaceAll(dockerfile, "RANDOM");
    const name = entry.name.replace(dockerfile, "RANDOM");
    // The CLI adds its two files in random order.
    return { ...entry, name, content, ...(isAdded ? { mtime: 0, pax: null, byteOffset: 0 } : {}) };
  });
  const last = entries.splice(-2).sort((a, b) => (a.name < b.name ? -1 : 1));
  return [...entries, ...last];
}

describe("a context's tar equals the docker CLI's", () => {
  it("for a tree of everything that is hard to pack", async () => {
    await using tree = await hostileTree();
    const { ours, cli } = await packBoth(tree.path);
    expect(ours).toEqual(cli);
    expect(ours.entries.length).toBeGreaterThan(350);
    expect(ours.entries.map(({ type }) => type)).toEqual(
      expect.arrayContaining(["file", "directory", "link", "symlink", "fifo"]),
    );
  });

  it("for that tree, most of it ignored", async () => {
    await using tree = await hostileTree();
    await writeFile(`${tree.path}/.dockerignore`, "*\n!sub/deeper/1*\n!folder?\n!😀\nsub/deeper/?0\n");
    const { ours, cli } = await packBoth(tree.path);
    expect(ours).toEqual(cli);
    expect(ours.entries.length).toBeGreaterThan(100);
    expect(ours.entries.map(({ name }) => name)).toContain("Dockerfile");
  });

  const tree = {
    Dockerfile: "FROM scratch\n",
    "docker/other.Dockerfile": "FROM scratch\n",
    "a/b/c.md": "c",
    "a/b.md": "b",
    "keep/x": "x",
    "keep.txt": "k",
    "node_modules/m/index.js": "m",
  };
  it.each([
    ["nothing ignored", ""],
    ["exceptions below an ignored folder", "a\n!a/b/c.md\nnode_modules\n"],
    ["a wildcard exception", "*\n!**/*.md\n"],
    ["everything ignored", "**\n"],
    [".dockerignore and Dockerfile ignored by name", ".dockerignore\nDockerfile\n"],
    ["folders only by wildcard", "*/*\n!keep\n"],
    ["the file with BOM, CRLF and blanks", "\ufeff  a  \r\n# comment\r\n\r\n !a/b \r\n"],
  ])("with %s", async (_, ignore) => {
    await using folder = await tempDir();
    await writeTree(folder, { ...tree, ".dockerignore": ignore });
    const { ours, cli } = await packBoth(folder.path);
    expect(ours).toEqual(cli);
  });

  it("with another Dockerfile in an ignored folder", async () => {
    await using folder = await tempDir();
    await writeTree(folder, { ...tree, ".dockerignore": "docker\n*.txt\n" });
    const { ours, cli } = await packBoth(
      folder.path,
      ["-f", folder.join("docker/other.Dockerfile")],
      "docker/other.Dockerfile",
    );
    expect(ours).toEqual(cli);
  });

  it("without a Dockerfile but with a dockerfile", async () => {
    await using folder = await tempDir();
    const { Dockerfile: text, ...others } = tree;
    await writeTree(folder, { ...others, dockerfile: text });
    const { ours, cli } = await packBoth(folder.path);
    expect(ours).toEqual(cli);
  });

  it("for an empty folder but for the Dockerfile, reached by a symlink", async () => {
    await using folder = await tempDir();
    await writeTree(folder, { "real/Dockerfile": "FROM scratch\n" });
    await promisify(execFile)("ln", ["-s", "real", folder.join("link")]);
    const { ours, cli } = await packBoth(folder.join("link"));
    expect(ours).toEqual(cli);
  });

  it.each([
    ["and a .dockerignore", { ".dockerignore": "keep\n*.md" }],
    ["and no .dockerignore", {}],
    ["and everything ignored", { ".dockerignore": "*\n" }],
  ])("with a Dockerfile outside %s", async (_, more) => {
    await using folder = await tempDir();
    await writeTree(folder, { "outside.Dockerfile": "FROM scratch\n# outside\n" });
    for (const [path, content] of Object.entries({ ...tree, ...more })) {
      await writeTree(folder, { [`context/${path}`]: content });
    }
    await rm(folder.join("context/Dockerfile"));
    const cli = await sentByCli(folder.join("context"), "-f", folder.join("outside.Dockerfile"));
    const ours = await sentByUs(folder.join("context"), "../outside.Dockerfile");

    expect(ours.dockerfile).toMatch(/^\.dockerfile\.[0-9a-f]{20}$/);
    // This CLI leaves such a tar without its last padding and end.
    const whole = Buffer.concat([cli.tar, Buffer.alloc(1024 + 512 - (cli.tar.length % 512))]);
    expect(await comparable(ours.tar, ours.dockerfile)).toEqual(await comparable(whole, cli.dockerfile));
  });

  it("or is refused like there, for random ignore files", async () => {
    await using folder = await tempDir();
    const names =
      "Dockerfile a b.md ab * [x] a] d/a d/b.md d/e/f.md d/e/7 d-x d.x/é 한글/글 \\x !x #x ? a^b (x) x/y/w.md";
    await writeTree(folder, Object.fromEntries(names.split(" ").map((name) => [name, name])));
    const bits =
      "* ** ? / a b d e x .md [^a] [!a] [a-e] [*] \\* \\d \\y [\\]a] [b-a] [ ^ ! é 글 ( .. // **/ /** [a-] #".split(
        " ",
      );
    for (let index = 0; index < 80; index++) {
      const lines = Array.from({ length: 1 + (index % 3) }, (_, line) => {
        // Any numbers will do, as long as they are the same in every run.
        const hash = createHash("sha256").update(`${index}/${line}`).digest();
        const chosen = [...hash.subarray(1, 2 + ((hash[0] ?? 0) % 4))].map(
          (byte) => bits[byte % bits.length],
        );
        return (line > 0 && (hash[31] ?? 0) % 2 === 0 ? "!" : "") + chosen.join("");
      });
      await writeFile(folder.join(".dockerignore"), lines.join("\n"));
      const [cli, ours] = await Promise.all([
        sentByCli(folder.path).then(described, () => "refused"),
        sentByUs(folder.path).then(described, () => "refused"),
      ]);
      expect(ours, `for ${JSON.stringify(lines)}`).toEqual(cli);
    }
  });
});
