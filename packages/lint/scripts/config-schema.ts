/** The JSON schema of `.dflint.yaml`, for editors. */
import { LEVELS, type Shape } from "../src/config/schema.ts";
import { PRESETS, RULESETS } from "../src/linter/presets.ts";
import type { OptionSchema, Rule } from "../src/linter/rule.ts";

type Schema = Readonly<Record<string, unknown>>;

/** The schema of the whole file. */
export function configSchema(shape: Extract<Shape, { kind: "object" }>, rules: readonly Rule[]): Schema {
  const names = rules.flatMap(({ code, name, aliases }) => [code, name, ...aliases]);
  const schema = schemaOf(shape);
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "dflint configuration",
    ...schema,
    properties: {
      ...(schema["properties"] as object), // an object's schema always has them
      version: { const: 1, description: "The version of this format." },
      extends: {
        description: "Presets, paths or packages to start from.",
        anyOf: [extendsItem(), { type: "array", items: extendsItem() }],
      },
      ruleset: { enum: RULESETS, description: "The frozen set of rules to use." },
    },
    $defs: {
      level: { enum: LEVELS },
      rule: { enum: names },
      rules: {
        type: "object",
        additionalProperties: false,
        properties: Object.fromEntries(
          rules.flatMap((rule) =>
            [rule.code, rule.name, ...rule.aliases].map((name) => [name, ruleSchema(rule)]),
          ),
        ),
      },
    },
  };
}

function extendsItem(): Schema {
  return { type: "string", examples: PRESETS };
}

function ruleSchema({ summary, options }: Rule): Schema {
  const level = { $ref: "#/$defs/level" };
  const properties = Object.fromEntries(
    Object.entries<OptionSchema>(options).map(([name, option]) => [name, optionSchema(option)]),
  );
  return {
    description: `${summary}.`,
    anyOf: [level, { type: "object", additionalProperties: false, properties: { level, ...properties } }],
  };
}

function optionSchema(option: OptionSchema): Schema {
  const { type, default: value, description } = option;
  const base = { default: value, description };
  if (type === "strings") return { ...strings(), ...base };
  if (type === "string" && option.values !== undefined) return { enum: option.values, ...base };
  return { type, ...base };
}

function strings(items: Schema = { type: "string" }): Schema {
  return { anyOf: [items, { type: "array", items }] };
}

function itemSchema({ values, areRules }: Extract<Shape, { kind: "strings" }>): Schema {
  if (areRules === true) return { $ref: "#/$defs/rule" };
  return values ? { enum: values } : { type: "string" };
}

function schemaOf(shape: Shape): Schema {
  const described = shape.description === undefined ? {} : { description: shape.description };
  switch (shape.kind) {
    case "boolean":
      return { type: "boolean", ...described };
    case "integer":
      return {
        type: "integer",
        ...(shape.minimum !== undefined && { minimum: shape.minimum }),
        ...(shape.maximum !== undefined && { maximum: shape.maximum }),
        ...described,
      };
    case "string":
      return {
        ...(shape.values ? { enum: shape.values } : { type: ["string", "number", "boolean"] }),
        ...described,
      };
    case "date":
      return { type: "string", format: "date", ...described };
    case "strings":
      return { ...strings(itemSchema(shape)), ...described };
    case "list":
      return { type: "array", items: schemaOf(shape.of), ...described };
    case "map":
      return { type: "object", additionalProperties: schemaOf(shape.of), ...described };
    case "object":
      return {
        type: "object",
        additionalProperties: false,
        properties: Object.fromEntries(
          Object.entries(shape.keys).map(([key, value]) => [key, schemaOf(value)]),
        ),
        ...(shape.required && { required: shape.required }),
        ...described,
      };
    case "rule":
      return { $ref: "#/$defs/rule", ...described };
    default:
      return { $ref: "#/$defs/rules", ...described };
  }
}
