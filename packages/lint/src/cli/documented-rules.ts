/** The rules with their prose and examples: the build leaves those out of what linting loads, and keeps them here. */
export { rules as documentedRules } from "../rules/index.ts";
