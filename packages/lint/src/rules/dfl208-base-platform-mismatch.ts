import { defineRule, dockerfile, type Rule, type RuleDocs } from "../linter/rule.ts";
import { familyOf } from "../semantics/images/family.ts";
import type { ImageReference } from "../semantics/images/image-reference.ts";
import { architectureNamed, parsePlatform, type Platform } from "../semantics/images/platform.ts";
import { flagNamed } from "../syntax/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL208",
  name: "base-platform-mismatch",
  aliases: ["InvalidBaseImagePlatform"],
  category: "base",
  severity: "warning",
  scope: "reachable",
  engine: "read",
  summary: "The base image is for another platform than the stage",
  docs: (): RuleDocs => ({
    why: `
      The builder takes an image as it is: if it is for another system or architecture than the stage, the first RUN
      stops with \`exec format error\`, or runs under emulation, and the result carries the wrong platform.

      The platform of an image is told by its name as far as it goes: \`arm64v8/alpine\`, \`static:nonroot-amd64\`,
      \`nanoserver\`. That of the stage is \`--platform\` of its FROM, or else the platform that dflint was told to
      assume. Take the image without an architecture in its name: the builder picks the right one of its list.
    `,
    engine: `
      An image that was built or loaded there, and so is in no registry for other platforms, is judged by its configuration;
      a stage of no platform is for the engine's own.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM --platform=linux/amd64 ⟦arm64v8/alpine:3.20⟧
        `,
      },
      {
        dockerfile: dockerfile`
          FROM --platform=linux/arm64 ⟦gcr.io/distroless/static-debian12:nonroot-amd64⟧
        `,
      },
      {
        title: "Another system.",
        dockerfile: dockerfile`
          FROM --platform=linux/amd64 ⟦mcr.microsoft.com/windows/nanoserver:ltsc2022⟧
        `,
      },
      {
        title: "The engine tells what the image is for.",
        dockerfile: dockerfile`
          FROM --platform=linux/arm64 ⟦tools:1⟧
        `,
        engine: { images: { "tools:1": { platform: "linux/amd64", isPulled: false } } },
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM --platform=linux/arm64 arm64v8/alpine:3.20
        `,
      },
      {
        dockerfile: dockerfile`
          FROM --platform=linux/amd64 alpine:3.20
        `,
      },
      {
        title: "Nobody knows what it is built for.",
        dockerfile: dockerfile`
          FROM arm64v8/alpine:3.20
        `,
      },
      {
        title: "The name misleads.",
        dockerfile: dockerfile`
          FROM --platform=linux/amd64 arm64v8/alpine:3.20
        `,
        engine: { images: { "arm64v8/alpine:3.20": { platform: "linux/amd64", isPulled: false } } },
      },
    ],
  }),
  visit: {
    FROM(from, context) {
      const { model } = context;
      const stage = model.stageOf(from);
      const reference = stage?.base.reference;
      if (stage === undefined || reference === undefined || from.image === undefined) return;
      const { facts } = stage.image;
      const told = facts?.isPulled === false ? parsePlatform(facts.platform) : undefined;
      const named = told ?? platformOf(reference);
      if (named === undefined) return;
      const asked =
        flagNamed(from, "platform") === undefined
          ? (model.state(from).variable("TARGETPLATFORM")?.value ?? (told && context.engine?.platform))
          : stage.platform;
      const wanted = asked === undefined ? undefined : parsePlatform(asked);
      if (asked === undefined || wanted === undefined || agree(wanted, named)) return;
      const is = named.architecture === undefined ? named.os : `${named.os}/${named.architecture}`;
      context.report({
        at: from.image.span,
        message: `${reference.text} is for ${is}${told === undefined ? " by its name" : ""}, and the stage for ${asked}; take the image for ${asked}${told === undefined ? ", or its name without an architecture" : ""}.`,
        evidence: told && facts ? [`The image is for ${facts.platform}: ${facts.source}.`] : [],
      });
    },
  },
});

/** What the name of an image says about its platform. */
function platformOf(reference: ImageReference): Platform | undefined {
  const { repository, registry, tag, name } = reference;
  if (familyOf(reference) === "windows") return { os: "windows", architecture: undefined };
  const [owner = ""] = repository.split("/");
  const architecture =
    (registry === "docker.io" && !owner.includes("-") ? lastWord(owner) : undefined) ??
    lastWord(tag) ??
    lastWord(name);
  return architecture === undefined ? undefined : { os: "linux", architecture };
}

function lastWord(text: string | undefined): string | undefined {
  const word = /(?:^|[-_.])(x86_64|[a-z]+\d[a-z0-9]*|[is]?3\d\dx?|armhf|aarch64)$/.exec(text ?? "")?.[1];
  return word === undefined ? undefined : architectureNamed(word);
}

function agree(wanted: Platform, named: Platform): boolean {
  if (wanted.os !== named.os) return false;
  const { architecture } = named;
  return (
    architecture === undefined || wanted.architecture === undefined || architecture === wanted.architecture
  );
}
