import { defineConfig, type UserConfig } from "tsdown";

const shared: UserConfig = {
  format: ["esm"],
  platform: "node",
  target: "node20",
  logLevel: "warn",
  // The hook and the library stand alone: nothing has to be installed beside them.
  noExternal: [/^(?:unbash|yaml)(?:\/|$)/, "docker-engine-sdk/dockerignore"],
};

const config: UserConfig[] = defineConfig([
  { ...shared, entry: { index: "src/index.ts" }, dts: { oxc: true } },
  // One file with lazy chunks; it is started often and shall start fast, so it is minified.
  {
    ...shared,
    entry: { cli: "src/cli/main.ts" },
    dts: false,
    minify: true,
    clean: false,
    outputOptions: { chunkFileNames: "cli/[name].mjs" },
  },
]);
export default config;
