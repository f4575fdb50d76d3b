import { registryAuths } from "../../auth/check-auth.ts";
import { text, textOrBytes, textOrTexts, type Check } from "../../values/argument.ts";
import { eachOf, oneOfNames } from "../../values/named-values.ts";
import type { Kinds } from "../../values/options.ts";
import type { BuildOptions } from "./build-options.ts";

const secret = (name: string): Check => {
  const source = oneOfNames(name, "{ file }, { env }, { value } or a function", {
    file: text("file", '"./token"'),
    env: text("env", '"TOKEN"'),
    value: textOrBytes("value"),
  });
  return (value, of) => {
    if (typeof value !== "function") source(value, of);
  };
};

const agent = (name: string): Check => {
  const source = oneOfNames(name, "true, { agent } or { keys }", {
    agent: text("agent", '"/run/agent.sock"'),
    keys: textOrTexts("keys", '"/home/me/.ssh/id_ed25519"'),
  });
  return (value, of) => {
    if (value !== true) source(value, of);
  };
};

/** What a build asks this side for while it runs. */
export const sessionKinds: Kinds<Pick<BuildOptions, "secrets" | "ssh" | "auth">> = {
  secrets: eachOf("secrets", '{ token: { env: "TOKEN" } }', secret),
  ssh: eachOf("ssh", "{ default: true }", agent),
  auth: registryAuths("auth"),
};
