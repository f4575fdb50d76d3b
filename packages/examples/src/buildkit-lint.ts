/** Ask BuildKit what it thinks of a Dockerfile. Nothing is built or pulled. */
import { Docker, UnsupportedError } from "docker-engine-sdk";

const docker = new Docker();
const text = "FROM busybox as base\nMAINTAINER nobody\n";
try {
  const { warnings } = await docker.buildkit.lint({ context: "none", dockerfile: { text } });
  for (const { rule, detail, ranges } of warnings)
    console.log(`line ${ranges[0]?.start}: ${rule}: ${detail}`);
} catch (error) {
  // Engines before Docker 27 have no such check.
  if (!(error instanceof UnsupportedError)) throw error;
  console.log(`no check: ${error.message}`);
}
