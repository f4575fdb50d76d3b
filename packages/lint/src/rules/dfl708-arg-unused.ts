import { defineRule, dockerfile, type Rule, type RuleContext, type RuleDocs } from "../linter/rule.ts";
import { ArgUses } from "../semantics/variables/arg-uses.ts";
import type { Stage } from "../semantics/model.ts";
import type { ArgDeclaration, ArgInstruction } from "../syntax/nodes.ts";
import { flagNamed } from "../syntax/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL708",
  name: "arg-unused",
  category: "variables",
  severity: { recommended: "info", strict: "warning" },
  scope: "all",
  onbuild: false,
  summary: "Nothing uses an ARG",
  docs: (): RuleDocs => ({
    why: `
      Every RUN below an ARG has it in its environment, so another value re-runs them all, though it changes
      nothing; and whoever passes \`--build-arg\` believes that it does something. Remove it, or use it.

      A program may read its environment without being told to. So nothing is said about an ARG of a stage as long as
      a RUN below it runs anything but common tools (\`apt-get\`, \`curl\`, \`tar\`, …), nor about variables that such tools
      read themselves (proxies, \`DEBIAN_FRONTEND\`, \`LANG\`, …). Ignore it for an ARG that marks the image for those who
      look at its history.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM alpine:3.20
          ARG CURL=8.9.1-r2 ⟦RELEASE⟧
          RUN apk add --no-cache "curl=$CURL"
          ENV PATH=/srv/bin:$PATH
        `,
      },
      {
        title: "Before the first FROM, where neither FROM nor a stage takes it.",
        dockerfile: dockerfile`
          ARG VERSION=3.20
          ARG ⟦NODE_VERSION⟧=20
          FROM alpine:$VERSION
        `,
      },
      {
        title: "Used above it, and by a stage that is not based on this one.",
        dockerfile: dockerfile`
          FROM alpine:3.20 AS build
          RUN echo "$MODE"
          ARG ⟦MODE⟧=fast
          FROM alpine:3.20
          ARG MODE=slow
          ENV MODE=$MODE
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          ARG VERSION=3.20 SUFFIX=$VERSION
          FROM alpine:$SUFFIX AS base
          ARG MODE
          FROM base
          ENV MODE=$MODE
        `,
      },
      {
        title: "The script may read it.",
        dockerfile: dockerfile`
          FROM node:20-slim
          ARG API_URL
          COPY . .
          RUN npm run build
        `,
      },
      {
        title: "The tools do.",
        dockerfile: dockerfile`
          FROM debian:12
          ARG DEBIAN_FRONTEND=noninteractive HTTPS_PROXY
          RUN apt-get update && apt-get install -y --no-install-recommends curl
        `,
      },
    ],
  }),
  visit: {
    file(_, context) {
      const { model } = context;
      if (!model.has("ARG")) return;
      if (model.stages.length === 0) return;
      const own = model.stages.flatMap(argsOf);
      const args = own.map(({ arg }) => arg);
      const globals = model.preamble.filter((one) => one.keyword === "ARG");
      reportGlobals(globals, args, context);
      if (own.length === 0) return;
      const names = new Set(args.flatMap(({ declarations }) => declarations.map(({ name }) => name.text)));
      const uses = new ArgUses(model, names, (run) => context.script(run));
      for (const { arg, stage, position } of own) {
        let beside: ReadonlySet<string> | undefined;
        for (const declaration of arg.declarations) {
          const { text } = declaration.name;
          if (READ_BY_ALL.test(text) || uses.isNamed(text, stage, position)) continue;
          beside ??= namesInValues([arg]);
          if (beside.has(text) || uses.mayBeRead(stage, position)) continue;
          report(declaration, arg, "re-runs every RUN below it and changes nothing", context);
        }
      }
    },
  },
});

/** An ARG and where it stands. */
interface PlacedArg {
  readonly arg: ArgInstruction;
  readonly stage: Stage;
  readonly position: number;
}

function argsOf(stage: Stage): PlacedArg[] {
  const args: PlacedArg[] = [];
  stage.instructions.forEach((arg, position) => {
    if (arg.keyword === "ARG") args.push({ arg, stage, position });
  });
  return args;
}

/** What the builder and common tools read without being told to. */
const READ_BY_ALL =
  /^(?:BUILDKIT_\w+|SOURCE_DATE_EPOCH|\w+_proxy|\w+_PROXY|DEBIAN_FRONTEND|DEBCONF_\w+|APT_\w+|TZ|LANG|LANGUAGE|LC_\w+|PATH|HOME|TERM|USER|GNUPGHOME|TAR_OPTIONS|CURL_\w+|WGETRC|SSL_CERT_\w+|LD_\w+)$/;

/** Only FROM, other ARGs beside them and the stages that declare them again see those before the first FROM. */
function reportGlobals(
  globals: readonly ArgInstruction[],
  own: readonly ArgInstruction[],
  context: RuleContext,
): void {
  if (globals.length === 0) return;
  const used = new Set(own.flatMap(({ declarations }) => declarations.map(({ name }) => name.text)));
  for (const { from } of context.model.stages) {
    for (const word of [from.image, flagNamed(from, "platform")?.value]) {
      if (word !== undefined) for (const name of namesIn(word.text)) used.add(name);
    }
  }
  for (const name of namesInValues(globals)) used.add(name);
  for (const arg of globals) {
    for (const declaration of arg.declarations) {
      const { text } = declaration.name;
      if (used.has(text) || READ_BY_ALL.test(text)) continue;
      report(declaration, arg, "is taken without a word and changes nothing", context);
    }
  }
}

function report(
  { name }: ArgDeclaration,
  instruction: ArgInstruction,
  effect: string,
  context: RuleContext,
): void {
  context.report({
    at: name.span,
    instruction,
    message: `Nothing uses the ARG ${name.text}: --build-arg ${name.text}=… ${effect}; remove it.`,
  });
}

/** The variables that ARGs take their values from. */
function namesInValues(args: readonly ArgInstruction[]): Set<string> {
  const values = args.flatMap(({ declarations }) => declarations.flatMap(({ value }) => value ?? []));
  return new Set(values.flatMap(({ text }) => namesIn(text)));
}

function namesIn(text: string): string[] {
  if (!text.includes("$")) return [];
  return [...text.matchAll(/\$\{?([A-Za-z_]\w*)/g)].map(([, name = ""]) => name);
}
