// made by `pnpm generate` from the rules; not to be edited
import type { Rule } from "../linter/rule.ts";
import { rule as dfl601 } from "./dfl601-dockerignore-missing.ts";
import { rule as dfl602 } from "./dfl602-dockerignore-git.ts";
import { rule as dfl603 } from "./dfl603-dockerignore-secrets.ts";
import { rule as dfl604 } from "./dfl604-dockerignore-node-modules.ts";
import { rule as dfl810 } from "./dfl810-maintainer-deprecated.ts";
import { rule as dfl910 } from "./dfl910-unused-ignore.ts";

/** Every rule, in order of its code. */
export const rules: readonly Rule[] = [
  dfl601,
  dfl602,
  dfl603,
  dfl604,
  dfl810,
  dfl910,
];
