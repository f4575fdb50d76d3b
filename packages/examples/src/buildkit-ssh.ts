/** Lend a private key to a step, e.g. for `git clone` of a private repository: it can sign with it, not read it. */
import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Docker } from "docker-engine-sdk";

const docker = new Docker();
const folder = await mkdtemp(join(tmpdir(), "example-"));
try {
  const key = join(folder, "deploy-key"); // yours is at ~/.ssh/…
  const { privateKey } = generateKeyPairSync("ed25519");
  await writeFile(key, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });

  const text = `FROM busybox
RUN --mount=type=ssh test -S $SSH_AUTH_SOCK && echo "an agent answers here" > /seen
RUN test -z "$SSH_AUTH_SOCK" && echo "and no more in the next step" >> /seen
`;
  const image = await docker.images.build({
    context: "none",
    dockerfile: { text },
    ssh: { default: { keys: key } }, // or true: the agent at SSH_AUTH_SOCK; or { agent: "/path/of/a/socket" }
  });
  const { stdout } = await docker.containers.run({ image, command: ["cat", "/seen"] });
  console.log(stdout.trim());
  await image.remove({ force: true });
} finally {
  await rm(folder, { recursive: true });
}
