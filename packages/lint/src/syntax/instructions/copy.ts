import type { KnownFlags } from "../flags.ts";
import type { CopyInstruction } from "../nodes.ts";
import { checkSources, CopyLikeNode } from "./copy-like.ts";
import { checkFlags } from "./reader.ts";
import type { InstructionReader } from "./reader.ts";

const FLAGS: KnownFlags = {
  from: "string",
  chown: "string",
  chmod: "string",
  link: "boolean",
  parents: "boolean",
  exclude: "strings",
};

class CopyNode extends CopyLikeNode implements CopyInstruction {
  readonly keyword = "COPY";
}

export const copy: InstructionReader = {
  form: "list",
  read(source, problems): CopyInstruction {
    const node = new CopyNode(source);
    checkSources(node, problems);
    checkFlags(node, problems, FLAGS);
    return node;
  },
};
