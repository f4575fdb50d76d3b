/**
 * Builds the program when npm installs a clone of this repository: pre-commit and the GitHub action do that. Run by the
 * root's `postinstall`, so plain JavaScript. It does nothing where there is nothing to build: in the packed
 * archive, which holds the built program, and under pnpm, with which one works on the project.
 */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const isClone = existsSync(`${root}pnpm-workspace.yaml`);
const isPnpm = (process.env.npm_config_user_agent ?? "").startsWith("pnpm/");

/** Settings of npm's that are meant for the clone itself, such as `--omit=dev`, must not reach the build. */
const KEPT = /^npm_config_(?:cache|registry|proxy|https_proxy|noproxy|cafile|ca|strict_ssl|store_dir)$/i;

function pnpm(...args) {
  const environment = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name) || KEPT.test(name));
  execFileSync("npx", ["--yes", "pnpm@10.34.9", "--filter", "dflint", ...args], {
    cwd: root,
    env: { ...Object.fromEntries(environment), npm_config_loglevel: "error", CI: "true" },
    // Nothing on standard output: npm's own is read by programs.
    stdio: ["ignore", 2, 2],
  });
}

if (isClone && !isPnpm) {
  pnpm("install", "--frozen-lockfile", "--prefer-offline", "--ignore-scripts", "--loglevel=error");
  pnpm("run", "build");
}
