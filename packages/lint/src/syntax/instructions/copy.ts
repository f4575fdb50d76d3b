import type { CopyInstruction } from "../nodes.ts";
import { readSources } from "./copy-like.ts";
import { checkFlags } from "./reader.ts";
import type { InstructionReader } from "./reader.ts";

export const copy: InstructionReader = {
  form: "list",
  read(base, problems): CopyInstruction {
    const read = readSources(base, problems);
    checkFlags(base, problems, {
      from: "string",
      chown: "string",
      chmod: "string",
      link: "boolean",
      parents: "boolean",
      exclude: "strings",
    });
    return { ...base, keyword: "COPY", ...read };
  },
};
