/** The keys of `.dflint.yaml` as data: the reader checks files against them, the JSON schema is made of them. */

/** What a value may be. */
export type Shape =
  | { readonly kind: "boolean"; readonly description?: string }
  | {
      readonly kind: "integer";
      readonly minimum?: number;
      readonly maximum?: number;
      readonly description?: string;
    }
  | { readonly kind: "string"; readonly values?: readonly string[]; readonly description?: string }
  /** A string in the form YYYY-MM-DD. */
  | { readonly kind: "date"; readonly description?: string }
  /** Strings; a single one may stand without a list. */
  | {
      readonly kind: "strings";
      readonly values?: readonly string[];
      /** Whether each is a rule's code, name or alias. */
      readonly areRules?: boolean;
      readonly description?: string;
    }
  | { readonly kind: "list"; readonly of: Shape; readonly description?: string }
  /** Any keys, values of one shape. */
  | { readonly kind: "map"; readonly of: Shape; readonly description?: string }
  | {
      readonly kind: "object";
      readonly keys: Readonly<Record<string, Shape>>;
      readonly required?: readonly string[];
      /** Whether a key without a value is as good as none, as in hadolint's files. */
      readonly emptyIsAbsent?: boolean;
      readonly description?: string;
    }
  /** A rule's code, name or alias. */
  | { readonly kind: "rule"; readonly description?: string }
  /** Rules by code, name or alias: a level, or `level` and the rule's options. */
  | { readonly kind: "rules"; readonly description?: string };

/** How far an engine may be used: `read` looks at images, `build` builds, `run` also starts containers. */
export const ENGINE_MODES = ["off", "read", "build", "run"] as const;

/** The levels of rules. */
export const LEVELS = ["error", "warning", "info", "style", "off"] as const;

/** What `fail-on` takes. */
export const FAIL_ON = ["error", "warning", "info", "style", "never"] as const;

/** The types of `labels.required`. */
export const LABEL_TYPES = ["text", "url", "semver", "hash", "rfc3339", "spdx", "email"] as const;

/** A whole `.dflint.yaml`. */
export const CONFIG_SHAPE: Extract<Shape, { kind: "object" }> = {
  kind: "object",
  keys: {
    version: { kind: "integer", minimum: 1, maximum: 1, description: "The version of this format: 1." },
    root: { kind: "boolean", description: "No configuration above this one is looked for." },
    extends: {
      kind: "strings",
      description:
        "Presets (recommended, strict, hadolint, buildkit, preview), paths or packages to start from.",
    },
    ruleset: { kind: "string", description: "The frozen set of rules to use, such as 2026-11." },
    "fail-on": {
      kind: "string",
      values: FAIL_ON,
      description: "The mildest level that fails; default warning.",
    },
    include: { kind: "strings", description: "Patterns of files that are Dockerfiles whatever their name." },
    exclude: { kind: "strings", description: "Patterns of files and folders to leave out." },
    context: { kind: "string", description: "The build context's folder; default: that of the Dockerfile." },
    stages: {
      kind: "object",
      description: "Stages that are built on their own.",
      keys: {
        public: { kind: "strings", description: "Stages that ship, beside the last one." },
        dev: { kind: "strings", description: "Stages that never ship." },
      },
    },
    "build-args": { kind: "map", of: { kind: "string" }, description: "Values of ARGs." },
    "trusted-registries": {
      kind: "strings",
      description: "Registries that images may come from, such as docker.io or *.example.org; default: all.",
    },
    labels: {
      kind: "object",
      description: "The labels of images.",
      keys: {
        required: {
          kind: "map",
          of: { kind: "string", values: LABEL_TYPES },
          description: "Labels that every image must have, and the types of their values.",
        },
        strict: { kind: "boolean", description: "Whether other labels are refused; default false." },
      },
    },
    rules: { kind: "rules", description: "Levels and options of rules." },
    overrides: {
      kind: "list",
      description: "Levels and options of rules for some files.",
      of: {
        kind: "object",
        required: ["files", "rules"],
        keys: {
          files: { kind: "strings", description: "Patterns of files." },
          rules: { kind: "rules", description: "Levels and options of rules there." },
        },
      },
    },
    ignore: {
      kind: "list",
      description: "Findings that are accepted.",
      of: {
        kind: "object",
        required: ["rule"],
        keys: {
          rule: { kind: "rule", description: "The rule whose findings are muted." },
          files: { kind: "strings", description: "Patterns of files; default: all." },
          reason: { kind: "string", description: "Why it is accepted." },
          until: { kind: "date", description: "The last day on which it is accepted." },
        },
      },
    },
    inline: {
      kind: "object",
      description: "Comments that mute findings.",
      keys: {
        enabled: {
          kind: "boolean",
          description: "Whether comments that mute findings are honoured; default true.",
        },
        "require-reason": {
          kind: "boolean",
          description: "Whether each of them must give a reason; default false.",
        },
        "report-unused": {
          kind: "boolean",
          description:
            "Whether those that mute nothing are reported; by default those of dflint, and with true those of other linters, too.",
        },
      },
    },
    fix: {
      kind: "object",
      description: "Fixes.",
      keys: {
        unsafe: {
          kind: "boolean",
          description: "Whether suggestions and unsafe fixes are applied, too; default false.",
        },
        never: { kind: "strings", areRules: true, description: "Rules whose fixes are never applied." },
      },
    },
    engine: {
      kind: "object",
      description: "What an engine may be used for.",
      keys: {
        mode: {
          kind: "string",
          values: ENGINE_MODES,
          description:
            "How far an engine may be used; default off, and build or run for the commands that need it.",
        },
        pull: { kind: "boolean", description: "Whether the engine may pull images; default false." },
        budget: {
          kind: "object",
          description: "Sizes that an image must keep to, such as 20MB.",
          keys: {
            "wasted-bytes": {
              kind: "string",
              description: "The most bytes that layers may hold and a later one hides, such as 1MB.",
            },
            "image-bytes": {
              kind: "string",
              description: "The most bytes that the whole image may have, such as 200MB.",
            },
          },
        },
      },
    },
    shellcheck: {
      kind: "object",
      description: "ShellCheck, where it is installed.",
      keys: {
        mode: {
          kind: "string",
          values: ["auto", "on", "off"],
          description: "Whether to run ShellCheck; default auto: where it is installed.",
        },
        exclude: { kind: "strings", description: "Codes of ShellCheck to leave out, such as SC2086." },
      },
    },
    baseline: { kind: "string", description: "A file of findings that are known and do not count." },
  },
};
