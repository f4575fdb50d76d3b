import { defineConfig } from "vitest/config";

const conditions = ["source"];
const shared = { resolve: { conditions }, ssr: { resolve: { conditions } } };

export default defineConfig({
  test: {
    projects: [
      { ...shared, test: { name: "sdk", include: ["packages/sdk/src/**/*.test.ts"] } },
      { ...shared, test: { name: "lint", include: ["packages/lint/src/**/*.test.ts"] } },
      { ...shared, test: { name: "support", include: ["test/support/src/**/*.test.ts"] } },
    ],
  },
});
