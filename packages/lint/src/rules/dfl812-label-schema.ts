import { defineRule, dockerfile, type Rule, type RuleContext, type RuleDocs } from "../linter/rule.ts";
import { fitsLabelType } from "../semantics/label-values.ts";
import type { Model, Stage } from "../semantics/model.ts";
import type { KeyValue, LabelInstruction } from "../syntax/nodes.ts";

/** hadolint's codes for the types of the schema, and what the types are. */
const TYPES: Readonly<Record<string, { readonly code: string; readonly what: string }>> = {
  url: { code: "DL3052", what: "an absolute URL, such as https://example.org/app" },
  rfc3339: { code: "DL3053", what: "a time of RFC 3339, such as 2026-11-22T10:00:00Z" },
  spdx: { code: "DL3054", what: "a licence as SPDX names it, such as Apache-2.0" },
  hash: { code: "DL3055", what: "a git hash of 7 or 40 small hexadecimal digits" },
  semver: { code: "DL3056", what: "a semantic version, such as 1.2.3" },
  email: { code: "DL3058", what: "an e-mail address" },
};

const SETTINGS = {
  labels: {
    required: {
      "org.opencontainers.image.version": "semver",
      "org.opencontainers.image.source": "url",
      maintainer: "email",
    },
    strict: false,
  },
} as const;

export const rule: Rule = defineRule({
  code: "DFL812",
  name: "label-schema",
  aliases: ["DL3049", "DL3050", "DL3051", "DL3052", "DL3053", "DL3054", "DL3055", "DL3056", "DL3058"],
  category: "labels",
  severity: {
    recommended: "warning",
    hadolint: {
      DL3049: "info",
      DL3050: "info",
      DL3051: "warning",
      DL3052: "warning",
      DL3053: "warning",
      DL3054: "warning",
      DL3055: "warning",
      DL3056: "warning",
      DL3058: "warning",
    },
  },
  scope: "shipped",
  summary: "The labels of the image are not those that the project asks for",
  docs: (): RuleDocs => ({
    why: `
      What finds, updates or deletes images by their labels fails on an image without them, or with a value it cannot
      read. \`labels\` in \`.dflint.yaml\` says which the project wants (\`required: {key: type}\`), and with \`strict\` that
      there are no others. Types: text, url, semver, hash, rfc3339, spdx, email. Without such settings this rule
      says nothing. A label of a stage below counts; a value that depends on a \`--build-arg\` is not judged.
    `,
    bad: [
      {
        settings: SETTINGS,
        dockerfile: dockerfile`
          FROM ⟦alpine:3.20⟧
          LABEL org.opencontainers.image.version=⟦v1⟧ maintainer=⟦"Ada Lovelace"⟧
        `,
      },
      {
        title: "Empty, and not in the schema.",
        settings: { labels: { required: { title: "text", licenses: "spdx" }, strict: true } },
        dockerfile: dockerfile`
          FROM alpine:3.20
          LABEL title=⟦""⟧ licenses=⟦"Apache 2"⟧ ⟦colour⟧=red
        `,
      },
      {
        title: "Times, hashes.",
        settings: { labels: { required: { created: "rfc3339", revision: "hash" }, strict: false } },
        dockerfile: dockerfile`
          FROM alpine:3.20
          LABEL created=⟦2026-02-30T10:00:00Z⟧ revision=⟦HEAD⟧
        `,
      },
    ],
    good: [
      {
        settings: SETTINGS,
        dockerfile: dockerfile`
          FROM alpine:3.20 AS base
          LABEL maintainer=ada@example.org
          FROM base
          ARG VERSION
          LABEL org.opencontainers.image.version=$VERSION org.opencontainers.image.source="https://example.org/app"
        `,
      },
      {
        title: "Only what ships needs labels; without a schema anything goes.",
        dockerfile: dockerfile`
          FROM alpine:3.20
          LABEL version=""
        `,
      },
      {
        settings: { labels: { required: { licenses: "spdx" }, strict: false } },
        dockerfile: dockerfile`
          FROM alpine:3.20 AS build
          FROM alpine:3.20
          LABEL licenses="MIT OR (Apache-2.0 WITH LLVM-exception)"
        `,
      },
    ],
  }),
  visit: {
    LABEL(label, context) {
      const { required, strict } = context.settings.labels;
      let isTold = false;
      for (const pair of label.pairs) {
        const key = textOf(pair.key, label, context);
        if (key === undefined) continue;
        const type = Object.hasOwn(required, key) ? required[key] : undefined;
        if (type !== undefined) checkValue(pair, key, type, label, context);
        else if (strict && !isTold) {
          // hadolint reports an instruction once.
          isTold = context.compat === "hadolint";
          context.report({
            at: pair.key.span,
            aliases: ["DL3050"],
            message: `The label "${key}" is not one of those that the project has (${Object.keys(required).join(", ") || "none"}); remove it, or add it to labels.required.`,
          });
        }
      }
    },
    file(_, context) {
      const required = Object.entries(context.settings.labels.required);
      if (required.length === 0) return;
      const stages = context.compat === "hadolint" ? stagesForHadolint(context.model) : published(context);
      const labelled = new Labelled(context);
      for (const [key, type] of required) {
        const missing = context.compat === "hadolint" ? labelled.unrelated(stages, key) : stages;
        const having = labelled.having(key);
        for (const stage of missing) {
          if (having.has(stage)) continue;
          const { image, name } = stage.from;
          context.report({
            at: image?.span ?? name.span,
            stage,
            instruction: stage.from,
            aliases: ["DL3049"],
            message: `The image has no label "${key}", which the project asks for; add LABEL ${key}=… (${TYPES[type]?.what ?? "a text"}).`,
          });
        }
      }
    },
  },
});

