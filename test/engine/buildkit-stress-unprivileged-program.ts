import { ContextError, Docker } from "docker-engine-sdk";

interface Build {
  readonly context: string;
  /** The Dockerfile's. */
  readonly text: string;
}

/** Does the builds in argv on the engine in argv, and prints what came of them. */
async function main(): Promise<void> {
  const [, , host = "", label = "", builds = ""] = process.argv;
  const docker = new Docker({ host, credentials: {} });
  const outcome = async ({ context, text }: Build, index: number): Promise<object> => {
    // Equal images made at once are in each other's way in containerd's store.
    const labels = { [label]: `buildkit-stress-unprivileged-${index}` };
    try {
      const dockerfile = { text };
      const { id } = await docker.images.build({ builder: "buildkit", context, dockerfile, labels });
      return { image: id };
    } catch (error) {
      if (!(error instanceof ContextError)) return { error: String(error) };
      const { code, path, message } = error;
      return { code, path, message };
    }
  };
  const outcomes = await Promise.all((JSON.parse(builds) as Build[]).map(outcome)); // the test makes it
  process.stdout.write(JSON.stringify(outcomes));
}

void main();
