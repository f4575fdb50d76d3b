import { defineRule, dockerfile, type Rule, type RuleContext, type RuleDocs } from "../linter/rule.ts";
import { optionOf, programsOf, readCommandLine } from "../shell/commands.ts";
import type { Dockerfile, UserInstruction } from "../syntax/nodes.ts";

/** Users of images that everybody has, with their ids. */
const KNOWN: ReadonlyMap<string, string> = new Map([
  ["node", "1000"],
  ["nonroot", "65532"],
  ["nobody", "65534"],
]);
const ADDERS = {
  short: "ugGdcskKbefRPphDS",
  long: ["uid", "gid", "home", "shell", "comment", "ingroup", "groups"],
};

export const rule: Rule = defineRule({
  code: "DFL503",
  name: "user-named",
  aliases: ["DL3066"],
  category: "user",
  severity: { recommended: "off", strict: "info", hadolint: "info" },
  scope: "shipped",
  summary: "USER names a user, where the number would say more",
  docs: (): RuleDocs => ({
    why: `
      A name says nothing to whoever runs the image: Kubernetes refuses a container with \`runAsNonRoot\` whose USER is
      a name, because only the image's \`/etc/passwd\` knows whether that is root. In volumes, too, files belong to
      numbers. \`USER 10001\` is as good for the process, and everybody can read it.

      Where nobody runs it that way, the name is easier to read.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM debian:12-slim
          RUN useradd --no-log-init -u 10001 app
          USER ⟦app⟧
        `,
      },
      {
        title: "The last one counts; its group may have a name.",
        dockerfile: dockerfile`
          FROM node:20-slim
          USER node
          RUN npm ci
          USER ⟦node⟧:node
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM debian:12-slim
          RUN useradd --no-log-init -u 10001 app
          USER app
          RUN make
          USER 10001:app
        `,
      },
      {
        title: "Whoever builds it chooses the user; root is another rule's business.",
        dockerfile: dockerfile`
          FROM debian:12-slim AS build
          USER builder
          FROM debian:12-slim
          ARG APP_USER=app
          USER $APP_USER
        `,
      },
      {
        dockerfile: dockerfile`
          FROM debian:12-slim
          USER root
        `,
      },
    ],
  }),
  visit: {
    USER(user, context) {
      const name = context.compat === "hadolint" ? nameForHadolint(user, context) : nameIn(user, context);
      if (name === undefined || user.user === undefined) return;
      // hadolint reports every USER, however many there are.
      const id = name === "root" ? "0" : context.compat === undefined ? idOf(name, context) : undefined;
      context.report({
        at: user.user.spanOf(0, user.user.text.split(":")[0]?.length ?? 0),
        message: `Only this image's list of users says who ${name} is, so that Kubernetes cannot tell whether it is root (runAsNonRoot); write the number${id === undefined ? ", which id -u shows" : `: ${id}`}.`,
      });
    },
  },
});

function nameIn(user: UserInstruction, { model, stage }: RuleContext): string | undefined {
  if (user.user === undefined || stage === undefined || user.onbuild !== undefined) return undefined;
  if (stage !== model.target || stage.end.user?.instruction !== user) return undefined;
  const { value, uses } = model.expand(user.user, user);
  const state = model.state(user);
  if (value === undefined || uses.some(({ name }) => state.variable(name)?.kind === "arg")) return undefined;
  const [name = ""] = value.split(":");
  return /^\d*$/.test(name) || name === "root" || stage.image.family === "windows" ? undefined : name;
}

/** hadolint takes any USER, and lets a variable pass if an ARG above has its name. */
function nameForHadolint(
  user: UserInstruction,
  { dockerfile: file, model }: RuleContext,
): string | undefined {
  if (user.user === undefined || user.onbuild !== undefined) return undefined;
  const [name = ""] = user.user.text.replace(/["']/g, "").split(":");
  if (/^\d+$/.test(name)) return undefined;
  const used = new Set(model.expand(user.user, user).uses.map((use) => use.name));
  if (used.size === 0) return name;
  const places = firstArgs(file);
  const declared = [...used].some((one) => (places.get(one) ?? Infinity) < user.span.start);
  return declared ? undefined : name;
}

const argPlaces = new WeakMap<Dockerfile, ReadonlyMap<string, number>>();

/** Where the first ARG of each name stands. */
function firstArgs(file: Dockerfile): ReadonlyMap<string, number> {
  const known = argPlaces.get(file);
  if (known !== undefined) return known;
  const places = new Map<string, number>();
  for (const one of file.instructions) {
    if (one.keyword !== "ARG") continue;
    for (const { name } of one.declarations)
      if (!places.has(name.text)) places.set(name.text, one.span.start);
  }
  argPlaces.set(file, places);
  return places;
}

/** The number that the stage gave the user, or that everybody knows. */
function idOf(name: string, context: RuleContext): string | undefined {
  for (let stage = context.stage; stage !== undefined; stage = stage.base.stage) {
    for (const instruction of stage.instructions) {
      const script = instruction.keyword === "RUN" ? context.script(instruction) : undefined;
      for (const { name: program, args } of script === undefined ? [] : programsOf(script)) {
        if (program !== "useradd" && program !== "adduser") continue;
        const line = readCommandLine(args, ADDERS);
        const id = optionOf(line, "-u", "--uid")?.value;
        if (id !== undefined && line.operands.some(({ value }) => value === name)) return id;
      }
    }
  }
  return KNOWN.get(name);
}
