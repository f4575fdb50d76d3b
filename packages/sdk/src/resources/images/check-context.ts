import type { DockerfileText } from "../../build-context/dockerfile.ts";
import type { GivenFile } from "../../build-context/given-context.ts";
import { bytesOrText, isRecord, text, textOrBytes, wrongKind, type Check } from "../../values/argument.ts";
import { eachOf, oneOfNames } from "../../values/named-values.ts";
import { objectOf, type Kinds } from "../../values/options.ts";
import type { BuildOptions } from "./build-options.ts";

const fileContent = textOrBytes("content");
const givenFile = (name: string): Check => {
  const file = objectOf<Extract<GivenFile, { readonly content: unknown }>>(
    name,
    '{ content: "#!/bin/sh", mode: 0o755 }',
    { content: fileContent, mode: "integer" },
    "content",
  );
  return (value, of) => {
    if (typeof value === "string" || value instanceof Uint8Array) return;
    if (!isRecord(value)) throw wrongKind(name, "text, bytes or { content, mode }", value, of);
    file(value, of);
  };
};
const givenContext = oneOfNames("context", 'a folder such as ".", { tar }, { files }, { remote } or "none"', {
  tar: bytesOrText("tar", 'createReadStream("context.tar")'),
  files: eachOf("files", '{ Dockerfile: "FROM alpine" }', givenFile),
  remote: text("remote", '"https://github.com/org/app.git"'),
});
const context: Check = (value, of) => {
  if (typeof value !== "string") givenContext(value, of);
};

const dockerfileText = objectOf<DockerfileText>(
  "dockerfile",
  '{ text: "FROM alpine" }',
  { text: bytesOrText("text", '"FROM alpine"'), ignore: "text" },
  "text",
);
const dockerfile: Check = (value, of) => {
  if (typeof value === "string") return;
  if (!isRecord(value)) throw wrongKind("dockerfile", 'a path or { text: "FROM alpine" }', value, of);
  dockerfileText(value, of);
};

/** What is built, of a build and of whatever else reads a Dockerfile. */
export const dockerfileKinds: Kinds<Pick<BuildOptions, "context" | "dockerfile">> = { context, dockerfile };
