import { defineConfig, type UserConfig } from "tsdown";

const config: UserConfig = defineConfig({
  entry: {
    index: "src/index.ts",
    dockerignore: "src/build-context/dockerignore.ts",
    credentials: "src/auth/docker-config.ts",
  },
  format: ["esm", "cjs"],
  platform: "node",
  target: "node20",
  dts: { oxc: true },
  logLevel: "warn",
});
export default config;
