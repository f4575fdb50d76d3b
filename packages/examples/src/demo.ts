/** `npm run demo`: drives a real engine through the main jobs, and leaves nothing behind, on Ctrl-C neither. */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { Docker, renderProgress, type Container, type Image } from "docker-engine-sdk";
import { label, obtainEngine } from "test-support/engine";
import { buildNodeBase } from "test-support/node-base";
import { printLayers } from "./demo/layers.ts";
import { lintDemo } from "./demo/lint.ts";
import { writeApplication } from "./demo/node-application.ts";
import { sources } from "./demo/sources.ts";

const labels = { [label]: "demo" };
const name = "docker-engine-sdk-demo";

const interruption = new AbortController();

try {
  say("Linting three Dockerfiles, which needs no engine");
  lintDemo();
  await demo();
} catch (error) {
  if (interruption.signal.aborted) process.exitCode = 130;
  else {
    console.error(`\nThe demo failed: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}

async function demo(): Promise<void> {
  await using engine = await obtainEngine({ registry: true, labelled: "demo" });
  await using remover = new Docker({ host: engine.host });
  const docker = new Docker({ host: engine.host });
  const folder = await mkdtemp(join(tmpdir(), `${name}-`));
  const jobs = runJobs(docker, folder, engine.registry);
  try {
    await Promise.race([jobs, rejectOnInterrupt()]);
  } finally {
    // Cuts off what an interrupted job is at; it then removes its own files, and no other one begins.
    await docker[Symbol.asyncDispose]();
    await jobs.catch(() => undefined);
    await removeAll(remover);
    await rm(folder, { recursive: true, force: true });
  }
}

async function rejectOnInterrupt(): Promise<never> {
  // One Ctrl-C comes several times: from the terminal, from npm and from tsx. The listener that stays takes the others.
  process.on("SIGINT", () => undefined);
  await once(process, "SIGINT");
  console.error("\nInterrupted; what it made is being removed.");
  interruption.abort();
  throw interruption.signal.reason;
}

async function runJobs(docker: Docker, folder: string, registry: string | undefined): Promise<void> {
  const { Version, ApiVersion } = await docker.system.version();
  say(
    `Docker Engine ${Version} at ${docker.host}; speaking API ${await docker.apiVersion()} of ${ApiVersion}`,
  );

  const image = await build(docker, folder);
  await printLayers(image);
  await runAttached(docker, image);
  const committed = await liveWith(docker, image, folder);
  await saveAndLoad(docker, committed, folder);
  if (registry !== undefined) await pushAndPull(docker, committed, `${registry}/${name}:latest`);
  await fixAndVerify(docker);
  say("All of it worked; what it made is being removed.");
}

async function build(docker: Docker, folder: string): Promise<Image> {
  say("Building a multi-stage image from a folder; BuildKit asks for a secret when a step wants it");
  for (const [file, content] of Object.entries(sources)) await writeFile(join(folder, file), content);
  const secret = randomBytes(20).toString("hex");
  const image = await renderProgress(
    docker.images.build({ context: folder, tags: [name], labels, secrets: { token: { value: secret } } }),
  );
  const { stdout } = await docker.containers.run({
    image: image.id,
    command: ["cat", "/app/manifest"],
    labels,
  });
  const length = /token: (\d+)/.exec(stdout)?.[1];
  const saved = Buffer.from(await (await image.save()).bytes());
  console.log(
    `the step saw ${length} characters of the secret; the image holds it: ${saved.includes(secret)}`,
  );
  return image;
}

async function runAttached(docker: Docker, image: Image): Promise<void> {
  say("Running it with its streams attached; what is written to its stdin comes back in capitals");
  const shout = docker.containers.run({
    image: image.id,
    command: ["tr", "a-z", "A-Z"],
    input: "hello from the node process\n",
    labels,
  });
  for await (const { stream, data } of shout) process[stream].write(data);
  console.log(`exit code ${(await shout).exitCode}`);
}

async function liveWith(docker: Docker, image: Image, folder: string): Promise<Image> {
  say("Following the log of a container");
  const container = await docker.containers.create({
    Image: image.id,
    Labels: labels,
    HostConfig: { Init: true },
  });
  await container.start();
  for await (const line of container.logs({ follow: true, timestamps: true }).lines()) {
    console.log(`${line.timestamp} ${line.text}`);
    if (line.text === "ready") break; // it runs on; the stream is closed
  }

  say("Running further processes in it");
  const { stdout } = await container.exec(["cat", "/app/manifest"]);
  console.log(stdout.trim());
  const { exitCode } = await container.exec(["sh", "-c", "exit 3"], { check: false });
  console.log(`another one ended with code ${exitCode}`);

  await copyInAndOut(container, folder);

  say("Committing the container");
  const committed = await container.commit({ reference: `${name}:committed`, comment: "made by the demo" });
  console.log(committed.id);
  await container.remove({ force: true });
  return committed;
}

async function copyInAndOut(container: Container, folder: string): Promise<void> {
  say("Copying a file in, changing it there, copying it out");
  const note = join(folder, "note.txt");
  await writeFile(note, "written outside\n");
  await container.copyIn(note, "/app");
  await container.exec(["sh", "-c", "echo and changed inside >> /app/note.txt"]);
  await container.copyOut("/app/note.txt", join(folder, "back"));
  console.log((await readFile(join(folder, "back", "note.txt"), "utf8")).trim());
}

async function saveAndLoad(docker: Docker, image: Image, folder: string): Promise<void> {
  say("Saving the image to a file and loading it back");
  const file = join(folder, "image.tar");
  await pipeline(await image.save(), createWriteStream(file));
  console.log(`${(await stat(file)).size} bytes`);
  const loaded = await renderProgress(docker.images.load(createReadStream(file)));
  console.log(loaded.map(({ id }) => id).join("\n"));
}

async function pushAndPull(docker: Docker, image: Image, reference: string): Promise<void> {
  say(`Pushing it to the registry as ${reference}, and pulling it back`);
  await image.tag(reference);
  const remote = docker.images.get(reference);
  await renderProgress(remote.push());
  await remote.remove();
  await renderProgress(docker.images.pull(reference));
  console.log((await remote.inspect()).RepoDigests?.join("\n"));
}

/** What dflint would change, each change tried on the engine: the image has to stay what it is. */
async function fixAndVerify(docker: Docker): Promise<void> {
  say("Fixing the Dockerfile of a Node application, and proving each fix: dflint fix --verify");
  const base = `${name}/node:20`;
  const folder = await mkdtemp(join(tmpdir(), `${name}-`));
  try {
    await buildNodeBase((context, text) =>
      docker.images.build({ context, dockerfile: { text }, tags: [base], labels }),
    );
    await writeApplication(folder, base);
    const before = await readFile(join(folder, "Dockerfile"), "utf8");
    const program = fileURLToPath(new URL("../../lint/dist/cli.mjs", import.meta.url));
    const args = [program, "fix", "--verify", "--quiet", "--host", docker.host, "Dockerfile"];
    const dflint = spawn(process.execPath, args, {
      cwd: folder,
      stdio: ["ignore", process.stdout, process.stdout],
    });
    const [exitCode] = (await once(dflint, "close")) as [number]; // ended by no signal, or null
    const after = await readFile(join(folder, "Dockerfile"), "utf8");
    console.log(`exit code ${exitCode}; from\n\n${before}\nto\n\n${after}`);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function removeAll(docker: Docker): Promise<void> {
  const filters = { label: `${label}=demo` };
  for (const { Id } of await docker.containers.list({ all: true, filters })) {
    await docker.containers.get(Id).remove({ force: true });
  }
  for (const { Id } of await docker.images.list({ all: true, filters })) {
    // Children go before their parents; a later round finds what is left.
    await docker.images
      .get(Id)
      .remove({ force: true })
      .catch(() => undefined);
  }
}

/** Says what the next job is. */
function say(text: string): void {
  interruption.signal.throwIfAborted();
  console.log(`\n── ${text}`);
}
