import { defineRule, dockerfile, type Rule, type RuleDocs } from "../linter/rule.ts";

const FORBIDDEN: ReadonlySet<string> = new Set(["FROM", "MAINTAINER", "ONBUILD"]);

export const rule: Rule = defineRule({
  code: "DFL907",
  name: "onbuild-forbidden",
  aliases: ["DL3043"],
  category: "syntax",
  severity: { recommended: "error", hadolint: "error", buildkit: "error" },
  scope: "all",
  onbuild: false,
  summary: "ONBUILD holds FROM, MAINTAINER or another ONBUILD",
  docs: (): RuleDocs => ({
    why: `
      What ONBUILD holds is run right after the FROM of whoever builds on this image. That can be neither another
      FROM, nor an ONBUILD for a third image, nor MAINTAINER: the builder stops. There is nothing to ignore.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM node:20-slim
          ONBUILD ⟦FROM⟧ alpine:3.20
          ONBUILD ⟦ONBUILD⟧ RUN npm ci
          ONBUILD ⟦maintainer⟧ Ada
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM node:20-slim
          ONBUILD COPY . /app
          ONBUILD RUN npm ci
        `,
      },
    ],
  }),
  visit: {
    ONBUILD(onbuild, context) {
      const name = onbuild.inner?.name ?? onbuild.args[0];
      const keyword = name?.text.toUpperCase();
      if (name === undefined || keyword === undefined || !FORBIDDEN.has(keyword)) return;
      const advice =
        keyword === "MAINTAINER"
          ? "write ONBUILD LABEL org.opencontainers.image.authors=… instead"
          : keyword === "ONBUILD"
            ? "write ONBUILD once"
            : "write it as an instruction of its own";
      context.report({
        at: name.span,
        message: `BuildKit refuses ${keyword} in an ONBUILD; ${advice}.`,
      });
    },
  },
});
