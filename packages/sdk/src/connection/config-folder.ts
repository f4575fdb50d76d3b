import { homedir } from "node:os";
import { join } from "node:path";

/** The environment variables that this library reads. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The folder of the docker CLI's configuration. */
export function configFolder(env: Environment): string {
  return nonEmpty(env["DOCKER_CONFIG"]) ?? join(nonEmpty(env["HOME"]) ?? homedir(), ".docker");
}

/** A variable that is set to nothing counts as not set. */
export function nonEmpty(value: string | undefined): string | undefined {
  return value === "" ? undefined : value;
}
