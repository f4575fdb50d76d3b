import { defineRule, dockerfile, type Rule, type RuleDocs } from "../linter/rule.ts";
import { cacheSurroundings } from "../semantics/packages/cache-surroundings.ts";
import { startedBelow } from "../semantics/packages/cache-readers.ts";
import { addArgument } from "../shell/edits/add-argument.ts";
import { cacheEscape } from "../shell/package-managers/cache-escape.ts";
import { callName, callSpan, callWithPackages } from "../shell/package-managers/call-words.ts";
import { optionOf, packageCallOf, packageCallsOf, type PackageCall } from "../shell/commands.ts";
import { firstCallForHadolint } from "../shell/package-managers/hadolint-calls.ts";
import { hasArgument, hasFlag, type HadolintCommand } from "../shell/hadolint-command.ts";
import type { Script } from "../shell/nodes.ts";
import { clearsAfter } from "../shell/removed-paths.ts";
import type { Edit } from "../source/edit.ts";
import type { SourceFile } from "../source/source-file.ts";

const INDEX = "/var/cache/apk";

export const rule: Rule = defineRule({
  code: "DFL401",
  name: "apk-no-cache",
  aliases: ["DL3019"],
  category: "layers",
  severity: { recommended: "warning", hadolint: "info" },
  scope: "shipped",
  fix: "safe",
  summary: "apk leaves its package index in the layer",
  docs: (): RuleDocs => ({
    why: `
      Without \`--no-cache\`, apk keeps the index of the repositories in \`/var/cache/apk\`: two to three megabytes, on
      a base image of eight. It is stale as soon as the image is built, so nobody can use it later. With
      \`--no-cache\` apk loads the index for this one call and needs no \`apk update\` before it.

      Deleting \`/var/cache/apk\` in the same RUN does as well, and so does a cache mount over it.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM alpine:3.20
          RUN ⟦apk add⟧ curl
        `,
        fixed: dockerfile`
          FROM alpine:3.20
          RUN apk add --no-cache curl
        `,
      },
      {
        title: "`--update` is part of what `--no-cache` does.",
        dockerfile: dockerfile`
          FROM alpine:3.20
          RUN set -eux \
              # certificates for the download below
              && ⟦apk add⟧ --update ca-certificates \
              && wget -qO /bin/tool https://example.org/tool
        `,
        fixed: dockerfile`
          FROM alpine:3.20
          RUN set -eux \
              # certificates for the download below
              && apk add --no-cache ca-certificates \
              && wget -qO /bin/tool https://example.org/tool
        `,
      },
      {
        title: "`apk update` writes the index that `--no-cache` avoids.",
        dockerfile: dockerfile`
          FROM alpine:3.20
          RUN ⟦apk update⟧ && apk add --no-cache curl
        `,
        fixed: dockerfile`
          FROM alpine:3.20
          RUN apk add --no-cache curl
        `,
      },
      {
        title: "In a heredoc.",
        dockerfile: dockerfile`
          FROM alpine:3.20
          RUN <<EOF
            set -e
            ⟦apk add⟧ git
          EOF
        `,
        fixed: dockerfile`
          FROM alpine:3.20
          RUN <<EOF
            set -e
            apk add --no-cache git
          EOF
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM alpine:3.20
          RUN apk add --no-cache curl
        `,
      },
      {
        title: "Without a network no index is loaded.",
        dockerfile: dockerfile`
          FROM alpine:3.20
          RUN apk add --no-cache --virtual .build gcc \
              && runDeps="$(scanelf --needed --recursive /usr/local)" \
              && apk add --no-network --virtual .run $runDeps \
              && apk del --no-network .build
        `,
      },
      {
        title: "What is deleted in the same RUN is in no layer.",
        dockerfile: dockerfile`
          FROM alpine:3.20
          RUN apk update && apk add curl && rm -rf /var/cache/apk/*
        `,
      },
      {
        dockerfile: dockerfile`
          FROM alpine:3.20
          RUN --mount=type=cache,target=/var/cache/apk apk add curl
        `,
      },
      {
        title: "Nothing of this stage is shipped but what is copied.",
        dockerfile: dockerfile`
          FROM alpine:3.20 AS build
          RUN apk add gcc
          FROM scratch
          COPY --from=build /app /app
        `,
      },
    ],
  }),
  visit: {
    RUN(run, context) {
      const script = context.script(run);
      if (script === undefined) return;
      const calls = packageCallsOf(script).filter(({ manager }) => manager === "apk");
      if (calls.length === 0) return;
      const around = cacheSurroundings(run, script, context.model);
      const lastClean = calls.findLast(({ action }) => action === "clean")?.call.command.index ?? -1;
      // From the end, so that the next install is known; reported in order.
      let later: PackageCall | undefined;
      const next = new Map<PackageCall, PackageCall | undefined>();
      for (const call of calls.toReversed()) {
        next.set(call, later);
        if (call.action === "install") later = call;
      }
      const only = context.compat === "hadolint" ? firstCallForHadolint(script, addsForHadolint) : undefined;
      for (const call of calls) {
        if (call.action !== "install" && call.action !== "refresh" && call.action !== "upgrade") continue;
        if (context.compat === "hadolint") {
          if (call !== only || around.mounts.some((target) => target.includes(INDEX))) continue;
        } else if (cacheEscape(call, around) !== undefined) continue;
        else if (clearsAfter(script, call.call.command.index, INDEX) || lastClean > call.call.command.index)
          continue;
        const { start } = call.call.command.span;
        // Without an index, apk upgrade does nothing and apk search finds nothing.
        const isNeeded = readsIndexBelow(start, context.model.stageOf(run), context);
        const edit =
          call.action === "install" ? addNoCache(call, isNeeded, script, context.source) : undefined;
        const removal =
          call.action === "refresh" && !isNeeded ? removeUpdate(call, next.get(call)) : undefined;
        const loses = removal !== undefined && context.source.slice(removal.span).includes("#");
        context.report({
          at: callSpan(call),
          message:
            call.action === "refresh"
              ? `${callName(call)} leaves the package index in the layer (2 to 3 MB), and apk add --no-cache needs none; leave it out.`
              : `${callWithPackages(call)} leaves the package index in the layer (2 to 3 MB that nobody uses again); call apk with --no-cache.`,
          fixes:
            edit !== undefined
              ? [{ title: "Add --no-cache", edits: [edit] }]
              : removal !== undefined && !loses
                ? [{ title: "Leave out apk update", edits: [removal] }]
                : [],
        });
      }
    },
  },
});

