import { defineRule, dockerfile, type Rule, type RuleContext, type RuleDocs } from "../linter/rule.ts";
import type { Expansion } from "../semantics/model.ts";
import { checkedTriggers } from "../semantics/stages/onbuild-triggers.ts";
import { portError } from "../semantics/refusals/ports.ts";
import type { Word } from "../syntax/nodes.ts";

const LAST_PORT = 65_535;

export const rule: Rule = defineRule({
  code: "DFL801",
  name: "expose-invalid",
  aliases: ["DL3011", "ExposeInvalidFormat"],
  category: "runtime",
  severity: { recommended: "error", hadolint: "error" },
  scope: "all",
  summary: "EXPOSE names no port, or more than one",
  docs: (): RuleDocs => ({
    why: `
      EXPOSE takes ports of the container: a number up to 65535 or a range, and \`/tcp\`, \`/udp\` or \`/sctp\`. Anything
      else stops the build. An address or a port of the host before it is read and thrown away, so that the
      file promises what nobody does: who starts the container chooses them, with \`docker run -p\`. BuildKit warns of it
      and means to refuse it.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM nginx:1.27
          EXPOSE ⟦80443⟧ 8080 ⟦http⟧
        `,
      },
      {
        title: "What `docker run -p` takes has no effect here.",
        dockerfile: dockerfile`
          FROM nginx:1.27
          EXPOSE ⟦8080:80⟧ ⟦127.0.0.1::443⟧
        `,
      },
      {
        title: "A comment is none at the end of a line; ranges go up; values of variables are looked at.",
        dockerfile: dockerfile`
          FROM nginx:1.27
          ENV PORT=808080
          EXPOSE ⟦$PORT⟧ ⟦90-80/udp⟧ ⟦53/dns⟧
          EXPOSE 443 ⟦#⟧ ⟦https⟧
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM nginx:1.27
          ARG PORT
          EXPOSE 80 443/tcp 53/udp 8000-8010 $PORT \${OTHER:-8080}
        `,
      },
    ],
  }),
  visit: {
    FROM(from, context) {
      // BuildKit reads what ONBUILD holds where it is triggered.
      const { compat, stage } = context;
      if (compat !== "buildkit" || stage === undefined) return;
      for (const trigger of checkedTriggers(stage)) {
        if (trigger.keyword !== "EXPOSE") continue;
        for (const port of trigger.ports) {
          for (const fault of faultsOf(port, stage.expandAtStart(port), context))
            context.report({ at: from.name.span, ...fault });
        }
      }
    },
    EXPOSE(expose, context) {
      if (context.compat === "hadolint" && expose.onbuild !== undefined) return;
      for (const port of expose.ports) {
        const found =
          context.compat === "hadolint"
            ? outOfRange(port)
            : faultsOf(port, context.model.expand(port, expose), context);
        for (const fault of found) context.report({ at: port.span, ...fault });
        // hadolint reports an instruction once.
        if (context.compat === "hadolint" && found.length > 0) return;
      }
    },
  },
});

interface Fault {
  readonly message: string;
  readonly aliases: readonly string[];
}

/** hadolint looks at numbers only, and at no variable, though it may be the other end of a range. */
function outOfRange({ text }: Word): Fault[] {
  const ends = /^(\d+|\$[^-]+)(?:-(\d+|\$[^-]+))?(?:\/\w*)?$/.exec(text)?.slice(1) ?? [];
  return ends.some((end) => Number(end ?? 0) > LAST_PORT)
    ? [{ aliases: ["DL3011"], message: `${text} is no port; write one from 0 to ${LAST_PORT}.` }]
    : [];
}

function faultsOf(port: Word, { words = [] }: Expansion, { compat }: RuleContext): Fault[] {
  for (const value of words) {
    const shown = value === port.text ? value : `${port.text} is ${value}, which`;
    const error = portError(value);
    const container = value.slice(value.lastIndexOf(":") + 1);
    const isOfHost = container !== value && !/^:*$/.test(value.slice(0, value.lastIndexOf(":") + 1));
    const format = {
      aliases: ["ExposeInvalidFormat"],
      message: `${shown} names an address or a port of the host, which EXPOSE drops; write EXPOSE ${container} and choose them with docker run -p ${value.split("/", 1)[0]}.`,
    };
    if (error !== undefined) {
      // What stops the build is no check of BuildKit's.
      const aliases = compat === "buildkit" ? [] : ["DL3011"];
      const advice = port.text.startsWith("#")
        ? "move the comment to a line of its own, since a # later in a line begins none"
        : `write a port from 0 to ${LAST_PORT}, such as 8080 or 8080/udp`;
      const stop = {
        aliases,
        message: `${shown} is no port, so the build stops here (${error}); ${advice}.`,
      };
      // BuildKit looks at the form first.
      return compat === "buildkit" && isOfHost ? [format, stop] : [stop];
    }
    if (isOfHost) return [format];
  }
  return [];
}
