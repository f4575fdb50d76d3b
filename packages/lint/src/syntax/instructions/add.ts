import type { KnownFlags } from "../flags.ts";
import type { AddInstruction } from "../nodes.ts";
import { checkSources, CopyLikeNode } from "./copy-like.ts";
import { checkFlags } from "./reader.ts";
import type { InstructionReader } from "./reader.ts";

const FLAGS: KnownFlags = {
  chown: "string",
  chmod: "string",
  link: "boolean",
  "keep-git-dir": "boolean",
  checksum: "string",
  exclude: "strings",
  unpack: "boolean",
};

class AddNode extends CopyLikeNode implements AddInstruction {
  readonly keyword = "ADD";
}

export const add: InstructionReader = {
  form: "list",
  read(source, problems): AddInstruction {
    const node = new AddNode(source);
    checkSources(node, problems);
    checkFlags(node, problems, FLAGS);
    return node;
  },
};
