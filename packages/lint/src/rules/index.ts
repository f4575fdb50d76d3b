// made by `npm run generate` from the rules; not to be edited
import type { Rule } from "../linter/rule.ts";
import { rule as dfl101 } from "./dfl101-cache-copy-before-install.ts";
import { rule as dfl102 } from "./dfl102-cache-volatile-value-early.ts";
import { rule as dfl103 } from "./dfl103-apt-update-alone.ts";
import { rule as dfl104 } from "./dfl104-delete-in-later-layer.ts";
import { rule as dfl105 } from "./dfl105-chmod-copies-layer.ts";
import { rule as dfl106 } from "./dfl106-run-merge.ts";
import { rule as dfl107 } from "./dfl107-cache-order-by-history.ts";
import { rule as dfl201 } from "./dfl201-base-untagged.ts";
import { rule as dfl202 } from "./dfl202-base-latest.ts";
import { rule as dfl203 } from "./dfl203-base-digest.ts";
import { rule as dfl204 } from "./dfl204-platform-constant.ts";
import { rule as dfl205 } from "./dfl205-platform-redundant.ts";
import { rule as dfl206 } from "./dfl206-registry-untrusted.ts";
import { rule as dfl207 } from "./dfl207-base-slimmer.ts";
import { rule as dfl208 } from "./dfl208-base-platform-mismatch.ts";
import { rule as dfl209 } from "./dfl209-base-end-of-life.ts";
import { rule as dfl301 } from "./dfl301-stage-duplicate.ts";
import { rule as dfl302 } from "./dfl302-stage-reserved.ts";
import { rule as dfl303 } from "./dfl303-stage-casing.ts";
import { rule as dfl304 } from "./dfl304-copy-from-unknown.ts";
import { rule as dfl305 } from "./dfl305-copy-from-self.ts";
import { rule as dfl306 } from "./dfl306-stage-unreachable.ts";
import { rule as dfl307 } from "./dfl307-build-tools-shipped.ts";
import { rule as dfl308 } from "./dfl308-copy-whole-filesystem.ts";
import { rule as dfl309 } from "./dfl309-stage-cycle.ts";
import { rule as dfl401 } from "./dfl401-apk-no-cache.ts";
import { rule as dfl402 } from "./dfl402-pip-no-cache.ts";
import { rule as dfl403 } from "./dfl403-npm-cache.ts";
import { rule as dfl405 } from "./dfl405-apt-lists.ts";
import { rule as dfl406 } from "./dfl406-yum-dnf-zypper-clean.ts";
import { rule as dfl407 } from "./dfl407-yarn-cache.ts";
import { rule as dfl408 } from "./dfl408-apt-recommends.ts";
import { rule as dfl409 } from "./dfl409-cache-mount-missing.ts";
import { rule as dfl411 } from "./dfl411-install-noninteractive.ts";
import { rule as dfl412 } from "./dfl412-apt-command.ts";
import { rule as dfl413 } from "./dfl413-curl-and-wget.ts";
import { rule as dfl414 } from "./dfl414-wget-progress.ts";
import { rule as dfl415 } from "./dfl415-system-upgrade.ts";
import { rule as dfl416 } from "./dfl416-curl-unchecked.ts";
import { rule as dfl417 } from "./dfl417-development-dependencies.ts";
import { rule as dfl419 } from "./dfl419-package-order.ts";
import { rule as dfl421 } from "./dfl421-pin-apt.ts";
import { rule as dfl422 } from "./dfl422-pin-apk.ts";
import { rule as dfl423 } from "./dfl423-pin-pip.ts";
import { rule as dfl424 } from "./dfl424-pin-npm.ts";
import { rule as dfl425 } from "./dfl425-pin-gem.ts";
import { rule as dfl426 } from "./dfl426-pin-go.ts";
import { rule as dfl427 } from "./dfl427-pin-yum.ts";
import { rule as dfl428 } from "./dfl428-pin-dnf.ts";
import { rule as dfl429 } from "./dfl429-pin-zypper.ts";
import { rule as dfl431 } from "./dfl431-add-local.ts";
import { rule as dfl432 } from "./dfl432-add-remote-unverified.ts";
import { rule as dfl433 } from "./dfl433-copy-then-extract.ts";
import { rule as dfl434 } from "./dfl434-copy-multi-dir.ts";
import { rule as dfl436 } from "./dfl436-copy-link.ts";
import { rule as dfl501 } from "./dfl501-user-missing.ts";
import { rule as dfl502 } from "./dfl502-user-root-last.ts";
import { rule as dfl503 } from "./dfl503-user-named.ts";
import { rule as dfl504 } from "./dfl504-copy-ownership.ts";
import { rule as dfl505 } from "./dfl505-sudo.ts";
import { rule as dfl506 } from "./dfl506-useradd-log-init.ts";
import { rule as dfl507 } from "./dfl507-world-writable.ts";
import { rule as dfl508 } from "./dfl508-pipe-to-shell.ts";
import { rule as dfl509 } from "./dfl509-user-unknown.ts";
import { rule as dfl510 } from "./dfl510-setuid.ts";
import { rule as dfl511 } from "./dfl511-secret-name.ts";
import { rule as dfl512 } from "./dfl512-secret-value.ts";
import { rule as dfl513 } from "./dfl513-secret-left-in-layer.ts";
import { rule as dfl601 } from "./dfl601-dockerignore-missing.ts";
import { rule as dfl602 } from "./dfl602-dockerignore-git.ts";
import { rule as dfl603 } from "./dfl603-dockerignore-secrets.ts";
import { rule as dfl604 } from "./dfl604-dockerignore-node-modules.ts";
import { rule as dfl605 } from "./dfl605-copy-ignored.ts";
import { rule as dfl606 } from "./dfl606-dockerignore-dead-pattern.ts";
import { rule as dfl607 } from "./dfl607-dockerignore-comment.ts";
import { rule as dfl608 } from "./dfl608-copy-missing-source.ts";
import { rule as dfl609 } from "./dfl609-dockerignore-invalid.ts";
import { rule as dfl701 } from "./dfl701-undefined-variable.ts";
import { rule as dfl702 } from "./dfl702-undefined-arg-in-from.ts";
import { rule as dfl703 } from "./dfl703-arg-default-invalid-from.ts";
import { rule as dfl704 } from "./dfl704-global-arg-not-redeclared.ts";
import { rule as dfl705 } from "./dfl705-arg-shadowed-by-env.ts";
import { rule as dfl706 } from "./dfl706-env-same-instruction.ts";
import { rule as dfl707 } from "./dfl707-legacy-key-value.ts";
import { rule as dfl708 } from "./dfl708-arg-unused.ts";
import { rule as dfl709 } from "./dfl709-double-equals.ts";
import { rule as dfl801 } from "./dfl801-expose-invalid.ts";
import { rule as dfl802 } from "./dfl802-multiple-cmd.ts";
import { rule as dfl803 } from "./dfl803-multiple-entrypoint.ts";
import { rule as dfl804 } from "./dfl804-exec-form.ts";
import { rule as dfl806 } from "./dfl806-invalid-json-form.ts";
import { rule as dfl807 } from "./dfl807-multiple-healthcheck.ts";
import { rule as dfl810 } from "./dfl810-maintainer-deprecated.ts";
import { rule as dfl811 } from "./dfl811-label-key.ts";
import { rule as dfl812 } from "./dfl812-label-schema.ts";
import { rule as dfl813 } from "./dfl813-label-duplicate.ts";
import { rule as dfl815 } from "./dfl815-expose-proto-case.ts";
import { rule as dfl816 } from "./dfl816-expose-unused.ts";
import { rule as dfl817 } from "./dfl817-healthcheck-missing.ts";
import { rule as dfl818 } from "./dfl818-stopsignal-kill.ts";
import { rule as dfl820 } from "./dfl820-workdir-relative.ts";
import { rule as dfl821 } from "./dfl821-run-cd.ts";
import { rule as dfl822 } from "./dfl822-copy-relative-no-workdir.ts";
import { rule as dfl830 } from "./dfl830-pipefail.ts";
import { rule as dfl831 } from "./dfl831-shell-symlink.ts";
import { rule as dfl832 } from "./dfl832-useless-command.ts";
import { rule as dfl833 } from "./dfl833-comment-eats-continuation.ts";
import { rule as dfl834 } from "./dfl834-heredoc-no-errexit.ts";
import { rule as dfl835 } from "./dfl835-shell-missing.ts";
import { rule as dfl836 } from "./dfl836-windows-unsupported.ts";
import { rule as dfl837 } from "./dfl837-powershell-errors.ts";
import { rule as dfl838 } from "./dfl838-heredoc-carriage-return.ts";
import { rule as dfl840 } from "./dfl840-shellcheck.ts";
import { rule as dfl901 } from "./dfl901-syntax-error.ts";
import { rule as dfl902 } from "./dfl902-unknown-instruction.ts";
import { rule as dfl903 } from "./dfl903-unknown-flag.ts";
import { rule as dfl904 } from "./dfl904-empty-continuation.ts";
import { rule as dfl905 } from "./dfl905-keyword-casing.ts";
import { rule as dfl906 } from "./dfl906-first-instruction.ts";
import { rule as dfl907 } from "./dfl907-onbuild-forbidden.ts";
import { rule as dfl908 } from "./dfl908-engine-too-old.ts";
import { rule as dfl909 } from "./dfl909-misplaced-check-directive.ts";
import { rule as dfl910 } from "./dfl910-unused-ignore.ts";
import { rule as dfl911 } from "./dfl911-definition-description.ts";
import { rule as dfl912 } from "./dfl912-inline-ignore.ts";
import { rule as dfl913 } from "./dfl913-syntax-directive.ts";

