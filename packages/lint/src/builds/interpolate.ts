/** Variables in compose files: `$NAME`, `${NAME}`, `${NAME:-default}`, and `$$` for a dollar. */
import { BuildsFileError, valueOf } from "./build-target.ts";

const NAME = /^[A-Za-z_]\w*/;
const OPERATORS = [":-", "-", ":?", "?", ":+", "+"] as const;

/** The text with its variables replaced; one that is not set is empty, as compose has it. */
export function interpolate(text: string, environment: Readonly<Record<string, string | undefined>>): string {
  let result = "";
  let at = 0;
  for (;;) {
    const dollar = text.indexOf("$", at);
    if (dollar === -1) return result + text.slice(at);
    result += text.slice(at, dollar);
    const rest = text.slice(dollar + 1);
    if (rest.startsWith("$")) {
      result += "$";
      at = dollar + 2;
    } else if (rest.startsWith("{")) {
      const end = closing(text, dollar + 1);
      if (end === -1) throw new BuildsFileError(`"${text}" opens a variable with \${ and does not close it.`);
      result += braced(text.slice(dollar + 2, end), environment);
      at = end + 1;
    } else {
      const name = NAME.exec(rest)?.[0];
      result += name === undefined ? "$" : (valueOf(environment, name) ?? "");
      at = dollar + 1 + (name?.length ?? 0);
    }
  }
}

/** The brace that closes the one at an offset; defaults may hold variables of their own. */
function closing(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at += 1) {
    if (text[at] === "{") depth += 1;
    else if (text[at] === "}") depth -= 1;
    if (depth === 0) return at;
  }
  return -1;
}

function braced(text: string, environment: Readonly<Record<string, string | undefined>>): string {
  const name = NAME.exec(text)?.[0] ?? "";
  const tail = text.slice(name.length);
  const operator = OPERATORS.find((one) => tail.startsWith(one));
  if (name === "" || (operator === undefined && tail !== "")) {
    throw new BuildsFileError(`"\${${text}}" is no variable.`);
  }
  const value = valueOf(environment, name);
  const word = tail.slice(operator?.length ?? 0);
  const isSet =
    operator?.startsWith(":") === true ? value !== undefined && value !== "" : value !== undefined;
  switch (operator?.at(-1)) {
    case "-":
      return isSet ? (value ?? "") : interpolate(word, environment);
    case "+":
      return isSet ? interpolate(word, environment) : "";
    case "?":
      if (isSet) return value ?? "";
      throw new BuildsFileError(
        `The variable ${name} is not set: ${interpolate(word, environment) || "it is required"}.`,
      );
    default:
      return value ?? "";
  }
}
