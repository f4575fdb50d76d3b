import type { ArgDeclaration, ArgInstruction } from "../nodes.ts";
import { needOne, refuse } from "./reader.ts";
import type { InstructionReader } from "./reader.ts";

/** BuildKit takes any flag here, and drops it. */
export const arg: InstructionReader = {
  form: "words",
  read(base, problems): ArgInstruction {
    needOne(base, problems, "ARG NAME or ARG NAME=default");
    const declarations = base.args.map((word): ArgDeclaration => {
      const equals = word.text.indexOf("=");
      if (equals === -1) return { name: word, value: undefined };
      if (equals === 0) {
        const advice = "Write ARG NAME=default, without blanks around the =.";
        refuse(problems, base, "invalid-argument", "ARG names can not be blank", advice, word.span);
      }
      return { name: word.slice(0, equals), value: word.slice(equals + 1) };
    });
    return { ...base, keyword: "ARG", declarations };
  },
};
