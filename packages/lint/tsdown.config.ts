import { defineConfig, type UserConfig } from "tsdown";
import { builtinsByCall, rulesWithoutDocs } from "./scripts/cli-bundle.ts";

const shared: UserConfig = {
  format: ["esm"],
  platform: "node",
  target: "node20",
  logLevel: "warn",
  // Workspace packages come from their sources: nothing else has to be built before.
  inputOptions: { resolve: { conditionNames: ["source", "import", "default"] } },
  // The hook and the library stand alone: nothing has to be installed beside them.
  deps: { alwaysBundle: [/^(?:unbash|yaml)(?:\/|$)/, "docker-engine-sdk/dockerignore"] },
};

/** What `dflint check` needs only now and then: the YAML reader, the formats, the other commands. */
const LAZY =
  /\/src\/(?:linter\/example|config\/(?:read-yaml|merge|hadolint|schema)|report\/(?:compact|json|github|rule-page)|cli\/commands\/(?:explain|rules|config|config-values|init))\.ts$/;

const config: UserConfig[] = defineConfig([
  { ...shared, entry: { index: "src/index.ts" }, dts: { oxc: true } },
  {
    ...shared,
    entry: { cli: "src/cli/main.ts" },
    dts: false,
    plugins: [rulesWithoutDocs(), builtinsByCall()],
    clean: false,
    minify: true, // it is read at every start
    outputOptions: {
      chunkFileNames: "cli/[name].mjs",
      codeSplitting: {
        // One file for a usual run, instead of one for each module that several commands share.
        groups: [
          {
            name: "check",
            test: (id) =>
              !LAZY.test(id) &&
              !id.endsWith("?docs") &&
              !/\/yaml@|\/yaml\/|main\.ts$|package\.json$/.test(id),
          },
        ],
      },
    },
  },
]);
export default config;
