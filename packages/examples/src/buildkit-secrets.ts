/** Build with secrets: they are sent when a step asks for them, and are in no layer, no history and no log. */
import { Docker } from "docker-engine-sdk";

const docker = new Docker();
const text = `FROM busybox
RUN --mount=type=secret,id=token --mount=type=secret,id=late \\
    cat /run/secrets/token /run/secrets/late | wc -c > /length
`;

const image = await docker.images.build({
  context: "none",
  dockerfile: { text },
  secrets: {
    token: { value: "s3cret" }, // or { file: "/path" }, or { env: "NAME" }
    late: async () => "fetched when the step asks",
  },
});

const { stdout } = await docker.containers.run({ image, command: ["cat", "/length"] });
console.log(`the step saw ${stdout.trim()} characters`);
const history = JSON.stringify(await image.history());
console.log(`history holds the secret: ${history.includes("s3cret")}`);
await image.remove({ force: true });
