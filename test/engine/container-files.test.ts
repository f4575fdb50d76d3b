/** What a container's filesystem holds, and builds whose Dockerfile brings ignore patterns of its own. */
import { mkdir, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Docker, type ContainerFile } from "docker-engine-sdk";
import { engine, label } from "test-support/engine-under-test";
import { removedAfter } from "test-support/removed-after";
import { tempDir } from "test-support/temp-dir";

const labels = { [label]: "container-files" };

let docker: Docker;
beforeAll(() => {
  docker = new Docker({ host: engine.host });
});
afterAll(() => docker[Symbol.asyncDispose]());

async function filesOf(image: string): Promise<ReadonlyMap<string, ContainerFile>> {
  await using container = removedAfter(
    await docker.containers.create({ Image: image, Cmd: ["never-started"], Labels: labels }),
  );
  const files = new Map<string, ContainerFile>();
  for await (const file of container.files()) files.set(file.path, file);
  return files;
}

test("a container that was never started tells its files, links and modes, and hashes what is in them", async () => {
  const text = `FROM ${engine.image}
RUN mkdir /x && echo hello > /x/a && ln /x/a /x/b && ln -s a /x/c && chown 7:8 /x/a && chmod 4750 /x/a && mkfifo /x/f
`;
  await using image = removedAfter(
    await docker.images.build({ context: "none", dockerfile: { text }, labels }),
  );
  const files = await filesOf(image.id);
  expect(files.get("/x")).toMatchObject({ type: "directory", mode: 0o755, size: 0 });
  expect(files.get("/x/a")).toMatchObject({
    type: "file",
    mode: 0o4750,
    uid: 7,
    gid: 8,
    size: 6,
    digest: "sha256:5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03",
  });
  expect(files.get("/x/b")).toMatchObject({ hardLinkTo: "/x/a" });
  expect(files.get("/x/c")).toMatchObject({ type: "symlink", linkTarget: "a" });
  expect(files.get("/x/f")).toMatchObject({ type: "fifo" });
  expect(files.get("/bin")).toMatchObject({ type: "directory" });
  expect(files.has("/")).toBe(false);
});

test("leaving the files early leaves the container to be removed", async () => {
  const container = await docker.containers.create({ Image: engine.image, Labels: labels });
  for await (const { path } of container.files()) {
    expect(path).toMatch(/^\//);
    break;
  }
  await container.remove();
});

describe.each(["buildkit", "classic"] as const)("a Dockerfile with ignore patterns, by %s", (builder) => {
  test("has them instead of the folder's own", async () => {
    await using folder = await tempDir();
    await mkdir(folder.join("context"));
    for (const name of ["one", "two"]) await writeFile(folder.join("context", name), name);
    await writeFile(folder.join("context", ".dockerignore"), "one\n.dockerignore\n");
    const context = folder.join("context");
    const dockerfile = { text: "FROM scratch\nCOPY . /x\n" };
    await using own = removedAfter(await docker.images.build({ context, dockerfile, labels, builder }));
    await using other = removedAfter(
      await docker.images.build({
        context,
        dockerfile: { ...dockerfile, ignore: "two\n.dockerignore\n" },
        labels,
        builder,
      }),
    );
    const namesIn = async (image: string): Promise<string[]> =>
      [...(await filesOf(image)).keys()].filter((path) => path.startsWith("/x/"));
    expect(await namesIn(own.id)).toEqual(["/x/two"]);
    expect(await namesIn(other.id)).toEqual(["/x/one"]);
  });

  test("is refused where they are malformed", async () => {
    await using folder = await tempDir();
    const dockerfile = { text: "FROM scratch\nCOPY . /x\n", ignore: "[\n" };
    await writeFile(folder.join("a"), "a");
    await expect(
      docker.images.build({ context: folder.path, dockerfile, labels, builder }),
    ).rejects.toThrow();
  });
});
