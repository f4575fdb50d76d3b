import type { AddInstruction } from "../nodes.ts";
import { readSources } from "./copy-like.ts";
import { checkFlags } from "./reader.ts";
import type { InstructionReader } from "./reader.ts";

export const add: InstructionReader = {
  form: "list",
  read(base, problems): AddInstruction {
    const read = readSources(base, problems);
    checkFlags(base, problems, {
      chown: "string",
      chmod: "string",
      link: "boolean",
      "keep-git-dir": "boolean",
      checksum: "string",
      exclude: "strings",
      unpack: "boolean",
    });
    return { ...base, keyword: "ADD", ...read };
  },
};
