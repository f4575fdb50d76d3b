/** Run further processes in a running container, also one to talk to. */
import { Docker } from "docker-engine-sdk";

const docker = new Docker();
const box = await docker.containers.start({ image: "busybox", command: ["sleep", "600"], init: true });
try {
  const { stdout } = await box.exec(["hostname"]);
  console.log(`its name is ${stdout.trim()}`);

  const { exitCode } = await box.exec(["sh", "-c", "exit 3"], { check: false });
  console.log(`exit code ${exitCode}`);

  await using shell = await box.spawn(["sh"], { stdin: true });
  await shell.write("echo $((6 * 7))\n");
  shell.end();
  console.log(`the shell says ${(await shell.output.text()).trim()}`);
} finally {
  await box.remove({ force: true });
}
