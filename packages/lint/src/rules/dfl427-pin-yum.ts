import { looseVisitors } from "../linter/loose-visitors.ts";
import { defineRule, dockerfile, type Rule, type RuleDocs } from "../linter/rule.ts";
import { looseRpmMessage, looseRpms, looseRpmsForHadolint } from "../semantics/packages/rpm-packages.ts";

export const rule: Rule = defineRule({
  code: "DFL427",
  name: "pin-yum",
  aliases: ["DL3033"],
  category: "packages",
  severity: { recommended: "off", strict: "warning", hadolint: "warning" },
  scope: "all",
  summary: "yum installs packages without a version",
  docs: (): RuleDocs => ({
    why: `
      \`yum install httpd\` takes what the repository holds on the day the layer is built, so two builds of one commit may
      differ. \`httpd-2.4.57\` says which version was tested; \`yum list httpd\` shows it.

      It is off in \`recommended\`: a version that a repository drops breaks the build, and security updates come only
      when somebody changes the line.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM almalinux:9
          RUN yum install -y ⟦httpd⟧ openssl-3.0.7 && yum clean all
        `,
      },
      {
        title: "A number in the name is no version; a module has streams.",
        dockerfile: dockerfile`
          FROM almalinux:8
          RUN yum -y --setopt=tsflags=nodocs install \
                  # the runtime
                  ⟦java-17-openjdk⟧ \
                  mod_ssl-2.4.37 \
              && yum module install -y ⟦nodejs⟧
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM almalinux:9
          RUN yum install -y httpd-2.4.57-5.el9 gcc-c++-11.4.1 openssl-1:3.0.7 && yum clean all
        `,
      },
      {
        title: "Versions in variables, files, URLs, groups, streams.",
        dockerfile: dockerfile`
          FROM almalinux:9
          ARG GIT_VERSION=2.43.0
          RUN yum install -y git-core-$GIT_VERSION ./tool.rpm https://example.org/release.rpm @development $MORE
          RUN yum groupinstall -y "Development Tools" && yum module install -y nodejs:20
        `,
      },
    ],
  }),
  visit: looseVisitors({
    looseIn: (script) => looseRpms(script, "yum"),
    looseForHadolint: (script, run, model) => looseRpmsForHadolint(script, run, model, ["yum"]),
    report: (loose) => ({ message: looseRpmMessage(loose) }),
  }),
});
