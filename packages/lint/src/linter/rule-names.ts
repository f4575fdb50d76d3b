/** Rules by every name they answer to: code, name, alias. */
import { nearest } from "./nearest.ts";
import type { Rule } from "./rule.ts";

/** A rule, and the alias it was called by if it was called by one. */
export interface NamedRule {
  readonly rule: Rule;
  readonly alias: string | undefined;
}

/** Whether a finding is meant by a name: an alias means its own check alone where a rule stands for several. */
export function isNamed(
  { rule, alias }: NamedRule,
  diagnostic: { readonly rule: string; readonly aliases: readonly string[] },
): boolean {
  return alias === undefined ? rule.code === diagnostic.rule : diagnostic.aliases.includes(alias);
}

/** Finds rules by name. */
export class RuleNames {
  readonly #byName = new Map<string, NamedRule[]>();
  readonly #rules: readonly Rule[];

  constructor(rules: readonly Rule[]) {
    this.#rules = rules;
    for (const rule of rules) {
      for (const alias of rule.aliases) {
        const same = this.#byName.get(alias.toLowerCase());
        if (same === undefined) this.#byName.set(alias.toLowerCase(), [{ rule, alias }]);
        else same.push({ rule, alias });
      }
    }
    for (const rule of rules) {
      this.#byName.set(rule.code.toLowerCase(), [{ rule, alias: undefined }]);
      this.#byName.set(rule.name.toLowerCase(), [{ rule, alias: undefined }]);
    }
  }

  /** The rule of a code, name or alias, in any case; the first one where several share an alias. */
  find(name: string): NamedRule | undefined {
    return this.findAll(name)[0];
  }

  /** All rules of a code, name or alias: BuildKit has one name for some checks that are several rules here. */
  findAll(name: string): readonly NamedRule[] {
    return this.#byName.get(name.toLowerCase()) ?? this.#byPattern(name.toUpperCase());
  }

  #byPattern(alias: string): readonly NamedRule[] {
    const rule = this.#rules.find(({ aliasPattern }) => aliasPattern?.test(alias) === true);
    return rule === undefined ? [] : [{ rule, alias }];
  }

  /** The name most like an unknown one. */
  nearest(name: string): string | undefined {
    return nearest(
      name,
      this.#rules.flatMap((rule) => [rule.code, rule.name, ...rule.aliases]),
    );
  }
}
