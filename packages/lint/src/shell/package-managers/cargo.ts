import type { ProgramCall } from "../program.ts";
import { optionOf, packageCall, packageWith, readSubcommand, words } from "./call.ts";
import type { PackageArgument, PackageCall, PackageManager } from "./call.ts";

const STYLE = {
  short: "FpjCZ",
  long: words(
    "version vers git branch tag rev path root index registry features target target-dir",
    "profile jobs bin example config color package manifest-path",
  ),
};

/** Rust's cargo, as far as it loads crates. */
export const cargo: PackageManager = {
  name: "cargo",
  tools: ["cargo"],
  cache: {
    directories: ["/usr/local/cargo/registry", "~/.cargo/registry", "~/.cargo/git", "/usr/local/cargo/git"],
    offOptions: [],
    offVariables: {},
    moveOptions: [],
    moveVariables: ["CARGO_HOME"],
  },
  read(call: ProgramCall): PackageCall {
    // `cargo +nightly install x`
    const args = call.args[0]?.prefix.startsWith("+") ? call.args.slice(1) : call.args;
    const line = readSubcommand(args, STYLE);
    const name = line.subcommand?.value ?? "";
    const installs = name === "install" || name === "binstall";
    const fetches = name === "fetch" || name === "build";
    const version = optionOf(line, "--version", "--vers", "--tag", "--rev");
    const remote = optionOf(line, "--git") !== undefined;
    const packages = installs
      ? line.rest.map((word): PackageArgument => {
          const found = packageWith(word, /@/, remote ? "remote" : "repository");
          return version && !found.constrained
            ? { ...found, version: version.value, constrained: true }
            : found;
        })
      : [];
    const action = installs || fetches ? "install" : "other";
    return packageCall(line, { manager: "cargo", tool: "cargo", call, action, packages, manifest: fetches });
  },
};
