import type { VolumeInstruction } from "../nodes.ts";
import { checkFlags, needOne, refuse } from "./reader.ts";
import type { InstructionReader } from "./reader.ts";

export const volume: InstructionReader = {
  form: "list",
  read(base, problems): VolumeInstruction {
    needOne(base, problems, "VOLUME /path");
    checkFlags(base, problems);
    for (const path of base.args) {
      if (path.text.trim() !== "") continue;
      const message = "VOLUME specified can not be an empty string";
      refuse(problems, base, "invalid-argument", message, "Name a path, or remove it.", path.span);
    }
    return { ...base, keyword: "VOLUME", paths: base.args };
  },
};
