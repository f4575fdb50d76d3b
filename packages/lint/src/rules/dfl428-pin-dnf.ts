import { looseVisitors } from "../linter/loose-visitors.ts";
import { defineRule, dockerfile, type Rule, type RuleDocs } from "../linter/rule.ts";
import { looseRpmMessage, looseRpms, looseRpmsForHadolint } from "../semantics/packages/rpm-packages.ts";

export const rule: Rule = defineRule({
  code: "DFL428",
  name: "pin-dnf",
  aliases: ["DL3041"],
  category: "packages",
  severity: { recommended: "off", strict: "warning", hadolint: "warning" },
  scope: "all",
  summary: "dnf installs packages without a version",
  docs: (): RuleDocs => ({
    why: `
      \`dnf install httpd\` takes what the repository holds on the day the layer is built, so two builds of one commit may
      differ. \`httpd-2.4.57\` says which version was tested; \`dnf list httpd\` shows it.

      It is off in \`recommended\`: a version that a repository drops breaks the build, and security updates come only
      when somebody changes the line.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM fedora:41
          RUN dnf install -y ⟦git⟧ rpm-sign-4.20.0 && dnf clean all
        `,
      },
      {
        title: "microdnf and dnf5 are no other.",
        dockerfile: dockerfile`
          FROM registry.access.redhat.com/ubi9/ubi-minimal:9.4
          RUN <<EOF
          set -e
          microdnf install -y --nodocs ⟦java-21-openjdk-headless⟧
          microdnf module install -y ⟦nodejs⟧
          microdnf clean all
          EOF
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM fedora:41
          RUN dnf install -y git-2.47.0-1.fc41 gcc-c++-14.2.1 openssl-1:3.2.2 && dnf clean all
        `,
      },
      {
        title: "Versions in variables, files, groups, streams.",
        dockerfile: dockerfile`
          FROM fedora:41
          ARG GIT_VERSION=2.47.0
          RUN V=14.2.1 && dnf -y install "git-core-\${GIT_VERSION}" gcc-$V /tmp/tool.rpm @development-tools
          RUN dnf group install -y "Development Tools" && dnf module install -y nodejs:20
        `,
      },
    ],
  }),
  visit: looseVisitors({
    looseIn: (script) => looseRpms(script, "dnf"),
    looseForHadolint: (script, run, model) => looseRpmsForHadolint(script, run, model, ["dnf", "microdnf"]),
    report: (loose) => ({ message: looseRpmMessage(loose) }),
  }),
});
