import { record, wrongKind, type Check } from "../../values/argument.ts";

/** What a build works on; which of them it is, is decided where the context is read. */
const context: Check = (value) => {
  if (typeof value === "string") return;
  const isObject = typeof value === "object" && value !== null;
  if (isObject && ["tar", "files", "remote"].some((kind) => kind in value)) return;
  throw wrongKind("context", 'a folder such as ".", { tar }, { files }, { remote } or "none"', value);
};

/** Takes the options of a build, and of what else reads a Dockerfile. */
export const buildOptions: Check = record("options", '{ context: "." }', { context });
