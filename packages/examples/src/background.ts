/** Start a container that goes on in the background, see where its port is, and stop it. */
import { Docker } from "docker-engine-sdk";

const docker = new Docker();
const web = await docker.containers.start({
  image: "busybox",
  command: ["httpd", "-f", "-p", "80"],
  init: true,
  ports: ["80"], // the engine chooses the port of its machine; "8080:80" would be that one
});
try {
  for (const { container, address, host } of await web.ports()) {
    console.log(`port ${container} is published at ${address}:${host}`);
  }

  const { State } = await web.inspect();
  console.log(`it is ${State.Status}`);

  const { changed } = await web.stop({ timeout: 5 });
  console.log(`stopped now: ${changed}`);
} finally {
  await web.remove({ force: true });
}
console.log(`still there: ${await docker.containers.exists(web)}`);
