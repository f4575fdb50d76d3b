import { defineRule, dockerfile, type Rule, type RuleContext, type RuleDocs } from "../linter/rule.ts";
import type { Stage } from "../semantics/model.ts";
import { layersFrom } from "../semantics/stages/stage-chain.ts";
import type { Span } from "../source/span.ts";
import type { ExposeInstruction, Word } from "../syntax/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL816",
  name: "expose-unused",
  category: "runtime",
  severity: "info",
  scope: "all",
  onbuild: false,
  engine: "read",
  summary: "EXPOSE has no effect: its stage does not ship, or the port is exposed already",
  docs: (): RuleDocs => ({
    why: `
      EXPOSE tells who runs the image which ports it serves; \`docker run -P\` and proxies that configure themselves go
      by it. In a stage that others only copy files from it tells nobody, and the image that ships may lack it. A port
      that is written twice makes readers look for the difference.

      Whether anything listens on the port at all, only a running container can tell. Nothing is said about
      a stage that nothing uses: it may be built by its name.
    `,
    engine: `
      What the base image exposes counts, too, where the engine has it. With \`--engine run\` a container of the image is
      started, without a network: a port that nothing listens on is reported, where something listens on another one.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM node:20-slim AS build
          EXPOSE ⟦3000⟧
          RUN npm run build
          FROM nginx:1.27
          COPY --from=build /dist /usr/share/nginx/html
        `,
      },
      {
        title: "Twice, also by the stage below.",
        dockerfile: dockerfile`
          FROM nginx:1.27 AS base
          EXPOSE 80 443 ⟦80/tcp⟧
          FROM base
          EXPOSE ⟦443⟧ 8080
        `,
      },
      {
        title: "The server was started, and listens elsewhere.",
        dockerfile: dockerfile`
          FROM node:20-slim
          EXPOSE ⟦8080⟧
          CMD ["node", "server.js"]
        `,
        engine: { listening: ["3000/tcp"] },
      },
      {
        title: "The base image exposes it.",
        dockerfile: dockerfile`
          FROM nginx:1.27
          EXPOSE ⟦80⟧ 8080
        `,
        engine: { images: { "nginx:1.27": { ports: ["80/tcp"] } } },
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM nginx:1.27 AS dev
          EXPOSE 9229
          FROM nginx:1.27
          EXPOSE 80 443/tcp 443/udp
        `,
      },
      {
        title: "A value that is not known may be any.",
        dockerfile: dockerfile`
          FROM nginx:1.27
          ARG PORT
          EXPOSE $PORT 80
        `,
      },
      {
        title: "A container that listens on nothing may lack its network.",
        dockerfile: dockerfile`
          FROM node:20-slim
          EXPOSE 8080
          CMD ["node", "server.js"]
        `,
        engine: { listening: [] },
      },
    ],
  }),
  visit: {
    file(_, context) {
      if (!context.model.has("EXPOSE")) return;
      const exposed = new Map<Stage, Ports>();
      for (const stage of context.model.stages) {
        const { base, reachable, shipped, name } = stage;
        const { public: published, dev } = context.settings.stages;
        const isTarget = name !== undefined && (published.includes(name) || dev.includes(name));
        // Every stage sees what those below expose, and most expose nothing.
        const { facts } = stage.image;
        const inherited =
          base.stage === undefined
            ? facts && { own: new Map(facts.ports.map((port) => [port, BASE_IMAGE])), below: undefined }
            : exposed.get(base.stage);
        let ports: Ports | undefined;
        for (const expose of stage.instructions) {
          if (expose.keyword !== "EXPOSE") continue;
          ports ??= { own: new Map(), below: inherited };
          for (const port of expose.ports) {
            const value = valueOf(port, expose, context);
            const line = value === undefined ? undefined : lineOf(value, ports);
            if (value !== undefined && line === undefined) ports.own.set(value, expose.startLine);
            const at = { at: port.span, stage, instruction: expose };
            if (reachable && !shipped && !isTarget) {
              context.report({
                ...at,
                message: `EXPOSE ${port.text} has no effect: other stages only copy from this one; move it to the stage that ships.`,
              });
            } else if (line === undefined) {
              reportDeaf(value, at, context);
            } else {
              const here = line === expose.startLine ? "in this line" : `in line ${line}`;
              const isOfBase = line === BASE_IMAGE && facts !== undefined;
              const place = isOfBase ? "by the base image" : here;
              context.report({
                ...at,
                evidence: isOfBase ? [`It exposes ${facts.ports.join(", ")}: ${facts.source}.`] : [],
                message: `Port ${value} is exposed already, ${place}; remove ${isOfBase ? "this one" : "one of them"}.`,
              });
            }
          }
        }
        if (ports !== undefined) exposed.set(stage, ports);
        else if (inherited !== undefined) exposed.set(stage, inherited);
      }
    },
  },
});

/** A port that nothing listens on, in a container where something listens on another one. */
function reportDeaf(
  port: string | undefined,
  at: { readonly at: Span; readonly stage: Stage; readonly instruction: ExposeInstruction },
  context: RuleContext,
): void {
  const listening = context.engine?.build?.listening;
  if (listening === undefined || port === undefined || context.compat !== undefined) return;
  if (!at.stage.shipped || listening.ports.length === 0 || isHeard(port, listening.ports)) return;
  context.report({
    ...at,
    message: `Nothing listens on port ${port} when a container is started, but on ${listening.ports.join(", ")}; expose what is served.`,
    evidence: [listening.evidence],
  });
}

/** Whether something listens on a port, or on one of a range. */
function isHeard(port: string, ports: readonly string[]): boolean {
  const [, first, last = first, protocol] = /^(\d+)(?:-(\d+))?\/(.*)$/.exec(port) ?? [];
  return ports.some((one) => {
    const [number, other] = one.split("/");
    return other === protocol && Number(number) >= Number(first) && Number(number) <= Number(last);
  });
}

/** Stands for the line of what the base image exposes. */
const BASE_IMAGE = 0;

/** The lines that expose ports, upon those of the stage below. */
interface Ports {
  readonly own: Map<string, number>;
  readonly below: Ports | undefined;
}

function lineOf(port: string, ports: Ports): number | undefined {
  return layersFrom<Ports>(ports)
    .find(({ own }) => own.has(port))
    ?.own.get(port);
}

/** The port with its protocol; undefined for several words, ranges of unknown ends and what is no port. */
function valueOf(port: Word, expose: ExposeInstruction, { model }: RuleContext): string | undefined {
  const { words } = model.expand(port, expose);
  const [word] = words ?? [];
  if (word === undefined || words?.length !== 1) return undefined;
  const [numbers = "", protocol = "tcp"] = word.toLowerCase().split("/");
  return /^\d+(?:-\d+)?$/.test(numbers) ? `${numbers}/${protocol}` : undefined;
}