/** hadolint takes quotes off, and expands nothing. */
function textOf(word: KeyValue["key"], label: LabelInstruction, context: RuleContext): string | undefined {
  if (context.compat === "hadolint") return word.text.replace(/^(["'])([^]*)\1$/, "$2");
  return context.model.expand(word, label).value;
}

function checkValue(
  pair: KeyValue,
  key: string,
  type: string,
  label: LabelInstruction,
  context: RuleContext,
): void {
  const value = textOf(pair.value, label, context);
  if (value === undefined) return;
  const at = pair.value.text === "" ? pair.key.span : pair.value.span;
  if (value === "") {
    context.report({
      at,
      aliases: ["DL3051"],
      message: `The label "${key}" is empty, as if it were not there; give it a value.`,
    });
    if (context.compat !== "hadolint") return;
  }
  const wanted = TYPES[type];
  if (wanted === undefined || fitsLabelType(value, type, context.compat !== "hadolint")) return;
  context.report({
    at,
    aliases: [wanted.code],
    message: `The label "${key}" is "${value}", which is not ${wanted.what}.`,
  });
}

/** The stages that become images. */
function published({ model, settings }: RuleContext): readonly Stage[] {
  return model.stages.filter(
    (stage) =>
      stage === model.target || (stage.name !== undefined && settings.stages.public.includes(stage.name)),
  );
}

/** What another stage copies from is no image of its own. */
function stagesForHadolint(model: Model): readonly Stage[] {
  const copied = new Set<Stage>();
  for (const { dependencies } of model.stages) {
    for (const { kind, stage } of dependencies) if (kind === "copy" && stage !== undefined) copied.add(stage);
  }
  return model.stages.filter((stage) => !copied.has(stage));
}

/** Which stages have which labels, their own or those of the stages that they are based on. */
class Labelled {
  readonly #context: RuleContext;
  readonly #keys = new Map<Stage, ReadonlySet<string>>();

  constructor(context: RuleContext) {
    this.#context = context;
  }

  /** The stages that have it. */
  having(key: string): ReadonlySet<Stage> {
    const having = new Set<Stage>();
    // A stage is based on none but those above it.
    for (const stage of this.#context.model.stages) {
      const below = stage.base.stage;
      if (this.#own(stage).has(key) || (below !== undefined && having.has(below))) having.add(stage);
    }
    return having;
  }

  /** Without the stages on which labelled ones are based. */
  unrelated(stages: readonly Stage[], key: string): readonly Stage[] {
    const below = new Set<Stage>();
    for (const stage of stages) {
      if (!this.#own(stage).has(key)) continue;
      for (let one = stage.base.stage; one !== undefined && !below.has(one); one = one.base.stage)
        below.add(one);
    }
    return stages.filter((stage) => !below.has(stage));
  }

  #own(stage: Stage): ReadonlySet<string> {
    const known = this.#keys.get(stage);
    if (known !== undefined) return known;
    const keys = new Set<string>();
    for (const instruction of stage.instructions) {
      if (instruction.keyword !== "LABEL") continue;
      for (const { key } of instruction.pairs) {
        const text = textOf(key, instruction, this.#context);
        if (text !== undefined) keys.add(text);
      }
    }
    this.#keys.set(stage, keys);
    return keys;
  }
}