const readsIndexBelow = startedBelow((program) => {
  const call = packageCallOf(program);
  if (call?.manager !== "apk" || optionOf(call, "--no-cache", "--update", "--update-cache", "-U"))
    return false;
  return (
    ["install", "upgrade", "download"].includes(call.action) ||
    /^(?:search|list|policy|query|dot)$/.test(call.subcommand?.value ?? "")
  );
});

function addsForHadolint(command: HadolintCommand): boolean {
  return command.name === "apk" && hasArgument(command, "add") && !hasFlag(command, "no-cache");
}

/** In the place of --update, which it implies, or after the subcommand. */
function addNoCache(
  call: PackageCall,
  isNeeded: boolean,
  script: Script,
  source: SourceFile,
): Edit | undefined {
  const update = optionOf(call, "--update", "--update-cache", "-U")?.word;
  if (update !== undefined && (update.value === "-U" || update.prefix.startsWith("--"))) {
    return isNeeded ? undefined : { span: update.span, newText: "--no-cache" };
  }
  return call.subcommand && addArgument(call.subcommand, "--no-cache", script, source);
}

/** Takes `apk update &&` away where the call that follows directly loads the index itself. */
function removeUpdate(call: PackageCall, later: PackageCall | undefined): Edit | undefined {
  const { command } = call.call;
  const next = later?.call.command;
  if (
    next === undefined ||
    next.index !== command.index + 1 ||
    command.after !== "&&" ||
    next.block !== command.block ||
    command.negated ||
    command.redirects.some(({ target }) => !/^(?:\/dev\/null|\d)$/.test(target?.value ?? "")) ||
    ["||", "|", "|&"].includes(command.before)
  ) {
    return undefined;
  }
  if (later === undefined || optionOf(later, "--no-cache") === undefined) return undefined;
  return { span: { start: command.span.start, end: next.span.start }, newText: "" };
}
