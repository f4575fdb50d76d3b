/** Reads YAML against a shape, and tells every mistake with its place. */
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Node,
  type Pair,
  type Scalar,
  type YAMLMap,
} from "yaml";
import { didYouMean } from "../linter/nearest.ts";
import type { OptionSchema, OptionsSchema } from "../linter/rule.ts";
import { isDate } from "../linter/date.ts";
import type { RuleNames } from "../linter/rule-names.ts";
import { ConfigError, type ConfigPosition, type ConfigProblem } from "./config-error.ts";
import { LEVELS, type Shape } from "./schema.ts";

/** A value that was read, as plain data. */
export type YamlValue =
  | null
  | string
  | number
  | boolean
  | readonly YamlValue[]
  | { readonly [key: string]: YamlValue };

/** What a file holds, and where its values stand. */
export interface YamlFile {
  readonly path: string;
  readonly values: Readonly<Record<string, YamlValue>>;
  /** The place of every key and list item, by path: `rules`, `rules.DFL101`, `overrides.0.files`. */
  readonly positions: ReadonlyMap<string, ConfigPosition>;
}

/** How to read a file. */
export interface ReadYamlOptions {
  readonly path: string;
  readonly shape: Extract<Shape, { kind: "object" }>;
  readonly names: RuleNames;
  /** What to say about a key that is not in the shape, where there is better to say than the nearest name. */
  readonly hint?: (key: string) => string | undefined;
}

/** Reads a YAML text. Throws a {@link ConfigError} that holds every mistake. An empty text is an empty mapping. */
export function readYaml(text: string, options: ReadYamlOptions): YamlFile {
  return new Reader(text, options).read();
}

class Reader {
  readonly #text: string;
  readonly #options: ReadYamlOptions;
  readonly #lines = new LineCounter();
  readonly #problems: ConfigProblem[] = [];
  readonly #positions = new Map<string, ConfigPosition>();
  readonly #document;

  constructor(text: string, options: ReadYamlOptions) {
    this.#text = text;
    this.#options = options;
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
  }