/** Every rule, in order of its code. */
export const rules: readonly Rule[] = [
  dfl101,
  dfl102,
  dfl103,
  dfl104,
  dfl105,
  dfl106,
  dfl107,
  dfl201,
  dfl202,
  dfl203,
  dfl204,
  dfl205,
  dfl206,
  dfl207,
  dfl208,
  dfl209,
  dfl301,
  dfl302,
  dfl303,
  dfl304,
  dfl305,
  dfl306,
  dfl307,
  dfl308,
  dfl309,
  dfl401,
  dfl402,
  dfl403,
  dfl405,
  dfl406,
  dfl407,
  dfl408,
  dfl409,
  dfl411,
  dfl412,
  dfl413,
  dfl414,
  dfl415,
  dfl416,
  dfl417,
  dfl419,
  dfl421,
  dfl422,
  dfl423,
  dfl424,
  dfl425,
  dfl426,
  dfl427,
  dfl428,
  dfl429,
  dfl431,
  dfl432,
  dfl433,
  dfl434,
  dfl436,
  dfl501,
  dfl502,
  dfl503,
  dfl504,
  dfl505,
  dfl506,
  dfl507,
  dfl508,
  dfl509,
  dfl510,
  dfl511,
  dfl512,
  dfl513,
  dfl601,
  dfl602,
  dfl603,
  dfl604,
  dfl605,
  dfl606,
  dfl607,
  dfl608,
  dfl609,
  dfl701,
  dfl702,
  dfl703,
  dfl704,
  dfl705,
  dfl706,
  dfl707,
  dfl708,
  dfl709,
  dfl801,
  dfl802,
  dfl803,
  dfl804,
  dfl806,
  dfl807,
  dfl810,
  dfl811,
  dfl812,
  dfl813,
  dfl815,
  dfl816,
  dfl817,
  dfl818,
  dfl820,
  dfl821,
  dfl822,
  dfl830,
  dfl831,
  dfl832,
  dfl833,
  dfl834,
  dfl835,
  dfl836,
  dfl837,
  dfl838,
  dfl840,
  dfl901,
  dfl902,
  dfl903,
  dfl904,
  dfl905,
  dfl906,
  dfl907,
  dfl908,
  dfl909,
  dfl910,
  dfl911,
  dfl912,
  dfl913,
];
