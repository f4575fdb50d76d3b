import { defineConfig, type UserConfig } from "tsdown";
import { bundledLicences } from "./scripts/bundled-licences.ts";
import { coreInAscii } from "./scripts/core-in-ascii.ts";
import { rulesWithoutDocs } from "./scripts/rules-without-docs.ts";

// Not named LICENCE: pnpm would take it for the one of the package, and leave that out.
const licences = bundledLicences("dist/THIRD-PARTY-NOTICES.txt");

const shared: UserConfig = {
  platform: "node",
  target: "node20",
  logLevel: "warn",
  plugins: [licences],
  // Workspace packages come from their sources: nothing else has to be built before.
  inputOptions: { resolve: { conditionNames: ["source", "import", "default"] } },
  // The hook and the library stand alone: nothing has to be installed beside them.
  deps: {
    alwaysBundle: [
      /^(?:d3-hierarchy|diff|get-east-asian-width|picomatch|unbash|yaml|spdx-license-ids|vscode-[a-z-]+)(?:\/|$)/,
      /^docker-engine-sdk\/(?:dockerignore|credentials)$/,
    ],
  },
};

/** What `dflint check` needs only now and then; the core is all else, and what that imports at once. */
const LAZY: readonly RegExp[] = [
  /\?docs$|\/package\.json$/,
  // Readers of YAML and globs, writers of diffs and tree maps, the language server, credentials.
  /\/(?:d3-hierarchy|diff|picomatch|yaml|vscode-[a-z-]+)\//,
  /\/sdk\/src\/(?!build-context\/)/,
  /\/src\/(?:lsp|builds|registry|engine|cache)\/(?:[^/]+\/)?[^/]+\.ts$/,
  /\/src\/linter\/(?:example|comments\/migrate-comments)\.ts$/,
  /\/src\/shellcheck\/(?!find-shellcheck|on-path)[^/]+\.ts$/,
  /\/src\/files\/glob\.ts$/,
  /\/src\/config\/(?:read-yaml|merge|hadolint|migrate-hadolint|schema)\.ts$/,
  // All formats but the usual one, all commands but the usual one.
  /\/src\/report\/(?:[^/]+\/)*(?!report\.|tty\.|colours\.|printable\.)[^/]+\.ts$/,
  /\/src\/cli\/(?:documented-rules|(?:completion|git|builds)\/[^/]+|commands\/(?!check\.)[^/]+)\.ts$/,
  /\/src\/cli\/(?:linting\/(?!check-)|reports\/(?!check-|outputs\.))[^/]+\.ts$/,
];

const config: UserConfig[] = defineConfig([
  { ...shared, format: "esm", entry: { index: "src/index.ts" }, dts: { oxc: true } },
  { ...shared, format: "esm", entry: { cli: "src/cli/main.ts" }, dts: false, clean: false, minify: true },
  {
    ...shared,
    format: "cjs", // only that can be loaded from compiled code
    entry: { program: "src/cli/run.ts", "lint-thread": "src/cli/linting/lint-thread.ts" },
    outDir: "dist/cli",
    dts: false,
    clean: false,
    minify: true, // it is read at every start
    plugins: [rulesWithoutDocs(), coreInAscii(), licences],
    outputOptions: {
      entryFileNames: "[name].cjs",
      chunkFileNames: "[name].cjs",
      codeSplitting: { groups: [{ name: "core", test: (id) => !LAZY.some((pattern) => pattern.test(id)) }] },
    },
  },
]);
export default config;