  read(): YamlFile {
    const { path, shape } = this.#options;
    for (const { code, message, pos } of this.#document.errors) {
      const isSecond = code === "MULTIPLE_DOCS";
      this.#problem(isSecond ? "A configuration is one document; another one begins here." : message, pos[0]);
    }
    if (this.#problems.length > 0) throw new ConfigError(this.#problems);
    const { contents } = this.#document;
    let values: Record<string, YamlValue> = {};
    if (contents !== null && !(isScalar(contents) && contents.value === null)) {
      if (isMap(contents)) values = this.#object(contents, shape, "");
      else this.#problem(`A configuration is a mapping of keys, not ${kindOf(contents)}.`, startOf(contents));
    }
    if (this.#problems.length > 0) throw new ConfigError(this.#problems);
    return { path, values, positions: this.#positions };
  }

  #value(given: Node | null, shape: Shape, at: string, key: Node): YamlValue {
    const node = isAlias(given) ? (given.resolve(this.#document) ?? null) : given;
    const refuse = (expected: string): null => {
      const found = node === null || (isScalar(node) && node.value === null) ? "nothing" : kindOf(node);
      this.#problem(
        `"${at}" must be ${expected}, not ${found}.`,
        node === null ? startOf(key) : startOf(given),
      );
      return null;
    };
    switch (shape.kind) {
      case "boolean":
        return isScalar(node) && typeof node.value === "boolean" ? node.value : refuse("true or false");
      case "integer": {
        const value = isScalar(node) ? node.value : undefined;
        const { minimum = -Infinity, maximum = Infinity } = shape;
        const isFit =
          typeof value === "number" && Number.isInteger(value) && value >= minimum && value <= maximum;
        if (isFit) return value;
        return refuse(minimum === maximum ? String(minimum) : "a whole number");
      }
      case "string":
        return this.#string(node, shape.values, at, () => refuse("a text"));
      case "date": {
        const value = isScalar(node) ? writtenAs(node) : "";
        return isDate(value) ? value : refuse("a date in the form YYYY-MM-DD");
      }
      case "strings": {
        const item: Shape =
          shape.areRules === true
            ? { kind: "rule" }
            : { kind: "string", ...(shape.values && { values: shape.values }) };
        if (!isSeq(node)) {
          if (!isScalar(node)) return [refuse("a text or a list of texts") ?? ""];
          return [this.#value(node, item, at, key) ?? ""];
        }
        return node.items.map((value, index) => {
          this.#place(`${at}.${index}`, value as Node);
          return this.#value(value as Node, item, `${at}.${index}`, key);
        });
      }
      case "list":
        if (!isSeq(node)) return refuse("a list");
        return node.items.map((item, index) => {
          this.#place(`${at}.${index}`, item as Node);
          return this.#value(item as Node, shape.of, `${at}.${index}`, item as Node);
        });
      case "map":
        if (!isMap(node)) return refuse("a mapping");
        return this.#pairs(node, at, (name, value, keyNode) =>
          this.#value(value, shape.of, `${at}.${name}`, keyNode),
        );
      case "object":
        return isMap(node) ? this.#object(node, shape, at) : refuse("a mapping");
      case "rule": {
        const name = this.#string(node, undefined, at, () => refuse("the name of a rule"));
        if (typeof name === "string") this.#checkRule(name, node);
        return name;
      }
      default:
        return isMap(node) ? this.#rules(node, at) : refuse("a mapping of rules to levels");
    }
  }

  #string(
    node: Node | null,
    values: readonly string[] | undefined,
    at: string,
    refuse: () => null,
  ): string | null {
    if (!isScalar(node) || node.value === null || typeof node.value === "object") return refuse();
    // A number or a date is taken as it is written: `ruleset: 2026-11`, `PORT: 8080`.
    const value = typeof node.value === "string" ? node.value : writtenAs(node);
    if (values === undefined || values.includes(value)) return value;
    this.#problem(
      `"${value}" is no value of "${at}": use ${values.join(", ")}.${didYouMean(value, values)}`,
      startOf(node),
    );
    return null;
  }

  #object(node: Node, shape: Extract<Shape, { kind: "object" }>, at: string): Record<string, YamlValue> {
    const values = this.#pairs(node, at, (name, value, key) => {
      const own = Object.hasOwn(shape.keys, name) ? shape.keys[name] : undefined;
      if (own !== undefined && shape.emptyIsAbsent === true && isEmpty(value)) return null;
      if (own !== undefined) return this.#value(value, own, at === "" ? name : `${at}.${name}`, key);
      const hint = this.#options.hint?.(name) ?? didYouMean(name, Object.keys(shape.keys)).trimStart();
      const where = at === "" ? "" : ` in "${at}"`;
      this.#problem(
        `Unknown key "${name}"${where}.${hint === "" ? ` The keys are ${Object.keys(shape.keys).join(", ")}.` : ` ${hint}`}`,
        startOf(key),
      );
      return null;
    });
    for (const name of shape.required ?? []) {
      if (!Object.hasOwn(values, name)) this.#problem(`"${at}" needs the key "${name}".`, startOf(node));
    }
    return values;
  }

  #rules(node: Node, at: string): Record<string, YamlValue> {
    return this.#pairs(node, at, (name, value, key) => {
      const rule = this.#checkRule(name, key);
      const place = `${at}.${name}`;
      if (!isMap(value)) return this.#value(value, { kind: "string", values: LEVELS }, place, key);
      const keys: Record<string, Shape> = { level: { kind: "string", values: LEVELS } };
      for (const [option, schema] of Object.entries<OptionSchema>(rule ?? {}))
        keys[option] = optionShape(schema);
      return this.#object(value, { kind: "object", keys }, place);
    });
  }

  /** The options of a rule; says so where there is no such rule. */
  #checkRule(name: string, node: Node | null): OptionsSchema | undefined {
    const named = this.#options.names.find(name);
    if (named !== undefined) return named.rule.options;
    const near = this.#options.names.nearest(name);
    const hint = near === undefined ? ' "dflint rules" lists them.' : ` Did you mean "${near}"?`;
    this.#problem(`There is no rule "${name}".${hint}`, startOf(node));
    return undefined;
  }

  #pairs(
    node: Node,
    at: string,
    read: (name: string, value: Node | null, key: Node) => YamlValue,
  ): Record<string, YamlValue> {
    const values: Record<string, YamlValue> = {};
    if (!isMap(node)) return values;
    for (const { key, value } of this.#merged(node)) {
      const name = isScalar(key) ? String(key.value) : "";
      this.#place(at === "" ? name : `${at}.${name}`, key as Node); // parseDocument makes nothing but nodes
      values[name] = read(name, value as Node | null, key as Node);
    }
    return values;
  }

  /** The pairs of a mapping, and those that `<<` takes over from others (https://yaml.org/type/merge.html); its own win. */
  #merged(node: YAMLMap): readonly Pair[] {
    if (!node.items.some(isMerge)) return node.items;
    const pairs = new Map<string, Pair>();
    // Each mapping is looked at once: they may hold each other, or one of them very often.
    const seen = new Set<Node>();
    const add = (from: Node): void => {
      const source = isAlias(from) ? from.resolve(this.#document) : from;
      if (source === undefined || seen.has(source)) return;
      seen.add(source);
      if (isSeq(source)) {
        for (const item of source.items) add(item as Node); // parseDocument makes nothing but nodes
        return;
      }
      if (!isMap(source)) {
        this.#problem(`"<<" takes a mapping or a list of mappings, not ${kindOf(source)}.`, startOf(from));
        return;
      }
      for (const pair of source.items) {
        const name = isScalar(pair.key) ? String(pair.key.value) : "";
        if (!isMerge(pair) && !pairs.has(name)) pairs.set(name, pair);
      }
      for (const pair of source.items) if (isMerge(pair)) add(pair.value as Node); // see above
    };
    add(node);
    return [...pairs.values()];
  }

  #place(at: string, node: Node): void {
    this.#positions.set(at, this.#positionOf(startOf(node)));
  }

  #problem(message: string, offset: number): void {
    this.#problems.push({ message, position: this.#positionOf(offset) });
  }

  #positionOf(offset: number): ConfigPosition {
    const { line, col } = this.#lines.linePos(Math.min(offset, this.#text.length));
    return { path: this.#options.path, line: Math.max(line, 1), column: Math.max(col, 1) };
  }
}

function isMerge({ key }: Pair): boolean {
  return isScalar(key) && key.value === "<<" && key.type === "PLAIN";
}

function optionShape(schema: OptionSchema): Shape {
  if (schema.type !== "string") return { kind: schema.type };
  return { kind: "string", ...(schema.values && { values: schema.values }) };
}

function isEmpty(node: Node | null): boolean {
  return node === null || (isScalar(node) && node.value === null);
}

function startOf(node: Node | null): number {
  return node?.range?.[0] ?? 0;
}

function kindOf(node: Node): string {
  if (isMap(node)) return "a mapping";
  if (isSeq(node)) return "a list";
  if (!isScalar(node)) return "that";
  return typeof node.value === "string" ? `the text "${node.value}"` : String(node.value);
}

function writtenAs(node: Scalar): string {
  return node.source ?? JSON.stringify(node.value);
}
