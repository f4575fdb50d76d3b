import type { Check } from "../values/argument.ts";
import { optionAdvice } from "./option-advice.ts";

/**
 * Checks the options of a client, by name. One that there is not, a misspelt `host` say, would be ignored, and the
 * client speak to another engine than was meant. Names whose value is `undefined` are left out.
 * @throws TypeError for an option that there is not, or of a wrong kind.
 */
export function checkOptions(
  of: string,
  options: Readonly<Record<string, unknown>>,
  known: Readonly<Record<string, Check>>,
): void {
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    const check = Object.hasOwn(known, name) ? known[name] : undefined;
    if (check === undefined) {
      const instead = optionAdvice(name, options);
      const hint =
        instead === undefined ? `its options are ${Object.keys(known).join(", ")}` : `write ${instead}`;
      throw new TypeError(`${of} has no option "${name}": ${hint}.`);
    }
    check(value);
  }
}
